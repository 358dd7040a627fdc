"""All quotes by person, theme and year; one chosen for another page is shown without a copy."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bhp_site.themes.models import ThemePage
from news.models import NewsPage, QuotePage
from partners.models import Person
from tests.admin_forms import build_body, get_messages, send
from tests.factories import NewsPageFactory, StandardPageFactory
from tests.page_states import publish, restrict


def announce(site: SimpleNamespace, speaker: Person, year: int, *themes: ThemePage) -> NewsPage:
    page = NewsPageFactory(
        parent=site.news_index, live=False, date=datetime.date(year, 5, 1), title=f"In {year}"
    )
    page.body = [("quote", {"speaker": speaker, "words": f"Said in {year}.\n\nAnd more."})]
    page.themes = themes
    page.save()
    publish(page)
    return page


@pytest.fixture
def said(site: SimpleNamespace, chair: Person) -> SimpleNamespace:
    """The small site with two announcements of two years by one speaker; one is about a theme."""
    site.quote.delete()
    announce(site, chair, 2021)
    announce(site, chair, 2023, site.theme)
    return site


def list_years(client: Client, query: str = "") -> list[str]:
    return re.findall(r"“Said in (\d{4})\.", client.get(f"/quotes/{query}").text)


def test_quotes_are_listed_the_latest_first(said: SimpleNamespace, client: Client) -> None:
    assert list_years(client) == ["2023", "2021"]


@pytest.mark.parametrize(
    "query, found",
    [
        ("?year=2021", ["2021"]),
        ("?year=2022", []),
        ("?person=Ada+Chair", ["2023", "2021"]),
        ("?person=Ada+Chair&year=2023", ["2023"]),
        ("?person=&theme=&year=", ["2023", "2021"]),
    ],
)
def test_they_are_filtered(
    said: SimpleNamespace, client: Client, query: str, found: list[str]
) -> None:
    assert list_years(client, query) == found


def test_they_are_filtered_by_the_theme_of_their_announcement(
    said: SimpleNamespace, client: Client
) -> None:
    assert list_years(client, f"?theme={said.theme.slug}") == ["2023"]


@pytest.mark.parametrize(
    "query", ["year=0000", "year=x", "person=Nobody", "theme=nothing", "page=9"]
)
def test_what_names_nothing_is_not_found(said: SimpleNamespace, client: Client, query: str) -> None:
    assert client.get(f"/quotes/?{query}").status_code == 404


def test_a_hidden_announcement_takes_its_quotes_along(
    said: SimpleNamespace, client: Client
) -> None:
    NewsPage.objects.get(title="In 2021").unpublish()
    restrict(NewsPage.objects.get(title="In 2023"))
    assert list_years(client) == []
    assert "Ada Chair" not in client.get("/quotes/").text


def test_a_quote_is_copied_as_plain_text(said: SimpleNamespace, client: Client) -> None:
    quote = QuotePage.objects.child_of(NewsPage.objects.get(title="In 2021")).get()
    text = client.get(quote.url).text
    assert "“Said in 2021.\n\n“And more.”\n\n— Ada Chair, Chair, BHP, 1 May 2021" in text
    assert f"{quote.full_url}</pre>" in text


def list_shown(site: SimpleNamespace, quote: QuotePage) -> Any:
    page = StandardPageFactory(parent=site.home, title="Voices", slug="voices")
    page.body = [("chosen_quote", quote)]
    publish(page)
    return page


@pytest.fixture
def chosen(said: SimpleNamespace) -> SimpleNamespace:
    """A quote, its announcement, and a page that shows it."""
    announcement = NewsPage.objects.get(title="In 2021")
    quote = QuotePage.objects.child_of(announcement).get()
    return SimpleNamespace(
        quote=quote, announcement=announcement, page=list_shown(said, quote), site=said
    )


def test_a_chosen_quote_is_shown_as_it_stands(chosen: SimpleNamespace, client: Client) -> None:
    text = client.get(chosen.page.url).text
    assert "“Said in 2021." in text
    assert f'href="{chosen.quote.url}"' in text
    chosen.announcement.body[0].value["words"] = "Said otherwise."
    publish(chosen.announcement)
    assert "“Said otherwise.”" in client.get(chosen.page.url).text


@pytest.mark.parametrize("act", ["unpublish", "restrict"])
def test_a_chosen_quote_goes_with_its_announcement(
    chosen: SimpleNamespace, client: Client, act: str
) -> None:
    {"unpublish": NewsPage.unpublish, "restrict": restrict}[act](chosen.announcement)
    response = client.get(chosen.page.url)
    assert response.status_code == 200
    assert "Said in 2021" not in response.text


FIELDS = {"home": "quote", "partner": "story", "report": "body", "person": "story"}


@pytest.mark.parametrize("kind", FIELDS)
def test_a_quote_can_be_chosen_for_every_page_that_speaks_of_somebody(
    said: SimpleNamespace,
    client: Client,
    publisher_client: Client,
    django_capture_on_commit_callbacks: Any,
    kind: str,
) -> None:
    page, quote = getattr(said, kind), QuotePage.objects.order_by("date").first()
    field = FIELDS[kind]
    assert "Said in 2021" not in client.get(page.url).text
    setattr(page, field, quote if field == "quote" else [("chosen_quote", quote)])
    with django_capture_on_commit_callbacks(execute=True):
        publish(page)
    assert "“Said in 2021." in client.get(page.url).text
    address = f"/admin/pages/{quote.get_parent().pk}/delete/"
    assert f"“{page.title}” shows a quote from" in publisher_client.get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        quote.get_parent().specific.unpublish()
    text = client.get(page.url)
    assert (text.status_code, "Said in 2021" in text.text) == (200, False)


def test_a_quote_shown_elsewhere_is_not_deleted_unseen(
    chosen: SimpleNamespace, publisher_client: Client
) -> None:
    address = f"/admin/pages/{chosen.announcement.pk}/delete/"
    words = "“Voices” shows a quote from this page"
    assert words in publisher_client.get(address).text
    chosen.page.unpublish()
    assert words not in publisher_client.get(address).text


def test_quotes_shown_elsewhere_are_not_deleted_with_many_pages(
    chosen: SimpleNamespace, publisher_client: Client
) -> None:
    pages = [chosen.announcement, NewsPage.objects.get(title="In 2023")]
    query = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/delete/?{query}&next=/admin/news/"
    text = publisher_client.post(address, follow=True).text
    assert "Nothing was deleted. “Voices” shows a quote from “In 2021”" in text
    assert NewsPage.objects.filter(pk__in=[page.pk for page in pages]).count() == 2
    chosen.page.unpublish()
    publisher_client.post(address)
    assert not NewsPage.objects.filter(pk__in=[page.pk for page in pages]).exists()


def test_a_quote_shown_elsewhere_is_not_taken_out_unseen(
    chosen: SimpleNamespace, publisher_client: Client
) -> None:
    response = send(publisher_client, chosen.announcement, "action-publish", **build_body([]))
    words = "A quote that you removed is now missing from “Voices”"
    assert words in get_messages(response)
    assert QuotePage.objects.get(pk=chosen.quote.pk).live is False


def test_a_quote_shown_elsewhere_is_not_hidden_unseen(
    chosen: SimpleNamespace, publisher_client: Client
) -> None:
    address = f"/admin/pages/{chosen.announcement.pk}/unpublish/"
    assert "now missing from “Voices”" in publisher_client.post(address, follow=True).text


def test_a_partner_renamed_later_keeps_its_name_in_what_was_published(
    site: SimpleNamespace, client: Client
) -> None:
    before = client.get(site.news.url).content
    site.partner.title = "Another name"
    publish(site.partner)
    assert client.get(site.news.url).content == before
