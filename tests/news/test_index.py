"""The list of news: filters, parts, and what never stands in it."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from news.models import NewsPage
from tests.factories import NewsPageFactory, PartnerPageFactory
from tests.page_states import HIDDEN

PER_PAGE = 12


@pytest.fixture
def mixed(news_index: Any, partner_index: Any) -> SimpleNamespace:
    """An award of 2021 with Aston, funding of 2021, an award of 2023."""
    aston = PartnerPageFactory(parent=partner_index, title="Aston", slug="aston")
    award = NewsPageFactory(
        parent=news_index, title="Prize", kind="award", date=datetime.date(2021, 3, 1)
    )
    award.partners.add(aston)
    award.save()
    NewsPageFactory(
        parent=news_index, title="Grant", kind="funding", date=datetime.date(2021, 5, 1)
    )
    NewsPageFactory(parent=news_index, title="Medal", kind="award", date=datetime.date(2023, 2, 1))
    return SimpleNamespace(aston=aston, award=award)


def get_titles(client: Client, query: str = "") -> list[str]:
    response = client.get(f"/news/{query}")
    assert response.status_code == 200
    return re.findall(r'<h2><a href="/news/[^"]+">([^<]+)</a></h2>', response.text)


def test_the_newest_stands_on_top(mixed: SimpleNamespace, client: Client) -> None:
    assert get_titles(client) == ["Medal", "Grant", "Prize"]


def test_each_shows_kind_date_and_summary(mixed: SimpleNamespace, client: Client) -> None:
    text = client.get("/news/?kind=funding").text
    assert '<span class="tag">Funding</span>' in text
    assert '<time datetime="2021-05-01">1 May 2021</time>' in text
    assert '<p class="text">Somebody has done something.</p>' in text


@pytest.mark.parametrize(
    "query, expected",
    [
        ("?year=2021", ["Grant", "Prize"]),
        ("?kind=award", ["Medal", "Prize"]),
        ("?partner=aston", ["Prize"]),
        ("?year=2021&kind=award", ["Prize"]),
        ("?year=2023&kind=award&partner=aston", []),
        ("?year=&kind=&partner=", ["Medal", "Grant", "Prize"]),
        ("?year=1999", []),
    ],
)
def test_it_is_filtered(
    mixed: SimpleNamespace, client: Client, query: str, expected: list[str]
) -> None:
    assert get_titles(client, query) == expected


def test_the_form_shows_what_is_chosen(mixed: SimpleNamespace, client: Client) -> None:
    text = client.get("/news/?year=2021&kind=award&partner=aston").text
    assert '<option value="award" selected>Award</option>' in text
    assert "<option selected>2021</option>" in text
    assert '<option value="aston" selected>Aston</option>' in text
    assert "Show all news" in text


def test_the_form_offers_years_that_have_news(mixed: SimpleNamespace, client: Client) -> None:
    text = client.get("/news/").text
    assert re.findall(r"<option>(\d{4})</option>", text) == ["2023", "2021"]


def test_the_form_offers_partners_that_have_news(mixed: SimpleNamespace, client: Client) -> None:
    PartnerPageFactory(parent=mixed.aston.get_parent(), title="Silent partner")
    text = client.get("/news/").text
    assert "Aston" in text
    assert "Silent partner" not in text


def test_a_choice_without_news_says_so(mixed: SimpleNamespace, client: Client) -> None:
    assert "No news matches these filters" in client.get("/news/?year=1999").text


def test_no_news_at_all_says_so(news_index: Any, client: Client) -> None:
    text = client.get("/news/").text
    assert "There is no news yet" in text
    assert "filter-form" not in text


@pytest.mark.parametrize(
    "query",
    [
        "year=20211",
        "year=21",
        "year=abcd",
        "year=-201",
        "year=٢٠٢١",
        "year=²⁰²¹",
        "year=0000",
        "kind=nothing",
        "kind=Award",
        "partner=nobody",
        "partner=1",
    ],
)
def test_a_choice_that_names_nothing_is_404(
    mixed: SimpleNamespace, client: Client, query: str
) -> None:
    assert client.get(f"/news/?{query}").status_code == 404


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_an_extreme_year_is_empty(mixed: SimpleNamespace, client: Client, year: str) -> None:
    assert get_titles(client, f"?year={year}") == []


def test_an_unknown_parameter_is_left_alone(mixed: SimpleNamespace, client: Client) -> None:
    assert len(get_titles(client, "?utm_source=letter")) == 3


@pytest.fixture
def many(news_index: Any) -> list[NewsPage]:
    day = datetime.date(2022, 1, 1)
    return [
        NewsPageFactory(
            parent=news_index,
            title=f"Item {n}",
            kind="award" if n else "funding",
            date=day + datetime.timedelta(days=n),
        )
        for n in range(PER_PAGE + 3)
    ]


def test_it_is_parted(many: list[NewsPage], client: Client) -> None:
    first, second = get_titles(client), get_titles(client, "?page=2")
    assert (len(first), len(second)) == (PER_PAGE, 3)
    assert first + second == [page.title for page in reversed(many)]


def test_the_second_part_names_itself(many: list[NewsPage], client: Client) -> None:
    text = client.get("/news/?page=2").text
    assert '<link rel="canonical" href="http://testserver/news/?page=2">' in text
    assert f"{PER_PAGE + 3} items, page 2 of 2" in text


@pytest.mark.parametrize(
    "query, title, address",
    [
        ("", "News", ""),
        ("?page=1", "News", ""),
        ("?page=2", "News, page 2", "?page=2"),
        ("?kind=award", "News, Award", "?kind=award"),
        (
            "?x=1&page=2&kind=award&year=2022",
            "News, 2022, Award, page 2",
            "?year=2022&amp;kind=award&amp;page=2",
        ),
    ],
)
def test_each_list_has_a_title_and_an_address_of_its_own(
    many: list[NewsPage], client: Client, query: str, title: str, address: str
) -> None:
    text = client.get(f"/news/{query}").text
    assert f"<title>{title} – Birmingham Health Partners</title>" in text
    assert f'<link rel="canonical" href="http://testserver/news/{address}">' in text


def test_the_way_to_the_next_part_keeps_the_filter(many: list[NewsPage], client: Client) -> None:
    assert '<a href="?kind=award&amp;page=2" rel="next">' in client.get("/news/?kind=award").text


def test_the_way_back_keeps_the_filter(many: list[NewsPage], client: Client) -> None:
    text = client.get("/news/?kind=award&page=2").text
    assert '<a href="?kind=award" rel="prev">' in text
    assert len(get_titles(client, "?kind=award&page=2")) == 2


def test_a_list_in_one_part_has_no_ways_on(mixed: SimpleNamespace, client: Client) -> None:
    assert 'class="pagination"' not in client.get("/news/").text


@pytest.mark.parametrize(
    "page", ["abc", "-1", "0", "3", "999", "1.5", "", "٣", "9" * 400, "01", " 1"]
)
def test_a_part_that_is_not_there_is_404(many: list[NewsPage], client: Client, page: str) -> None:
    assert client.get("/news/", {"page": page}).status_code == 404


@pytest.mark.parametrize("state", [s for s in HIDDEN if not s.startswith("below")])
def test_what_visitors_may_not_read_is_not_listed(
    mixed: SimpleNamespace, news_index: Any, client: Client, state: str
) -> None:
    hidden = NewsPageFactory(
        parent=news_index, live=False, title="Hidden item", date=datetime.date(1987, 1, 1)
    )
    HIDDEN[state](hidden)
    text = client.get("/news/").text
    assert "Hidden item" not in text
    assert "1987" not in text


def test_a_partner_visitors_may_not_read_is_no_choice(
    mixed: SimpleNamespace, client: Client
) -> None:
    mixed.aston.unpublish()
    assert "Aston" not in client.get("/news/").text
    assert client.get("/news/?partner=aston").status_code == 404
