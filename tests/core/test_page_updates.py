"""Minor and major updates: chosen with a publication, listed on the page, followed by machines."""

import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry

from bhp_site.core.models import PageUpdate, User
from bhp_site.core.page_updates import NOTE_MISSING, NOTE_UNUSED, UpdateKind
from bhp_site.core.publishing.checklist import build_checklist
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.core.publishing.updates import major_update_published
from news.models import NewsPage

from ..admin_forms import get_messages, read_form, send
from ..factories import NewsPageFactory, add_update
from ..pages import get_html, get_schema_node

NOON = datetime.datetime(2030, 6, 1, 12, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
NOTE = "Added the names of the judges"
MAJOR = {"update_kind": "major", "update_note": NOTE}


@pytest.fixture
def news(news_index: Page) -> NewsPage:
    """An announcement that was published on 1 June 2030."""
    page = NewsPageFactory(parent=news_index, live=False, title="Awards")
    with time_machine.travel(NOON, tick=False):
        page.save_revision().publish()
    return NewsPage.objects.get(pk=page.pk)


def publish(page: Any, day: datetime.datetime, **changes: Any) -> None:
    """Publish the latest draft of `page` with `changes`."""
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    for name, value in changes.items():
        setattr(draft, name, value)
    with time_machine.travel(day, tick=False):
        draft.save_revision().publish()


def get_notes(page: Page) -> list[str]:
    return [update.note for update in PageUpdate.objects.filter(page=page.pk)]


def test_a_major_update_is_listed_and_the_next_one_is_minor_again(
    news: NewsPage, client: Client
) -> None:
    assert "All updates" not in get_html(client, news)
    publish(news, NOON + DAY, title="Awards won")
    assert "All updates" not in get_html(client, news)
    publish(news, NOON + 2 * DAY, **MAJOR)
    publish(news, NOON + 3 * DAY, title="Awards won twice")
    html = get_html(client, news)
    assert html.count(NOTE) == 2
    assert 'Updated <time datetime="2030-06-03">3 June 2030</time></strong>: ' + NOTE in html
    assert "First published." in html
    assert get_schema_node(html, "NewsArticle")["dateModified"] == "2030-06-03"
    publish(news, NOON + 4 * DAY, update_kind="major", update_note="Added a photograph")
    assert get_notes(news) == ["Added a photograph", NOTE]
    html = get_html(client, news)
    assert NOTE in html
    assert get_schema_node(html, "NewsArticle")["dateModified"] == "2030-06-05"


def test_a_correction_stays_at_the_top(news: NewsPage, client: Client) -> None:
    publish(news, NOON + DAY, update_kind="correction", update_note="Corrected the sum")
    publish(news, NOON + 2 * DAY, **MAJOR)
    html = get_html(client, news)
    assert "Correction, <time" in html
    assert html.index("Corrected the sum") < html.index("</header>", html.index("<article"))
    assert get_schema_node(html, "NewsArticle")["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "Corrected the sum",
            "datePublished": "2030-06-02",
        }
    ]


def test_the_sitemap_follows_major_updates_only(news: NewsPage, client: Client) -> None:
    def get_entry() -> str:
        text = client.get("/sitemap-pages.xml").text
        return text.partition(news.get_url())[2].partition("</url>")[0]

    publish(news, NOON + DAY, title="Awards won")
    assert "<lastmod>2030-06-01</lastmod>" in get_entry()
    publish(news, NOON + 2 * DAY, **MAJOR)
    assert "<lastmod>2030-06-03</lastmod>" in get_entry()


def test_updates_need_no_query_of_their_own(news: NewsPage, client: Client) -> None:
    client.get(news.get_url())
    with CaptureQueriesContext(
        connection,
    ) as before:
        client.get(news.get_url())
    add_update(news, "2030-06-03", NOTE)
    with CaptureQueriesContext(connection) as after:
        assert NOTE in client.get(news.get_url()).text
    assert len(after) == len(before)


def test_publishing_an_earlier_version_keeps_the_updates(news: NewsPage) -> None:
    first = news.get_latest_revision()
    publish(news, NOON + DAY, **MAJOR)
    major = news.revisions.latest("pk")
    with time_machine.travel(NOON + 2 * DAY, tick=False):
        first.publish()
        # The version that was published with the note is not another major update.
        major.publish()
    assert get_notes(news) == [NOTE]


def test_a_draft_that_was_begun_before_does_not_repeat_the_note(news: NewsPage) -> None:
    draft = news.get_latest_revision_as_object()
    draft.update_kind, draft.update_note = UpdateKind.MAJOR, NOTE
    major = draft.save_revision()
    draft.title = "Further work"
    draft.save_revision()
    with time_machine.travel(NOON + DAY, tick=False):
        major.publish()
    publish(news, NOON + 2 * DAY)
    assert get_notes(news) == [NOTE]


def test_a_scheduled_update_is_recorded_at_its_time(news: NewsPage) -> None:
    publish(news, NOON, go_live_at=NOON + DAY, **MAJOR)
    assert get_notes(news) == []
    with time_machine.travel(NOON + DAY, tick=False):
        assert publish_due() == 1
    (update,) = PageUpdate.objects.all()
    assert (update.note, update.published_at) == (NOTE, NOON + DAY)


@pytest.mark.parametrize(
    "kind, note, error",
    [
        ("major", "", NOTE_MISSING),
        ("correction", " ", NOTE_MISSING),
        ("minor", NOTE, NOTE_UNUSED),
    ],
)
def test_kind_and_note_go_together(
    news: NewsPage, publisher_client: Client, kind: str, note: str, error: str
) -> None:
    changes = {"update_kind": kind, "update_note": note}
    response = send(publisher_client, news, "action-publish", **changes)
    assert error in response.text
    with pytest.raises(PublishingRefused, match="This update"):
        publish(news, NOON + DAY, **changes)
    assert get_notes(news) == []
    # A draft can be completed later.
    assert send(publisher_client, news, **changes).status_code == 302


def test_the_form_publishes_a_major_update(news: NewsPage, publisher_client: Client) -> None:
    response = send(publisher_client, news, "action-publish", **MAJOR)
    assert response.status_code == 302, get_messages(response)
    assert get_notes(news) == [NOTE]
    data = read_form(publisher_client, f"/admin/pages/{news.pk}/edit/")
    assert (data["update_kind"], data["update_note"]) == ("minor", "")


def test_a_page_that_was_never_public_has_no_choice(
    news_index: Page, publisher_client: Client
) -> None:
    draft = NewsPageFactory(parent=news_index, live=False)
    draft.save_revision()
    address = f"/admin/pages/{draft.pk}/edit/"
    assert "update_kind" not in read_form(publisher_client, address)
    assert send(publisher_client, draft, "action-publish").status_code == 302
    assert NewsPage.objects.get(pk=draft.pk).live
    assert read_form(publisher_client, address)["update_kind"] == "minor"


def test_an_approved_update_is_recorded(
    news: NewsPage, editor: User, editor_client: Client, publisher_client: Client
) -> None:
    send(editor_client, news, "action-submit", **MAJOR)
    news.refresh_from_db()
    state = news.current_workflow_state
    assert state is not None
    send(publisher_client, news, "action-workflow-action", **{"workflow-action-name": "approve"})
    assert get_notes(news) == [NOTE]


def test_the_checklist_asks_for_the_note(news: NewsPage) -> None:
    def list_entries() -> list[tuple[str, bool]]:
        entries = build_checklist(news).entries
        return [(e.label, e.is_done) for e in entries if "hat changed" in e.label]

    assert list_entries() == []
    news.update_kind = UpdateKind.MAJOR
    assert list_entries() == [("Say what changed", False)]
    news.update_note = NOTE
    assert list_entries() == [("What changed", True)]


def test_a_copy_announces_nothing(news: NewsPage) -> None:
    news.update_kind, news.update_note = UpdateKind.MAJOR, NOTE
    news.save()
    copy = news.copy(update_attrs={"slug": "copy"}, copy_revisions=False)
    assert (copy.update_kind, copy.update_note) == ("minor", "")


def test_one_signal_is_sent(news: NewsPage) -> None:
    sent: list[Any] = []

    def receive(instance: Page, update: PageUpdate, **kwargs: Any) -> None:
        sent.append((instance.pk, update.note))

    major_update_published.connect(receive)
    try:
        publish(news, NOON + DAY, title="Minor")
        publish(news, NOON + 2 * DAY, **MAJOR)
    finally:
        major_update_published.disconnect(receive)
    assert sent == [(news.pk, NOTE)]


def test_a_publisher_changes_and_deletes_an_update(
    news: NewsPage, publisher_client: Client, client: Client
) -> None:
    update = add_update(news, "2030-06-03", "Aded a name")
    address = f"/admin/page-updates/{update.pk}/"
    assert address in publisher_client.get(f"/admin/pages/{news.pk}/edit/").text
    publisher_client.post(address, {"note": "Added a name", "is_correction": "on"})
    assert "Correction, <time" in get_html(client, news)
    assert "Added a name" in get_html(client, news)
    publisher_client.post(address, {"note": "Added a name", "delete": "on"})
    assert "Added a name" not in get_html(client, news)
    entries = PageLogEntry.objects.filter(page=news.pk, action="core.change_update")
    assert [entry.message for entry in entries.order_by("pk")] == [
        "Changed the update of 2030-06-03, “Aded a name”",
        "Deleted the update of 2030-06-03, “Added a name”",
    ]


def test_who_may_not_publish_cannot_change_an_update(
    news: NewsPage, editor_client: Client, client: Client
) -> None:
    update = add_update(news, "2030-06-03", NOTE)
    address = f"/admin/page-updates/{update.pk}/"
    assert address not in editor_client.get(f"/admin/pages/{news.pk}/edit/").text
    for visitor in (editor_client, client):
        assert visitor.post(address, {"note": "Nothing"}).status_code == 302
    update.refresh_from_db()
    assert update.note == NOTE
