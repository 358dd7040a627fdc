"""Searches of the admin: the results of modelsearch, and how SQLite finds them."""

import datetime
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from modelsearch.backends import database
from modelsearch.query import MATCH_ALL, And, Not, Or, Phrase, PlainText
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from bhp_site.files.models import SiteDocument
from bhp_site.funding.models import Funder
from news.models import NewsPage

from ..factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    SiteDocumentFactory,
    StandardPageFactory,
)

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="explains SQLite's plans")


@pytest.fixture
def content(home: Page) -> None:
    """Add objects of different types whose texts share words in different numbers."""
    titles = ("Health", "Health of health", "A study of the health of cities", "Studying air")
    for number, title in enumerate(titles * 2):
        NewsPageFactory(
            parent=home,
            title=title,
            slug=f"news-{number}",
            summary="health " * number + "and research",
            date=datetime.date(2024, 1, 1 + number % 3),
            live=number % 2 == 0,
        )
        SiteDocumentFactory(title=f"{title} {number}")
    StandardPageFactory(parent=home, title="Research & health’s “quotes”")
    PartnerPageFactory(parent=home, title="Healthy partner")
    PersonFactory(name="Heather Health")
    for name in ("Health Fund", "Air Fund"):
        Funder.objects.create(name=name)
    call_command("update_index", verbosity=0)


def describe(results: Any) -> Any:
    """Everything that can be asked of results."""
    scored = results.annotate_score("score")
    return {
        "keys": [found.pk for found in results],
        "scores": [(found.pk, getattr(found, "score", None)) for found in scored],
        "count": results[:].count(),
        "part": [found.pk for found in results[1:3]],
        "count of a part": results[1:3].count(),
        "one": results[0].pk,
        "values": [*results.get_queryset().values_list("pk", flat=True)],
    }


NOTHING = Not(MATCH_ALL)
UNMATCHED = ["it's", "health-research 100%", NOTHING]
QUERIES = [
    "health",
    "the health of",
    "HEALTH research",
    "quotes”",
    "it's",
    "air (fund) * AND",
    "health-research 100%",
    MATCH_ALL,
    Phrase("the health of"),
    PlainText("cities air", operator="or"),
    And([PlainText("health"), Phrase("of cities")]),
    Or([PlainText("cities"), Phrase("of health")]),
    And([PlainText("health"), Not(PlainText("cities"))]),
    Not(PlainText("cities")),
    NOTHING,
]


@pytest.mark.parametrize("kind", ["search", "autocomplete"])
def test_results_scores_and_order_are_those_of_modelsearch(content: None, kind: str) -> None:
    original = database.SearchBackend({"SEARCH_CONFIG": "english"})
    querysets = [
        Page.objects.all(),
        Page.objects.filter(live=True),
        NewsPage.objects.order_by("-date"),
        SiteDocument.objects.all(),
        Funder.objects.all(),
    ]
    ways: list[dict[str, Any]] = [{}, {"order_by_relevance": False}, {"operator": "or"}]
    matched = set()
    for query, queryset, how in itertools.product(QUERIES, querysets, ways):
        expected, actual = (
            getattr(backend, kind)(query, queryset, **how)
            for backend in (original, get_search_backend())
        )
        case = (query, queryset.model, how)
        if not expected.count():
            assert (actual.count(), [*actual]) == (0, []), case
            continue
        matched.add(repr(query))
        assert describe(actual) == describe(expected), case
        if queryset.model is Page:
            facet = "content_type_id"
            assert actual.facet(facet) == expected.facet(facet), case
    assert matched >= {repr(query) for query in QUERIES if query not in UNMATCHED}


def test_fields_and_grouped_objects_are_searched_as_by_modelsearch(content: None) -> None:
    original = database.SearchBackend({"SEARCH_CONFIG": "english"})
    grouped = NewsPage.objects.annotate(quotes=Count("themes"))
    for backend_search in ("search", "autocomplete"):
        expected, actual = (
            getattr(backend, backend_search)("health", grouped)
            for backend in (original, get_search_backend())
        )
        assert describe(actual) == describe(expected)
    expected, actual = (
        backend.search("health", NewsPage, fields=["title"])
        for backend in (original, get_search_backend())
    )
    assert describe(actual) == describe(expected)


def test_quotation_marks_are_no_syntax(content: None) -> None:
    backend = get_search_backend()
    assert [*backend.search('"', Funder)] == []
    for query in ('"air fund', 'air" "fund', '""air""', Phrase('air"fund')):
        assert [one.name for one in backend.search(query, Funder)] == ["Air Fund"], query


ADDRESSES = [
    "/admin/pages/search/?q=health",
    "/admin/pages/search/?q=health&ordering=title",
    "/admin/pages/search/?q=health&content_type=news.newspage",
    "/admin/choose-page/search/?q=health",
    "/admin/news/?q=health",
    "/admin/reports/?q=health",
    "/admin/partners/?q=health",
    "/admin/themes/?q=health",
    "/admin/documents/?q=health",
    "/admin/documents/chooser/results/?q=health",
    "/admin/images/?q=health",
    "/admin/images/chooser/results/?q=health",
    "/admin/snippets/funding/funder/?q=health",
    "/admin/snippets/choose/funding/funder/results/?q=health",
]


def explain(sql: str) -> dict[int, tuple[int, str]]:
    """Return the steps of SQLite's plan for a query: number → number of the whole, and text."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return {number: (whole, step) for number, whole, _, step in cursor.fetchall()}


def find_index_scans(plan: dict[int, tuple[int, str]]) -> Iterator[tuple[str, str, int]]:
    """Yield each scan of the index: the scan, the step that it is part of, and its tables."""
    for whole, scan in plan.values():
        if "VIRTUAL TABLE" in scan:
            parts = [step for number, step in plan.values() if number == whole]
            tables = sum(step.startswith(("SCAN", "SEARCH")) for step in parts)
            yield scan, plan[whole][1], tables


@on_sqlite
@pytest.mark.parametrize("has_statistics", [False, True])
def test_sqlite_reads_the_index_once_for_a_query(
    content: None, admin_client: Client, has_statistics: bool
) -> None:
    if has_statistics:
        # SQLite then knows that there are few pages, as on a site that was small at the time.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    searches: list[str] = []
    for address in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address).status_code == 200, address
        found = [one["sql"] for one in queries.captured_queries if " MATCH " in one["sql"]]
        assert found, address
        searches += found
    # That of pages is one for the facets and one for the list.
    assert len(searches) == 24
    for sql in searches:
        plan = explain(sql)
        scans = [*find_index_scans(plan)]
        assert scans
        for scan, step, tables in scans:
            # An equals sign would be a look-up of one entry.
            assert "=" not in scan, sql
            assert step.startswith(("LIST SUBQUERY", "MATERIALIZE scores")), sql
            assert tables == 1, sql
        if "bm25" in sql and not has_statistics:
            steps = [step for _, step in plan.values()]
            assert "SEARCH scores USING AUTOMATIC COVERING INDEX (object_id=?)" in steps, sql
    assert any("bm25" in sql for sql in searches)


@pytest.mark.parametrize("words", ["health", "zebra"])
@pytest.mark.parametrize("kind", [Page, NewsPage])
def test_the_search_of_pages_counts_its_results_once(
    content: None, admin_client: Client, words: str, kind: type[Page]
) -> None:
    pages = Page.objects.all()
    if kind is NewsPage:
        pages = pages.type(NewsPage)
    expected = len(pages.autocomplete(words))
    assert bool(expected) == (words == "health")
    query = {"q": words} | ({"content_type": "news.newspage"} if kind is NewsPage else {})
    with CaptureQueriesContext(connection) as queries:
        found = admin_client.get("/admin/pages/search/", query)
    assert found.context["page_obj"].paginator.count == expected
    assert found.context["all_pages"].count() == len(Page.objects.autocomplete(words))
    searches = [one["sql"] for one in queries if "wagtailsearch_indexentry" in one["sql"]]
    assert sum("COUNT(" in sql for sql in searches) == 1
