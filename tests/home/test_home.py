"""The front page."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.home.models import HomePage
from bhp_site.themes.models import ThemeKind, ThemePage
from news.models import QuotePage
from partners.models import MembershipEvent
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    PersonPageFactory,
    QuotePageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    StandardPageFactory,
    ThemePageFactory,
    offer,
    with_role,
)

DAY = datetime.date(2023, 1, 1)


def get_front_page(client: Client) -> str:
    cache.clear()
    response = client.get("/")
    assert response.status_code == 200
    return response.text


def test_it_opens_with_large_words(site: SimpleNamespace, client: Client) -> None:
    HomePage.objects.update(hero="One\r\n\r\n Two \nThree", intro="What we do.")
    text = get_front_page(client)
    heading = re.search(r"<h1.*?</h1>", text, re.DOTALL)
    assert heading is not None
    assert re.sub(r"<[^>]+>|\s+", " ", heading[0]).split() == ["One", "Two", "Three"]
    assert "What we do." in text


def test_it_shows_the_latest_report_with_its_file(site: SimpleNamespace, client: Client) -> None:
    latest = ReportPageFactory(parent=site.report_index, title="Latest", date=DAY)
    document = SiteDocumentFactory()
    offer(latest, document)
    text = get_front_page(client)
    assert f'<a href="{latest.get_url()}"' in text
    assert f'<a href="{document.url}">' in text
    assert site.report.title not in text


def test_its_button_leads_to_the_latest_report(site: SimpleNamespace, client: Client) -> None:
    button = re.search(
        r'<a[^>]*href="([^"]+)"[^>]*>\s*Read our latest report', get_front_page(client)
    )
    assert button is not None
    assert button[1] == site.report.get_url()


def test_it_shows_the_four_newest_news(site: SimpleNamespace, client: Client) -> None:
    for n in range(5):
        date = DAY + datetime.timedelta(days=n)
        NewsPageFactory(parent=site.news_index, title=f"Item {n}", date=date)
    found = re.findall(r'<h3><a href="/news/[^"]+">([^<]+)</a></h3>', get_front_page(client))
    assert found == ["Item 4", "Item 3", "Item 2", "Item 1"]


def test_it_names_no_draft(site: SimpleNamespace, client: Client) -> None:
    for factory, parent in (
        (NewsPageFactory, site.news_index),
        (ReportPageFactory, site.report_index),
        (PartnerPageFactory, site.partner_index),
    ):
        factory(parent=parent, title="Hidden page", live=False)
    assert "Hidden page" not in get_front_page(client)


def test_it_shows_the_latest_quote(site: SimpleNamespace, client: Client) -> None:
    QuotePageFactory(parent=site.news, words="Latest words.", date=DAY)
    text = get_front_page(client)
    assert "“Latest words.”" in text
    assert "“Some words.”" not in text


def test_it_shows_the_quote_an_editor_chose(site: SimpleNamespace, client: Client) -> None:
    QuotePageFactory(parent=site.news, words="Latest words.", date=DAY)
    HomePage.objects.update(quote=site.quote)
    text = get_front_page(client)
    assert "“Some words.”" in text
    assert "“Latest words.”" not in text


def test_a_chosen_quote_that_is_hidden_is_not_shown(site: SimpleNamespace, client: Client) -> None:
    QuotePageFactory(parent=site.news, words="Latest words.", date=DAY)
    HomePage.objects.update(quote=site.quote)
    QuotePage.objects.filter(pk=site.quote.pk).update(live=False)
    assert "“Latest words.”" in get_front_page(client)
    assert "“Some words.”" not in get_front_page(client)


def test_a_quote_below_a_hidden_announcement_is_not_shown(
    site: SimpleNamespace, client: Client
) -> None:
    Page.objects.filter(pk=site.news.pk).update(live=False)
    assert "“Some words.”" not in get_front_page(client)


def join(partner: Any, earliest: str, latest: str, order: int) -> None:
    days = (datetime.date.fromisoformat(day) if day else None for day in (earliest, latest))
    first, last = days
    partner.events.add(MembershipEvent(earliest=first, latest=last, order=order))
    partner.save()


def get_work(client: Client) -> list[str]:
    """Return the titles of the themes that the front page shows."""
    cache_version.advance()
    work = get_front_page(client).partition("What we work on")[2].partition("</section>")[0]
    return re.findall(r"<h3><a [^>]*>(.*?)</a></h3>", work)


def test_it_shows_what_the_partnership_works_on(site: SimpleNamespace, client: Client) -> None:
    ThemePage.objects.all().delete()
    assert get_work(client) == []
    theme = ThemePageFactory(parent=site.themes, title="Trials", kind=ThemeKind.THEME)
    assert get_work(client) == ["Trials"]
    ThemePageFactory(parent=site.themes, title="Cancer", kind=ThemeKind.PRIORITY, summary="Why.")
    ThemePageFactory(parent=site.themes, title="Past", kind=ThemeKind.PRIORITY, retired=DAY)
    assert get_work(client) == ["Cancer"]
    text = get_front_page(client)
    assert '<p class="text">Why.</p>' in text
    assert f'<a href="{theme.get_parent().get_url()}">All priorities and themes</a>' in text


def test_lists_are_explored_apart_from_what_is_said_about_the_site(
    site: SimpleNamespace, client: Client
) -> None:
    explore, _, about = (
        get_front_page(client).partition("<h2>Explore</h2>")[2].partition("This site")
    )
    for index in (site.people, site.themes):
        link = f'<a href="{index.get_url()}">{index.title}</a>'
        assert link in explore
        assert link not in about
    assert f'<a href="{site.standard.get_url()}">' in about


def test_a_partner_of_unknown_date_is_named_but_not_dated(
    site: SimpleNamespace, client: Client
) -> None:
    join(site.partner, "", "", 1)
    assert f'<span class="name">{site.partner.title}</span>' in get_front_page(client)


def test_a_change_of_a_partner_shows_at_once(
    site: SimpleNamespace, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert site.partner.title in get_front_page(client)
    site.partner.title = "Another name"
    with django_capture_on_commit_callbacks(execute=True):
        site.partner.save_revision().publish()
    assert "Another name" in client.get("/").text


def test_its_second_link_leads_where_an_editor_chose(site: SimpleNamespace, client: Client) -> None:
    HomePage.objects.update(about_page=site.standard, about_link_text="What we do")
    assert re.search(r'<a[^>]*href="/about/"[^>]*>\s*What we do', get_front_page(client))


def test_a_hidden_page_is_not_linked_to(site: SimpleNamespace, client: Client) -> None:
    HomePage.objects.update(about_page=site.standard, about_link_text="What we do")
    site.standard.unpublish()
    assert "What we do" not in get_front_page(client)


def test_its_data_name_the_members(site: SimpleNamespace, client: Client) -> None:
    text = get_front_page(client)
    assert f'"member": [{{"@type": "Organization", "name": "{site.partner.title}"' in text
    assert '"@type": "WebSite"' in text


@pytest.fixture
def empty(db: None) -> HomePage:
    """What a start without the demonstration makes."""
    call_command("bootstrap")
    return HomePage.objects.get()


def test_an_empty_site_says_what_will_be_here(empty: HomePage, client: Client) -> None:
    text = client.get("/", headers={"host": "localhost"}).text
    assert "Birmingham" in text
    assert "There are no reports yet" in text
    assert "There is no news yet" in text
    assert "No partners have been added yet." in text
    assert "Read our latest report" not in text


@pytest.mark.parametrize("address", ["/", "/news/", "/reports/", "/partners/", "/search/"])
def test_every_page_of_an_empty_site_answers(empty: HomePage, client: Client, address: str) -> None:
    response = client.get(address, headers={"host": "localhost"})
    assert response.status_code == 200
    assert "None" not in re.sub(r"<[^>]+>", " ", response.text)


def test_a_standard_page_links_to_those_below_it(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory(parent=site.standard, title="Deeper", slug="deeper")
    assert '<a href="/about/deeper/">Deeper</a>' in client.get("/about/").text


def test_about_leads_to_partners_people_themes_and_reports(
    site: SimpleNamespace, client: Client
) -> None:
    HomePage.objects.update(about_page=site.standard)
    with_role(site.person.person, "Director")
    join(site.partner, "2011-12-01", "2011-12-31", 1)
    cache_version.advance()
    more = client.get("/about/").text.partition("Find out more")[2]
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a><p>([^<]+)</p></li>', more)
    assert found == [
        (site.partner_index.url, "Partners", "1 member."),
        (site.people.url, "People", f"{site.person.person} (Director) leads the partnership."),
        (site.themes.url, "Themes", f"{site.theme.title}."),
        (
            site.report_index.url,
            "Reports",
            f"The latest is “{site.report.title}” (24 November 2022).",
        ),
        (site.news_index.url, "News", f"The latest is “{site.news.title}” (24 November 2022)."),
    ]


def test_about_counts_and_names_some_of_many(site: SimpleNamespace, client: Client) -> None:
    HomePage.objects.update(about_page=site.standard)
    site.theme.unpublish()
    for number in range(5):
        ThemePageFactory(parent=site.themes, title=f"Theme {number}")
        partner = PartnerPageFactory(parent=site.partner_index, kind="nhs_trust")
        join(partner, "2011-12-01", "2011-12-31", number)
    ThemePageFactory(parent=site.themes, title="Priority", kind="priority")
    join(site.partner, "2011-12-01", "2011-12-31", 9)
    for name in ("Amy", "Bob", "Cleo", "Dan"):
        person = with_role(PersonFactory(name=name), "Director")
        PersonPageFactory(parent=site.people, person=person)
    cache_version.advance()
    text = client.get("/about/").text
    assert "6 members: 5 NHS trusts and 1 university." in text
    assert "<p>Priority; Theme 0; Theme 1; 3 more.</p>" in text
    assert "Amy (Director), Bob (Director) and 2 others lead the partnership." in text


def test_only_about_has_ways_on_and_only_to_what_there_is(
    site: SimpleNamespace, client: Client
) -> None:
    assert "Find out more" not in client.get("/about/").text
    HomePage.objects.update(about_page=site.standard)
    site.themes.unpublish()
    site.report.unpublish()
    cache_version.advance()
    text = client.get("/about/").text.partition("Find out more")[2].partition("</main>")[0]
    assert site.partner_index.url in text
    assert "Who speaks for the partnership." in text
    assert site.themes.url not in text
    assert site.report_index.url not in text


def test_a_standard_page_without_text_says_so(site: SimpleNamespace, client: Client) -> None:
    assert "This page has no text yet." in client.get("/about/").text
