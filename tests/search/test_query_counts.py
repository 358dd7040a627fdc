"""What is looked for is counted by day, told to editors, and answered with what they choose."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits, SearchPromotion

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.search import query_counts
from bhp_site.search.models import QueryDailyMisses

from ..factories import StandardPageFactory


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    query_counts.searches.pending.clear()


def search(client: Client, query: str, **more: Any) -> Any:
    cache_version.advance()
    response = client.get("/search/", {"q": query}, **more)
    assert response.status_code == 200
    return response.text


def get_counts() -> list[tuple[str, int]]:
    query_counts.searches.flush()
    return query_counts.get_top_queries()


def test_searches_of_a_day_add_up(site: SimpleNamespace, client: Client) -> None:
    for query in ("About", "about ", "  ABOUT", "zebrafish"):
        search(client, query)
    assert get_counts() == [("about", 3), ("zebrafish", 1)]
    assert query_counts.get_top_misses() == [("zebrafish", 1)]
    search(client, "about")
    assert get_counts()[0] == ("about", 4)


def test_parts_and_choices_are_no_new_searches(site: SimpleNamespace, client: Client) -> None:
    for _ in range(12):
        StandardPageFactory(parent=site.home, summary="zebrafish")
    cache_version.advance()
    client.get("/search/", {"q": "zebrafish", "page": 2})
    client.get("/search/", {"q": "zebrafish", "kind": "page"})
    assert get_counts() == []


def test_a_limited_number_of_different_searches_is_counted_on_a_day(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_counts, "MAX_QUERIES_PER_DAY", 2)
    today = timezone.localdate()
    for text in ("a", "b", "c", "a"):
        query_counts.searches.increment((text, today, True))
        query_counts.searches.flush()
    assert query_counts.get_top_queries() == [("a", 2), ("b", 1)]
    assert Query.objects.count() == 2


def test_robots_are_not_counted(site: SimpleNamespace, client: Client) -> None:
    search(client, "about", headers={"user-agent": "Googlebot/2.1"})
    assert get_counts() == []


@pytest.mark.parametrize(
    "query",
    [
        "jo@example.org",
        "0121 496 0000",
        "NHS number 943 476 5919",
        "+44-121-496-0000",
        "123456789",
        "123 456 789",
        "patient 1234567",
        "12.34.56.7",
    ],
)
def test_queries_with_possible_personal_data_are_not_counted(
    site: SimpleNamespace, client: Client, query: str
) -> None:
    search(client, query)
    assert get_counts() == []


@pytest.mark.parametrize("query", ["123456", "2020 report", "covid 19"])
def test_shorter_numbers_are_counted(site: SimpleNamespace, client: Client, query: str) -> None:
    search(client, query)
    assert get_counts() == [(query, 1)]


def test_only_the_last_month_is_told(site: SimpleNamespace, client: Client) -> None:
    with time_machine.travel(timezone.now() - datetime.timedelta(days=31)):
        search(client, "zebrafish")
    assert get_counts() == []
    assert query_counts.get_top_misses() == []


def test_old_counts_are_forgotten(site: SimpleNamespace, client: Client) -> None:
    for days in (500, 1):
        with time_machine.travel(timezone.now() - datetime.timedelta(days=days)):
            search(client, f"zebrafish {days}")
    query_counts.searches.flush()
    query_counts.delete_old_counts()
    assert [*Query.objects.values_list("query_string", flat=True)] == ["zebrafish 1"]
    assert QueryDailyHits.objects.count() == QueryDailyMisses.objects.count() == 1


def test_editors_see_what_is_looked_for(
    site: SimpleNamespace, client: Client, editor_client: Client, publisher_client: Client
) -> None:
    assert "What visitors search for" not in editor_client.get("/admin/").text
    search(client, "<b>zebrafish</b>")
    query_counts.searches.flush()
    text = editor_client.get("/admin/").text
    assert "&lt;b&gt;zebrafish&lt;/b&gt;</a>: 1" in text
    assert "choose a page to show for it" not in text
    assert "choose a page to show for it" in publisher_client.get("/admin/").text
    assert publisher_client.get("/admin/searchpicks/add/").status_code == 200


def test_promoted_results_come_first(site: SimpleNamespace, client: Client) -> None:
    query = Query.get("zebrafish")
    SearchPromotion.objects.create(query=query, page=site.standard, description="Our fish.")
    SearchPromotion.objects.create(
        query=query, external_link_url="https://example.org/", external_link_text="Elsewhere"
    )
    text = search(client, " ZebraFish ")
    assert "Suggested by our team" in text
    assert '<a href="/about/">About</a>' in text
    assert "Our fish." in text
    assert '<a href="https://example.org/">Elsewhere</a>' in text
    assert "Suggested by our team" not in search(client, "fish")
    site.standard.unpublish()
    assert "Our fish." not in search(client, "zebrafish")
