"""The flat listings of news, reports, partners, people, themes and quotes."""

import datetime
import itertools
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from news.models import QuotePage
from partners.models import MembershipEvent, Role
from reports.models import ReportPage
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    ReportPageFactory,
    ThemePageFactory,
)
from tests.page_states import publish

from .large_site import add_content, count_queries

PERSON = "/admin/snippets/partners/person/"
LISTINGS = {name: f"/admin/{name}/" for name in ("news", "reports", "partners", "themes", "quotes")}
LISTINGS["people"] = PERSON
# Filters of each, with a value that means something in the small site.
FILTERS = {
    "news": ["kind=announcement", "live=true", "date=2022-11-24", "report={report}"],
    "reports": ["kind=activity", "live=true", "date=2022-11-24"],
    "partners": ["kind=university", "live=true"],
    "themes": ["kind=theme", "live=true", "retired=false"],
    "quotes": ["speaker={person}", "partner={partner}", "live=true", "date_after=2022-01-01"],
    "people": ["at={partner}", "public=true"],
}


@pytest.fixture
def told(site: SimpleNamespace) -> dict[str, int]:
    """The small site, whose person has a role at its partner and is quoted for it."""
    person = site.person.person
    person.roles.add(Role(title="Dean", partner=site.partner))
    person.save()
    QuotePage.objects.update(speaker=person, partner=site.partner)
    return {"report": site.report.pk, "person": person.pk, "partner": site.partner.pk}


def get_row_titles(text: str) -> list[str]:
    """Titles in a listing, in its order."""
    found = re.findall(r'<div class="title-wrapper">(.*?)</div>', text, re.DOTALL)
    return [" ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", one).split()) for one in found]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", LISTINGS)
def test_it_can_be_sorted_while_it_is_searched(
    told: dict[str, int], editor_client: Client, name: str, thin_out: Callable[..., Any]
) -> None:
    address = LISTINGS[name]
    keys = set(re.findall(r"ordering=(-?\w+)", editor_client.get(address).text))
    assert keys
    columns = sorted({key.removeprefix("-") for key in keys})
    orderings = ("nonsense", *columns, *(f"-{column}" for column in columns))
    # Of a sample, each listing has other orderings, with words and without.
    start = [*LISTINGS].index(name) % 3
    for ordering, words in thin_out(itertools.product(orderings, ("", "a")), 3, start):
        found = editor_client.get(address, {"ordering": ordering, "q": words})
        assert found.status_code == 200


# A sample has the listings that are not in that of the test above.
@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [*[*LISTINGS][1:], *[*LISTINGS][:1]])
def test_it_can_be_filtered_while_it_is_searched(
    told: dict[str, int], editor_client: Client, name: str
) -> None:
    for one in FILTERS[name]:
        key, _, value = one.format(**told).partition("=")
        for words in ("", "Somebody", "zebra"):
            found = editor_client.get(LISTINGS[name], {key: value, "q": words})
            assert found.status_code == 200
        assert len(get_row_titles(editor_client.get(LISTINGS[name], {key: value}).text)) == 1


def test_the_search_of_pages_says_what_it_counts(
    site: SimpleNamespace, editor_client: Client
) -> None:
    found = editor_client.get("/admin/pages/search/?q=").text
    assert re.search(r"\b1-\d+ of \d+ pages\s", found)


def test_they_ask_no_more_of_many(site: SimpleNamespace, editor_client: Client) -> None:
    add_content(site, 2)
    few = count_queries(editor_client, LISTINGS.values())
    add_content(site, 3)
    assert count_queries(editor_client, LISTINGS.values()) == few


def test_partners_stand_in_the_order_of_joining(
    site: SimpleNamespace, editor_client: Client
) -> None:
    for title, order in (("Second", 2), ("First", 1)):
        partner = PartnerPageFactory(parent=site.partner_index, title=title, short_name=title[:2])
        day = datetime.date(2011, 12, 1)
        partner.events.add(MembershipEvent(order=order, earliest=day, latest=day))
        partner.save()
    text = editor_client.get(LISTINGS["partners"]).text
    assert get_row_titles(text) == ["First", "Second", site.partner.title]
    assert "Joined on 1 December 2011" in text
    assert "Fi</td>" in " ".join(text.split()).replace(" <", "<")


def test_themes_tell_how_much_is_tagged(site: SimpleNamespace, editor_client: Client) -> None:
    for page in (site.news, NewsPageFactory(parent=site.news_index), site.partner):
        page.themes.add(site.theme)
        publish(page)
    ThemePageFactory(parent=site.themes, title="Past", retired=datetime.date(2020, 5, 1))
    text = " ".join(editor_client.get(LISTINGS["themes"], {"retired": "false"}).text.split())
    assert get_row_titles(text) == [site.theme.title]
    cells = re.findall(r"<td[^>]*>\s*(\d+)\s*</td>", text)
    assert cells == ["2", "0", "1"]
    assert get_row_titles(editor_client.get(LISTINGS["themes"], {"retired": "true"}).text) == [
        "Past"
    ]


def test_quotes_are_not_added_but_in_announcements(
    told: dict[str, int], publisher_client: Client
) -> None:
    text = publisher_client.get(LISTINGS["quotes"]).text
    assert "choose_parent" not in text
    assert "choose_parent" in publisher_client.get(LISTINGS["themes"]).text


def test_people_are_found_by_where_they_work(
    told: dict[str, int], editor_client: Client, chair: Any
) -> None:
    text = editor_client.get(PERSON).text
    assert "Ada Chair" in text
    assert "Chair since 2010 at the latest" in text
    text = editor_client.get(PERSON, {"at": told["partner"]}).text
    assert "Dean, Partner" in text
    assert "Ada Chair" not in text
    assert "Ada Chair" in editor_client.get(PERSON, {"public": "false"}).text


def test_they_stand_in_the_menu(site: SimpleNamespace, editor_client: Client) -> None:
    text = editor_client.get("/admin/").text
    assert {address for address in LISTINGS.values() if f'"url": "{address}"' not in text} == set()


def count_option_templates(client: Client, address: str) -> int:
    names = [template.name for template in client.get(address).templates]
    return sum(str(name).endswith("select_option.html") for name in names)


@pytest.mark.parametrize("name", ["news", "quotes", "people"])
def test_no_template_is_rendered_for_each_row_of_a_filter(
    site: SimpleNamespace, admin_client: Client, name: str
) -> None:
    """A site has thousands of reports, partners and people."""
    few = count_option_templates(admin_client, LISTINGS[name])
    add_content(site, 2)
    assert count_option_templates(admin_client, LISTINGS[name]) == few


def test_filters_read_only_the_titles_of_pages(site: SimpleNamespace, admin_client: Client) -> None:
    ReportPageFactory(parent=site.report_index, title="Filters & <titles>")
    with CaptureQueriesContext(connection) as queries:
        text = admin_client.get(LISTINGS["news"], {"report": site.report.pk}).text
    reports = [one["sql"] for one in queries if 'FROM "reports_reportpage"' in one["sql"]]
    # Of the report that is chosen, and of the reports in the list.
    assert sum('"reports_reportpage"."body"' not in sql for sql in reports) >= 1
    assert not any('"reports_reportpage"."body"' in sql and "WHERE" not in sql for sql in reports)
    (select,) = BeautifulSoup(text, "html.parser").select("select[name=report]")
    assert {option.text for option in select.find_all("option")} >= {"Filters & <titles>"}
    assert [option["value"] for option in select.select("[selected]")] == [str(site.report.pk)]


def test_no_object_is_made_for_each_page_of_a_filter(
    site: SimpleNamespace, admin_client: Client
) -> None:
    counts = []
    for _ in range(2):
        with mock.patch.object(ReportPage, "from_db", wraps=ReportPage.from_db) as make:
            admin_client.get(LISTINGS["news"])
        counts.append(make.call_count)
        add_content(site, 2)
    assert counts[1] == counts[0]
    text = admin_client.get(LISTINGS["news"]).text
    (select,) = BeautifulSoup(text, "html.parser").select("select[name=report]")
    options = {option["value"]: option.text for option in select.find_all("option")}
    assert options == {"": "---------"} | {
        str(page.pk): page.title for page in ReportPage.objects.all()
    }
