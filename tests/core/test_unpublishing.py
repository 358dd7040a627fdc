"""What visitors get instead of an unpublished page, and withdrawn pages."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import Unpublishing
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.core.publishing.unpublishing import record_unpublishing
from bhp_site.core.unpublishing import Outcome

from ..admin_forms import get_messages, read_form, send
from ..factories import NewsPageFactory, write_chapter
from ..page_states import restrict
from ..pages import get_html, get_schema_nodes

REASON = "The programme has ended."


def unpublish(client: Client, page: Page, outcome: str, **more: Any) -> Any:
    """Unpublish `page` on its screen."""
    data = {"outcome": outcome, "reason": REASON, **more}
    return client.post(f"/admin/pages/{page.pk}/unpublish/", data)


@pytest.fixture
def removed(site: SimpleNamespace, publisher_client: Client) -> Any:
    """A report with a document and a chapter, unpublished with a reason."""
    # Its announcement offers the document too.
    site.news.report = None
    site.news.save()
    write_chapter(site.report, title="Aims")
    response = unpublish(publisher_client, site.report, "gone")
    assert "Visitors see your reason" in get_messages(response)
    return site.report


def test_the_screen_offers_what_visitors_can_get(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    address = f"/admin/pages/{site.report.pk}/unpublish/"
    html = publisher_client.get(address).text
    for outcome in Outcome.values:
        assert f'value="{outcome}"' in html
    assert (
        'value="withdrawn"'
        not in publisher_client.get(f"/admin/pages/{site.partner.pk}/unpublish/").text
    )


def test_a_removed_page_answers_410_with_the_reason(
    removed: Any, site: SimpleNamespace, client: Client
) -> None:
    for address in (removed.get_url(), f"{removed.get_url()}read/aims/", site.document.url):
        response = client.get(address)
        assert response.status_code == 410, address
        assert REASON in response.text
        assert "noindex" in response.text
        assert client.head(address).status_code == 410
    assert client.post(removed.get_url()).status_code == 404
    assert client.get(f"{removed.get_url().rstrip('/')}-2/").status_code == 404
    assert client.get("/documents/unknown.pdf").status_code == 404


def test_a_removed_page_is_public_again_once_published(
    removed: Any, site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    edit = publisher_client.get(f"/admin/pages/{removed.pk}/edit/").text
    assert "told at this address that the page has been removed" in edit
    removed.refresh_from_db()
    removed.save_revision().publish()
    assert client.get(removed.get_url()).status_code == 200
    assert client.get(site.document.url).status_code == 200
    assert not Unpublishing.objects.exists()


def test_a_page_that_was_never_for_everybody_has_no_reason(
    removed: Any, site: SimpleNamespace, client: Client
) -> None:
    restrict(removed)
    assert client.get(removed.get_url()).status_code == 404
    assert client.get(site.document.url).status_code == 404


def test_a_redirect_leads_on_until_the_page_is_published_again(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    page, target = site.standard, site.partner
    response = unpublish(publisher_client, page, "redirect", target=str(target.pk))
    assert target.title in get_messages(response)
    answer = client.get(page.get_url())
    # Browsers keep permanent ones.
    assert (answer.status_code, answer.headers["Location"]) == (302, target.get_url())
    page.refresh_from_db()
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 200
    assert not Redirect.objects.exists()


@pytest.mark.parametrize(
    "outcome, more, error",
    [
        ("gone", {"reason": " "}, "Give visitors a reason."),
        ("withdrawn", {"reason": ""}, "Give visitors a reason."),
        ("redirect", {}, "Choose the page that visitors are sent to."),
        ("redirect", {"target": "self"}, "Choose another page"),
        ("redirect", {"target": "draft"}, "Visitors cannot see this page."),
        ("redirect", {"target": "0"}, "Select a valid choice"),
        ("else", {}, "Select a valid choice"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_unpublished(
    site: SimpleNamespace,
    publisher_client: Client,
    outcome: str,
    more: dict[str, str],
    error: str,
) -> None:
    draft = NewsPageFactory(parent=site.news_index, live=False)
    keys = {"self": str(site.report.pk), "draft": str(draft.pk)}
    answers = {name: keys.get(value, value) for name, value in more.items()}
    response = unpublish(publisher_client, site.report, outcome, **answers)
    assert error in response.text
    site.report.refresh_from_db()
    assert site.report.live
    assert not Unpublishing.objects.exists()


def test_a_page_can_vanish_without_a_trace(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    unpublish(publisher_client, site.report, "nothing")
    assert client.get(site.report.get_url()).status_code == 404
    assert not Unpublishing.objects.exists()


@pytest.mark.parametrize("outcome", ["gone", "withdrawn"])
def test_only_who_may_unpublish_can(
    site: SimpleNamespace, editor_client: Client, outcome: str
) -> None:
    unpublish(editor_client, site.report, outcome)
    assert not Unpublishing.objects.exists()
    site.report.refresh_from_db()
    assert site.report.live


def unpublish_all(client: Client, pages: list[Page], outcome: str, **more: Any) -> Any:
    """Unpublish `pages` with the bulk action."""
    keys = "&".join(f"id={page.pk}" for page in pages)
    data = {"outcome": outcome, "reason": REASON, **more}
    return client.post(f"/admin/bulk/wagtailcore/page/unpublish/?{keys}", data)


def test_several_pages_get_one_notice(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    pages = [site.report, site.standard]
    response = unpublish_all(publisher_client, pages, "gone")
    assert "2 pages unpublished. Visitors see your reason" in get_messages(response)
    for page in pages:
        response = client.get(page.get_url())
        assert response.status_code == 410
        assert REASON in response.text


def test_several_pages_lead_to_another(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    pages = [site.report, site.standard]
    target = {"target": str(site.partner.pk)}
    unpublish_all(publisher_client, pages, "redirect", **target)
    for page in pages:
        assert client.get(page.get_url()).headers["Location"] == site.partner.get_url()


def test_several_records_are_withdrawn(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    response = unpublish_all(publisher_client, [site.report, site.news], "withdrawn")
    assert "2 pages marked as withdrawn" in get_messages(response)
    for page in (site.report, site.news):
        assert REASON in get_html(client, page)
    # A standard page among them cannot be.
    unpublish_all(publisher_client, [site.report, site.standard], "withdrawn")
    site.standard.refresh_from_db()
    assert site.standard.live


def test_the_bulk_screen_asks_and_nothing_is_unpublished_without_a_reason(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    screen = publisher_client.get(f"/admin/bulk/wagtailcore/page/unpublish/?id={site.report.pk}")
    assert 'value="redirect"' in screen.text
    response = unpublish_all(publisher_client, [site.report], "gone", reason=" ")
    assert "Give visitors a reason." in response.text
    site.report.refresh_from_db()
    assert site.report.live


def test_pages_below_are_unpublished_too_if_asked(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    unpublish_all(publisher_client, [site.news_index], "gone", include_descendants="on")
    response = client.get(site.news.get_url())
    assert (response.status_code, REASON in response.text) == (410, True)
    site.news.refresh_from_db()
    assert not site.news.live


def expire(page: Any, **choice: Any) -> None:
    """Publish `page` with what visitors get after its expiry, let it expire, and look twice."""
    for name, value in choice.items():
        setattr(page, f"expiry_{name}", value)
    page.save_revision().publish()
    past = timezone.now() - datetime.timedelta(minutes=1)
    Page.objects.filter(pk=page.pk).update(expire_at=past)
    publish_due()
    cache_version.advance()
    assert publish_due() == 0


def test_an_expired_page_has_its_notice(site: SimpleNamespace, client: Client) -> None:
    expire(site.report, outcome="gone", reason=REASON)
    response = client.get(site.report.get_url())
    assert (response.status_code, REASON in response.text) == (410, True)
    site.report.refresh_from_db()
    assert site.report.expired


def test_an_expired_page_leads_to_another(site: SimpleNamespace, client: Client) -> None:
    expire(site.standard, outcome="redirect", target=site.partner)
    assert client.get(site.standard.get_url()).headers["Location"] == site.partner.get_url()


def test_an_expired_page_stays_withdrawn(site: SimpleNamespace, client: Client) -> None:
    expire(site.report, outcome="withdrawn", reason=REASON)
    assert REASON in get_html(client, site.report)


def test_an_expired_page_whose_replacement_is_gone_is_unpublished(
    site: SimpleNamespace, client: Client
) -> None:
    draft = NewsPageFactory(parent=site.news_index, live=False)
    expire(site.standard, outcome="redirect", target=draft)
    assert client.get(site.standard.get_url()).status_code == 404


def test_without_a_choice_an_expired_page_is_not_found(
    site: SimpleNamespace, client: Client
) -> None:
    expire(site.report)
    assert client.get(site.report.get_url()).status_code == 404


def test_the_choice_for_the_expiry_is_checked_on_publication(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    changes = {"expiry_outcome": "gone", "expiry_reason": ""}
    response = send(publisher_client, site.report, "action-publish", **changes)
    assert "Give visitors a reason." in response.text
    # A draft may wait for it.
    assert "Give visitors a reason." not in send(publisher_client, site.report, **changes).text
    changes["expiry_reason"] = REASON
    send(publisher_client, site.report, "action-publish", **changes)
    site.report.refresh_from_db()
    assert (site.report.expiry_outcome, site.report.expiry_reason) == ("gone", REASON)
    form = publisher_client.get(f"/admin/pages/{site.standard.pk}/edit/").text
    assert 'value="gone"' in form
    assert 'value="withdrawn"' not in form


def withdraw(page: Page) -> None:
    record_unpublishing(page, Outcome.WITHDRAWN, REASON)


@pytest.mark.parametrize("name", ["news", "report"])
def test_a_withdrawn_page_stays_with_a_banner(
    site: SimpleNamespace, publisher_client: Client, client: Client, name: str
) -> None:
    page = getattr(site, name)
    with CaptureQueriesContext(connection) as before:
        get_html(client, page)
    unpublish(publisher_client, page, "withdrawn")
    with CaptureQueriesContext(connection) as after:
        html = get_html(client, page)
    assert len(after) <= len(before)
    assert "Withdrawn on <time" in html
    assert REASON in html
    assert get_schema_nodes(html)[1]["creativeWorkStatus"] == "Withdrawn"
    assert client.get(site.document.url).status_code == 200
    entry = PageLogEntry.objects.get(page=page.pk, action="core.unpublishing")
    assert REASON in entry.message


def test_a_withdrawn_page_is_in_no_list_and_no_feed(site: SimpleNamespace, client: Client) -> None:
    places = (
        *("/", "/news/", "/quotes/", "/news/feed.xml", "/news/feed.json"),
        *(site.partner.get_url(), site.report.get_url(), f"{site.partner.get_url()}feed.xml"),
    )
    assert any(site.news.title in client.get(place).text for place in places)
    withdraw(site.news)
    for place in places:
        response = client.get(place)
        assert site.news.get_url() not in response.text.replace(site.report.get_url(), ""), place


def test_a_quote_of_a_withdrawn_announcement_has_the_banner(
    site: SimpleNamespace, client: Client
) -> None:
    withdraw(site.news)
    assert REASON in get_html(client, site.quote)


def test_a_withdrawn_report_is_not_the_latest(site: SimpleNamespace, client: Client) -> None:
    withdraw(site.report)
    for place in ("/", "/reports/", "/reports/feed.xml"):
        assert site.report.get_url() not in client.get(place).text, place


def test_a_withdrawn_page_is_found_last(site: SimpleNamespace, client: Client) -> None:
    best = NewsPageFactory(parent=site.news_index, title="Zebrafish")
    body = [("paragraph", "<p>Nothing much about a zebrafish.</p>")]
    NewsPageFactory(parent=site.news_index, title="Fish", body=body)

    def search() -> str:
        return client.get("/search/?q=zebrafish").text

    assert search().index("<mark>Zebrafish</mark></a>") < search().index(">Fish</a>")
    withdraw(best)
    cache_version.advance()
    html = search()
    assert html.index("<mark>Zebrafish</mark></a>") > html.index(">Fish</a>")
    assert html.count("<strong>Withdrawn</strong>") == 1


def test_publishing_a_withdrawn_page_puts_it_back(
    site: SimpleNamespace, publisher_client: Client, client: Client
) -> None:
    withdraw(site.news)
    address = f"/admin/pages/{site.news.pk}/edit/"
    assert "marked as withdrawn since" in publisher_client.get(address).text
    # A draft changes nothing for visitors.
    send(publisher_client, site.news)
    assert REASON in get_html(client, site.news)
    assert read_form(publisher_client, address)
    response = send(publisher_client, site.news, "action-publish")
    assert "no longer marked as withdrawn" in get_messages(response)
    assert REASON not in get_html(client, site.news)
    assert site.news.get_url() in client.get("/news/").text
