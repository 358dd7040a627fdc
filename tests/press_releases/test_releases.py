"""The list of releases, and the screen that publishes all of a release or none."""

import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Page, PageLogEntry

from bhp_site.core.models import User
from bhp_site.core.publishing import checklist
from bhp_site.core.publishing.checklist import ChecklistEntry
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.core.publishing.second_person import REASON_FIELD
from bhp_site.core.text.dates import UK
from news.embargo import embargo_changed
from news.models import NewsPage, Release
from tests.conftest import create_user_in_group
from tests.factories import PersonFactory, StandardPageFactory

from ..news.conftest import build_quote_by, get_tomorrow, reload
from ..news.test_release import is_anything_live

LIST = "/admin/releases/"


@pytest.fixture
def row(release: NewsPage) -> Release:
    return Release.objects.create(announcement=release)


@pytest.fixture
def embargoed(row: Release) -> Release:
    row.embargo_until = get_tomorrow().replace(second=0, microsecond=0)
    row.save()
    return row


def get_url(release: Release) -> str:
    return f"/admin/releases/{release.pk}/"


def act(client: Client, release: Release, act: str, **data: Any) -> HttpResponse:
    """Press a button of the screen; return the screen that follows."""
    referer = {"referer": f"http://testserver{get_url(release)}"}
    return client.post(get_url(release), {"act": act} | data, follow=True, headers=referer)


def get_states(client: Client, release: Release) -> list[str]:
    soup = BeautifulSoup(client.get(get_url(release)).text, "html.parser")
    return [state.text for state in soup.select(".bhp-states li")]


def format_for_form(moment: datetime.datetime) -> str:
    """Return `moment` as the field of a browser sends it, in UK time."""
    return moment.astimezone(UK).strftime("%Y-%m-%dT%H:%M")


def get_entry(release: Release, action: str) -> PageLogEntry:
    return PageLogEntry.objects.get(page=release.announcement_id, action=action)


def test_the_list_shows_states_and_what_is_missing(row: Release, editor_client: Client) -> None:
    row.announcement.body = [
        {"type": "quote", "value": build_quote_by(PersonFactory(name="Jo Lee"))}
    ]
    row.announcement.save_revision()
    text = editor_client.get(LIST).text
    assert "Report published" in text
    assert "Draft" in text
    assert "Give the role of Jo Lee" in text
    assert 'href="/admin/releases/new/"' in text


def test_the_dashboard_and_the_menu_lead_to_releases(row: Release, editor_client: Client) -> None:
    text = editor_client.get("/admin/").text
    assert f'href="{get_url(row)}"' in text
    assert "/admin/releases/" in text


def test_who_may_not_write_news_sees_no_releases(row: Release, guest_client: Client) -> None:
    assert guest_client.get(LIST).status_code == 302
    assert guest_client.get(get_url(row)).status_code == 302
    assert guest_client.post(get_url(row), {"act": "publish"}).status_code == 302
    assert not is_anything_live(row.announcement)


def test_a_draft_announcement_can_become_a_release(
    release: NewsPage, editor_client: Client
) -> None:
    response = editor_client.post(LIST, {"announcement": release.pk})
    assert response["Location"] == get_url(Release.objects.get(announcement=release))
    assert "does not exist" not in editor_client.post(LIST, {"announcement": "9999"}).text
    assert Release.objects.count() == 1


def test_the_editor_leads_to_the_form_that_makes_a_release(
    release: NewsPage, editor_client: Client
) -> None:
    text = editor_client.get(f"/admin/pages/{release.pk}/edit/").text
    address = f"{LIST}?announcement={release.pk}"
    assert address in text
    soup = BeautifulSoup(editor_client.get(address).text, "html.parser")
    (chosen,) = soup.select("details[open] option[selected]")
    assert chosen["value"] == str(release.pk)
    assert editor_client.get(f"{LIST}?announcement=x%00").status_code < 500


def test_the_screen_shows_all_of_the_release(
    row: Release, home: Page, editor_client: Client
) -> None:
    row.pages.add(StandardPageFactory(parent=home, live=False, title="About the trust"))
    row.people.add(PersonFactory(name="Jo Lee", live=False))
    soup = BeautifulSoup(editor_client.get(get_url(row)).text, "html.parser")
    kinds = [cells.find("td").text for cells in soup.select(".bhp-release-screen tbody tr")]
    assert kinds == [
        "Announcement",
        "Report",
        "Quote",
        "Document",
        "Standard page",
        "Person",
    ]
    for title in ("Report published", "Ada Chair: First part.", "About the trust", "Jo Lee"):
        assert title in soup.text


def test_one_button_publishes_all_of_it(row: Release, home: Page, publisher_client: Client) -> None:
    page = StandardPageFactory(parent=home, live=False, title="About the trust")
    page.save_revision()
    response = act(publisher_client, row, "add", member=f"page-{page.pk}")
    assert "“About the trust” is published with the release." in response.text
    assert "The release is published." in act(publisher_client, row, "publish").text
    news = reload(row.announcement)
    assert news.live
    assert news.report.live
    assert reload(page).live
    assert get_states(publisher_client, row)[0].startswith("Published on")


def test_one_reason_stops_all_of_it(row: Release, home: Page, publisher_client: Client) -> None:
    page = StandardPageFactory(parent=home, live=False, title="About the trust", locked=True)
    row.pages.add(page)
    response = act(publisher_client, row, "publish")
    assert "“About the trust” is locked" in response.text
    assert "The release is published." not in response.text
    assert not is_anything_live(row.announcement)


@pytest.mark.second_person
def test_who_changed_it_last_publishes_it_with_a_reason(
    row: Release, publisher: User, publisher_client: Client
) -> None:
    create_user_in_group("Publishers")
    news = reload(row.announcement)
    news.summary = "It says more now."
    news.save_revision(user=publisher)
    assert "Reason for going ahead" in publisher_client.get(get_url(row)).text
    assert "so a second person publishes it" in act(publisher_client, row, "publish").text
    assert not is_anything_live(row.announcement)
    act(publisher_client, row, "publish", **{REASON_FIELD: "The minister speaks at noon"})
    assert reload(row.announcement).live
    assert reload(row.announcement).report.live


def test_publishing_makes_no_revision(row: Release, editor: User, publisher_client: Client) -> None:
    revision = reload(row.announcement).save_revision(user=editor)
    act(publisher_client, row, "publish")
    assert reload(row.announcement).latest_revision_id == revision.pk
    assert reload(row.announcement).live_revision.user == editor


def test_all_of_it_is_scheduled_and_the_schedule_cancelled(
    row: Release, publisher_client: Client
) -> None:
    time = get_tomorrow().replace(second=0, microsecond=0)
    act(publisher_client, row, "schedule", go_live_at=format_for_form(time))
    assert get_states(publisher_client, row)[0].startswith("Scheduled for")
    act(publisher_client, row, "cancel")
    assert get_states(publisher_client, row) == ["Draft"]
    act(publisher_client, row, "schedule", go_live_at=format_for_form(time))
    with time_machine.travel(time + datetime.timedelta(seconds=1)):
        assert publish_due() == 1
    assert reload(row.announcement).report.live


def test_a_scheduled_release_can_be_published_now(row: Release, publisher_client: Client) -> None:
    act(publisher_client, row, "schedule", go_live_at=format_for_form(get_tomorrow()))
    act(publisher_client, row, "cancel")
    act(publisher_client, row, "publish")
    news = reload(row.announcement)
    assert news.live
    assert news.go_live_at is None
    assert news.scheduled_revision is None


@pytest.mark.parametrize("value", ["", "tomorrow", "2020-01-01T00:00", "2027-03-28T01:30"])
def test_a_time_that_cannot_be_is_refused(
    row: Release, publisher_client: Client, value: str
) -> None:
    act(publisher_client, row, "schedule", go_live_at=value)
    assert get_states(publisher_client, row) == ["Draft"]


def test_an_editor_cannot_publish_schedule_or_lift(
    embargoed: Release, editor_client: Client
) -> None:
    text = editor_client.get(get_url(embargoed)).text
    assert "You do not have permission to publish." in text
    assert 'value="publish"' not in text
    for button in ("publish", "schedule", "schedule-at-end", "lift", "cancel"):
        act(editor_client, embargoed, button, go_live_at=format_for_form(get_tomorrow()))
    assert get_states(editor_client, embargoed)[0] == "Draft"
    assert not is_anything_live(embargoed.announcement)


def test_an_embargo_is_set_and_states_its_end_in_words(row: Release, editor_client: Client) -> None:
    act(editor_client, row, "embargo", until="2030-03-12T00:01")
    until = "Tuesday 12 March 2030, 12.01am (UK time)"
    assert get_states(editor_client, row) == ["Draft", f"Under embargo until {until}"]
    history = editor_client.get(f"/admin/pages/{row.announcement_id}/history/").text
    assert f"Set an embargo until {until}." in history


def test_under_embargo_the_release_is_scheduled_for_its_end(
    embargoed: Release, publisher_client: Client
) -> None:
    act(publisher_client, embargoed, "publish")
    assert not is_anything_live(embargoed.announcement)
    act(publisher_client, embargoed, "schedule-at-end")
    draft, scheduled = get_states(publisher_client, embargoed)
    assert draft.startswith("Under embargo until")
    assert scheduled.startswith("Scheduled for")
    with time_machine.travel(embargoed.embargo_until + datetime.timedelta(seconds=1)):
        assert publish_due() == 1
    assert is_anything_live(embargoed.announcement)


def test_a_moved_embargo_takes_the_schedule_with_it(
    embargoed: Release, publisher_client: Client
) -> None:
    act(publisher_client, embargoed, "schedule-at-end")
    later = embargoed.embargo_until + datetime.timedelta(hours=5)
    act(publisher_client, embargoed, "embargo", until=format_for_form(later))
    assert reload(embargoed.announcement).scheduled_revision.approved_go_live_at == later


def test_an_editor_cannot_move_the_schedule_with_an_embargo(
    row: Release, editor_client: Client, publisher_client: Client
) -> None:
    time = get_tomorrow().replace(second=0, microsecond=0)
    act(publisher_client, row, "schedule", go_live_at=format_for_form(time))
    later = format_for_form(time + datetime.timedelta(hours=1))
    response = act(editor_client, row, "embargo", until=later)
    assert "Ask somebody who may publish it." in response.text
    assert reload(row.announcement).scheduled_revision.approved_go_live_at == time
    assert Release.objects.get().embargo_until is None


def test_an_open_sign_off_is_a_state_of_its_own(
    row: Release, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = ChecklistEntry("Wait for Ada Chair", True, False, is_sign_off=True)
    monkeypatch.setattr(checklist, "_checks", [lambda draft: [entry]])
    assert get_states(editor_client, row) == ["Waiting for sign-off"]


def test_a_release_in_review_says_so(row: Release, editor: User, editor_client: Client) -> None:
    news = reload(row.announcement)
    news.get_workflow().start(news, editor)
    assert get_states(editor_client, row) == ["In review"]


def test_a_schedule_before_the_end_of_the_embargo_is_on_the_checklist(
    embargoed: Release, editor_client: Client
) -> None:
    news = reload(embargoed.announcement)
    news.go_live_at = embargoed.embargo_until - datetime.timedelta(hours=1)
    news.save_revision()
    text = editor_client.get(f"/admin/pages/{news.pk}/edit/").text
    assert "Schedule the release for after its embargo" in text


def test_to_shorten_an_embargo_needs_a_publisher_and_a_reason(
    embargoed: Release, editor_client: Client, publisher_client: Client
) -> None:
    before = embargoed.embargo_until
    earlier = format_for_form(before - datetime.timedelta(hours=5))
    act(editor_client, embargoed, "embargo", until=earlier, reason="They asked")
    act(publisher_client, embargoed, "embargo", until=earlier)
    act(publisher_client, embargoed, "embargo", until="")
    assert Release.objects.get().embargo_until == before
    act(publisher_client, embargoed, "embargo", until=earlier, reason="The trust asked for it")
    assert Release.objects.get().embargo_until < before
    entry = get_entry(embargoed, "release.embargo")
    assert "Reason: The trust asked for it" in str(entry.message)


def test_lifting_publishes_all_of_it_and_records_the_reason(
    embargoed: Release, publisher: User, publisher_client: Client
) -> None:
    act(publisher_client, embargoed, "schedule-at-end")
    act(publisher_client, embargoed, "lift")
    assert not is_anything_live(embargoed.announcement)
    changes: list[Any] = []

    def note(**arguments: Any) -> None:
        changes.append((arguments["release"].pk, arguments["is_lifted"]))

    embargo_changed.connect(note)
    act(publisher_client, embargoed, "lift", **{"lift-reason": "A newspaper has the story"})
    embargo_changed.disconnect(note)
    news = reload(embargoed.announcement)
    assert news.live
    assert news.report.live
    assert news.scheduled_revision is None
    entry = get_entry(embargoed, "release.lift_embargo")
    assert entry.user == publisher
    assert "A newspaper has the story" in str(entry.message)
    assert changes == [(embargoed.pk, True)]


def test_lifting_what_cannot_be_published_keeps_the_embargo(
    embargoed: Release, publisher_client: Client
) -> None:
    Page.objects.filter(pk=embargoed.announcement.report_id).update(locked=True)
    response = act(publisher_client, embargoed, "lift", **{"lift-reason": "It is out"})
    assert "is locked" in response.text
    assert Release.objects.get().embargo_until == embargoed.embargo_until
    assert not is_anything_live(embargoed.announcement)
    assert not PageLogEntry.objects.filter(action="release.lift_embargo").exists()


def test_under_embargo_a_page_is_taken_out_only_with_a_reason(
    embargoed: Release, home: Page, publisher_client: Client
) -> None:
    page = StandardPageFactory(parent=home, live=False, title="About the trust")
    embargoed.pages.add(page)
    act(publisher_client, embargoed, "remove", member=f"page-{page.pk}")
    assert embargoed.pages.count() == 1
    act(publisher_client, embargoed, "remove", member=f"page-{page.pk}", reason="Not secret")
    assert embargoed.pages.count() == 0
    assert "Not secret" in str(get_entry(embargoed, "release.remove").message)


@pytest.mark.parametrize("member", ["", "page-", "page-999999", "person-x", "page-²", "user-1"])
def test_what_cannot_be_added_is_refused(
    row: Release, publisher_client: Client, member: str
) -> None:
    for button in ("add", "remove"):
        assert act(publisher_client, row, button, member=member).status_code == 200
    assert row.pages.count() == row.people.count() == 0


def test_announcements_and_pages_of_others_cannot_be_added(
    row: Release, editor_client: Client
) -> None:
    act(editor_client, row, "add", member=f"page-{row.announcement_id}")
    act(editor_client, row, "nonsense")
    assert row.pages.count() == 0


def test_a_public_announcement_gets_no_embargo(row: Release, publisher_client: Client) -> None:
    act(publisher_client, row, "publish")
    act(publisher_client, row, "embargo", until=format_for_form(get_tomorrow()))
    assert Release.objects.get().embargo_until is None
