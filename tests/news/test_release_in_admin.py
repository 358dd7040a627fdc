"""A release as editors and publishers make it, through the admin's own screens."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, WorkflowState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from bhp_site.files.models import SiteDocument
from news.models import NewsPage
from partners.models import Person
from reports.models import ReportPage
from tests.factories import NewsPageFactory, PersonFactory, ReportPageFactory, offer

from .conftest import get_quote, list_quotes, publish_entries, reload

NEWS = "/admin/news/"
PUBLISH, SUBMIT = "action-publish", "action-submit"


def build_news_form(report: ReportPage | None = None, *quotes: dict[str, Any], **more: Any) -> Any:
    """What the browser sends for an announcement of `report` with these quotes."""
    blocks = [("paragraph", rich_text("<p>The report is out.</p>"))]
    blocks += [("quote", quote) for quote in quotes]
    fields = {
        "title": "Report published",
        "slug": "report-published",
        "date": "24/11/2022",
        "date_precision": "day",
        "kind": "announcement",
        "summary": "BHP has published a report.",
        "report": report.pk if report else "",
        "body": streamfield(blocks),
        "downloads": inline_formset([]),
        "funding": inline_formset([]),
    }
    return nested_form_data(fields | more)


def report_form(*documents: SiteDocument, **more: Any) -> Any:
    rows = [{"document": document.pk, "label": ""} for document in documents]
    fields = {
        "title": "Report of Activity",
        "slug": "report-of-activity",
        "kind": "activity",
        "date": "24/11/2022",
        "date_precision": "day",
        "language": "en",
        "period_start": "01/09/2020",
        "period_end": "31/08/2022",
        "summary": "What was done in two years.",
        "highlights": streamfield([]),
        "body": streamfield([]),
        "downloads": inline_formset(rows),
        "funding": inline_formset([]),
        "chapters": inline_formset([]),
    }
    return nested_form_data(fields | more)


def build_quoted(person: Person, words: str = "First part.\r\n\r\nSecond part.") -> dict[str, Any]:
    given = {"role": "", "organisation": "", "name": "", "portrait": ""}
    return {"speaker": person.pk, "words": words} | given


def send(client: Client, address: str, form: dict[str, Any], action: str = "") -> str:
    """Send a form of the admin; the text of the page that answers."""
    response = client.post(address, form | ({action: action} if action else {}), follow=True)
    assert response.status_code == 200
    return response.text


def edit(client: Client, page: Page, form: dict[str, Any], action: str = "") -> str:
    return send(client, f"/admin/pages/{page.pk}/edit/", form, action)


def add_news(client: Client, index: Page, form: dict[str, Any], action: str = "") -> str:
    return send(client, f"/admin/pages/add/news/newspage/{index.pk}/", form, action)


def is_nothing_live() -> bool:
    return not Page.objects.filter(depth__gt=3, live=True).exists()


def test_a_release_is_made_and_published(
    news_index: Page,
    report_index: Page,
    publisher_client: Client,
    client: Client,
    chair: Person,
    document: SiteDocument,
) -> None:
    address = f"/admin/pages/add/reports/reportpage/{report_index.pk}/"
    send(publisher_client, address, report_form(document))
    report = ReportPage.objects.get()
    assert not report.live
    add_news(publisher_client, news_index, build_news_form(report, build_quoted(chair)), PUBLISH)
    text = client.get("/news/report-published/").text
    assert "“Second part.”" in text
    assert "Chair, BHP" in text
    assert document.url in text
    assert "September 2020 to August 2022" in client.get("/reports/report-of-activity/").text
    assert client.get("/news/report-published/ada-chair/").status_code == 200
    assert client.get(document.url).status_code == 200


def test_each_page_of_it_is_logged_once(
    release: NewsPage, publisher: Any, publisher_client: Client, chair: Person
) -> None:
    edit(publisher_client, release, build_news_form(release.report, build_quoted(chair)), PUBLISH)
    news = reload(release)
    for page in (news, news.report, get_quote(news)):
        assert [entry.user for entry in publish_entries(page)] == [publisher]


def test_a_draft_is_edited_and_published(
    release: NewsPage, publisher_client: Client, client: Client, chair: Person
) -> None:
    form = build_news_form(
        release.report, build_quoted(chair, "Other words."), title="Now it is out"
    )
    edit(publisher_client, release, form, PUBLISH)
    news = reload(release)
    assert "Now it is out" in client.get(news.get_url()).text
    assert get_quote(news).words == "Other words."
    assert news.report.live


def test_a_saved_draft_is_not_public(
    release: NewsPage, publisher_client: Client, client: Client, chair: Person
) -> None:
    edit(publisher_client, release, build_news_form(release.report, build_quoted(chair)))
    assert is_nothing_live()
    assert client.get(release.get_url()).status_code == 404


def test_an_unfinished_report_leaves_a_saved_draft(
    unfinished: NewsPage, publisher_client: Client, chair: Person
) -> None:
    form = build_news_form(unfinished.report, build_quoted(chair), title="Changed title")
    text = edit(publisher_client, unfinished, form, PUBLISH)
    assert "Saved, but not published." in text
    assert "is not ready to be published with it" in text
    assert is_nothing_live()
    draft = reload(unfinished).get_latest_revision_as_object()
    assert draft.title == "Changed title"


def test_a_new_announcement_of_an_unfinished_report_is_kept_as_a_draft(
    unfinished: NewsPage, publisher_client: Client, news_index: Page, chair: Person
) -> None:
    form = build_news_form(unfinished.report, build_quoted(chair), slug="second")
    text = add_news(publisher_client, news_index, form, PUBLISH)
    assert "Saved, but not published." in text
    assert not NewsPage.objects.get(slug="second").live
    assert is_nothing_live()


def test_a_speaker_without_role_is_named(release: NewsPage, publisher_client: Client) -> None:
    form = build_news_form(release.report, build_quoted(PersonFactory(name="Jo Lee")))
    assert "The quote by Jo Lee has no role." in edit(publisher_client, release, form, PUBLISH)
    assert is_nothing_live()
    release.get_latest_revision().publish()
    text = edit(publisher_client, release, form, PUBLISH)
    assert "Jo Lee has no role on 24 November 2022" in text


def test_a_speaker_with_a_role_is_not_named(
    release: NewsPage, publisher_client: Client, chair: Person
) -> None:
    text = edit(
        publisher_client, release, build_news_form(release.report, build_quoted(chair)), PUBLISH
    )
    assert "has no role on" not in text


def test_publishing_a_report_alone_names_nobody(
    release: NewsPage, publisher_client: Client, document: SiteDocument
) -> None:
    text = edit(publisher_client, release.report, report_form(document), PUBLISH)
    assert reload(release.report).live
    assert "has no role on" not in text
    assert not reload(release).live


def test_half_a_period_is_refused_at_its_field(
    release: NewsPage, publisher_client: Client, document: SiteDocument
) -> None:
    form = report_form(document, period_end="")
    text = edit(publisher_client, release.report, form, PUBLISH)
    assert "Enter the first and the last day of the period, or leave both empty." in text
    assert is_nothing_live()


def bulk(client: Client, action: str, *pages: Page) -> str:
    query = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/{action}/?{query}&next=/admin/"
    return send(client, address, {"include_descendants": ""})


def test_bulk_publishing_publishes_the_release(release: NewsPage, publisher_client: Client) -> None:
    bulk(publisher_client, "publish", release)
    news = reload(release)
    assert news.live
    assert news.report.live
    assert get_quote(news).live


def test_bulk_publishing_refuses_an_unfinished_report(
    unfinished: NewsPage, news_index: Page, publisher_client: Client
) -> None:
    other = NewsPageFactory(parent=news_index, live=False)
    other.save_revision()
    text = bulk(publisher_client, "publish", other, unfinished)
    assert "is not ready to be published with it" in text
    assert is_nothing_live()


def test_bulk_unpublishing_hides_the_quotes(published: NewsPage, publisher_client: Client) -> None:
    bulk(publisher_client, "unpublish", published)
    assert not reload(published).live
    assert not get_quote(published).live


def test_unpublishing_hides_the_quotes(
    published: NewsPage, publisher_client: Client, client: Client
) -> None:
    send(publisher_client, f"/admin/pages/{published.pk}/unpublish/", {})
    assert not reload(published).live
    assert not get_quote(published).live


def test_deleting_deletes_the_quotes(published: NewsPage, publisher_client: Client) -> None:
    send(publisher_client, f"/admin/pages/{published.pk}/delete/", {})
    assert not NewsPage.objects.exists()
    assert list_quotes(published) == []
    assert reload(published.report).live


@pytest.fixture
def submitted(release: NewsPage, editor_client: Client, chair: Person) -> SimpleNamespace:
    """The release, submitted by an editor, and what the publisher has to decide."""
    text = edit(
        editor_client, release, build_news_form(release.report, build_quoted(chair)), SUBMIT
    )
    assert "submitted for moderation" in text
    state = WorkflowState.objects.get(status=WorkflowState.STATUS_IN_PROGRESS)
    return SimpleNamespace(news=release, task=state.current_task_state)


def decide(client: Client, submitted: SimpleNamespace, action: str) -> str:
    news, task = submitted.news, submitted.task
    address = f"/admin/pages/workflow/action/{news.pk}/{action}/{task.pk}/"
    return send(client, address, {"comment": ""})


def test_what_editors_submit_is_not_public(submitted: SimpleNamespace) -> None:
    assert is_nothing_live()


def test_what_publishers_approve_is_published_whole(
    submitted: SimpleNamespace, publisher: Any, publisher_client: Client
) -> None:
    decide(publisher_client, submitted, "approve")
    news = reload(submitted.news)
    for page in (news, news.report, get_quote(news)):
        assert page.live
        assert [entry.user for entry in publish_entries(page)] == [publisher]


def test_what_publishers_send_back_is_not_public(
    submitted: SimpleNamespace, publisher_client: Client
) -> None:
    decide(publisher_client, submitted, "reject")
    assert is_nothing_live()


def test_approving_an_unfinished_report_says_why_and_publishes_nothing(
    submitted: SimpleNamespace, publisher_client: Client
) -> None:
    report = ReportPage.objects.get()
    report.summary = ""
    report.save_revision(clean=False)
    text = decide(publisher_client, submitted, "approve")
    assert "is not ready to be published with it" in text
    assert is_nothing_live()
    submitted.task.refresh_from_db()
    assert submitted.task.status == "in_progress"


def test_an_editor_cannot_approve(submitted: SimpleNamespace, editor_client: Client) -> None:
    decide(editor_client, submitted, "approve")
    assert is_nothing_live()


def test_an_editor_cannot_publish(release: NewsPage, editor_client: Client, chair: Person) -> None:
    edit(editor_client, release, build_news_form(release.report, build_quoted(chair)), PUBLISH)
    assert is_nothing_live()


def test_an_editor_cannot_publish_in_bulk(release: NewsPage, editor_client: Client) -> None:
    bulk(editor_client, "publish", release)
    assert is_nothing_live()


def test_an_editor_is_not_offered_to_publish(release: NewsPage, editor_client: Client) -> None:
    text = editor_client.get(f"/admin/pages/{release.pk}/edit/").text
    assert "Submit to Publishers" in text
    assert 'name="action-publish"' not in text


def test_a_quote_page_cannot_be_made_by_hand(published: NewsPage, admin_client: Client) -> None:
    address = f"/admin/pages/add/news/quotepage/{published.pk}/"
    response = admin_client.get(address)
    assert response.status_code in (302, 403)
    assert "quotepage" not in admin_client.get(f"/admin/pages/{published.pk}/add_subpage/").text


def test_the_listing_of_news_has_the_columns_that_matter(
    release: NewsPage, editor_client: Client
) -> None:
    text = editor_client.get(NEWS).text
    for words in ("Date", "Kind", "Report", "24 November 2022", "Announcement", "draft"):
        assert words in text
    assert release.title in text
    assert release.report.title in text


def test_the_listing_of_news_is_filtered(release: NewsPage, editor_client: Client) -> None:
    assert release.title in editor_client.get(f"{NEWS}?kind=announcement").text
    assert release.title not in editor_client.get(f"{NEWS}?kind=award").text


def test_the_listing_of_reports_has_the_columns_that_matter(
    report_index: Page, document: SiteDocument, editor_client: Client
) -> None:
    report = ReportPageFactory(parent=report_index, title="A report", kind="policy")
    offer(report, document)
    text = editor_client.get(reverse("reports:index")).text
    for words in (
        "A report",
        "Published",
        "Kind",
        "Documents",
        "Policy report",
        "24 November 2022",
    ):
        assert words in text
