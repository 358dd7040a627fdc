"""A person's page lists the news that quotes them, and the news that has their full name."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.core.unpublishing import Outcome, Unpublishing
from news.mentions import find_news_about
from news.models import NewsPage
from partners.models import Person
from tests.factories import NewsPageFactory, PersonFactory, PersonPageFactory, QuotePageFactory


@pytest.fixture
def ada(db: None) -> Person:
    return PersonFactory(name="Ada Pearson", honorific="Professor")


@pytest.fixture
def write(site: SimpleNamespace, django_capture_on_commit_callbacks: Any) -> Any:
    """Return a function that creates an announcement and its entry in the search index."""

    def write(title: str = "Something new", text: str = "", **more: Any) -> NewsPage:
        with django_capture_on_commit_callbacks(execute=True):
            body = [("paragraph", f"<p>{text}</p>")] if text else []
            page: NewsPage = NewsPageFactory(parent=site.news_index, title=title, body=body, **more)
        return page

    return write


@pytest.mark.parametrize(
    "content",
    [
        {"title": "Ada Pearson’s term as chair ends"},
        {"summary": "We thank Professor Ada  Pearson."},
        {"text": "The chair is <b>Ada Pearson</b>."},
    ],
)
def test_news_with_the_full_name_is_listed(
    site: SimpleNamespace, ada: Person, write: Any, client: Client, content: dict[str, str]
) -> None:
    news = write(**content)
    text = client.get(PersonPageFactory(parent=site.people, person=ada).url).text
    assert f'<h3><a href="{news.url}">' in text.partition("Related news")[2]


@pytest.mark.parametrize(
    "text",
    ["Ada Pearsons", "Bada Pearson", "Pearson, Ada", "Ada and Jo Pearson", "Ada J. Pearson", "Ada"],
)
def test_news_with_another_name_is_not(ada: Person, write: Any, text: str) -> None:
    write(text=f"The chair is {text}.")
    assert find_news_about(ada) == []


def test_a_draft_is_not_listed(ada: Person, write: Any) -> None:
    write("Ada Pearson is quoted", live=False)
    assert find_news_about(ada) == []


def test_a_name_that_two_people_have_says_nothing(ada: Person, write: Any) -> None:
    write("Ada Pearson is chair")
    assert len(find_news_about(ada)) == 1
    PersonFactory(name="ada pearson")
    assert find_news_about(ada) == []


def test_news_that_quotes_comes_with_news_that_names_newest_first(
    site: SimpleNamespace, ada: Person, write: Any
) -> None:
    days = [datetime.date(2021, 1, day) for day in range(1, 13)]
    named = [write(f"Ada Pearson speaks on {day}", date=day) for day in days]
    quoting = write("Another matter", date=datetime.date(2021, 1, 20))
    QuotePageFactory(parent=quoting, speaker=ada)
    QuotePageFactory(parent=named[11], speaker=ada)
    assert find_news_about(ada) == [quoting, *named[:2:-1]]


def test_somebody_not_yet_saved_has_no_news(db: None) -> None:
    assert find_news_about(Person(name="Ada Pearson")) == []


@pytest.fixture
def quoting(ada: Person, write: Any) -> list[NewsPage]:
    """Return eleven announcements that quote Ada and name her, the newest first."""
    created = [
        write(f"Ada Pearson speaks on {day}", date=datetime.date(2022, 1, day))
        for day in range(11, 0, -1)
    ]
    for page in created:
        QuotePageFactory(parent=page, speaker=ada, date=page.date)
        QuotePageFactory(parent=page, speaker=ada, date=page.date)
    return created


def test_no_text_is_read_that_cannot_be_among_the_news_shown(
    ada: Person, quoting: list[NewsPage], write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("Ada Pearson is chosen", date=datetime.date(2021, 5, 1))
    # A quotation has the name of its speaker, so that the index finds each of them.
    monkeypatch.setattr(NewsPage, "text", property(lambda page: pytest.fail("A text was read.")))
    assert find_news_about(ada) == quoting[:10]


def test_withdrawn_quotes_do_not_hide_earlier_news(
    ada: Person, quoting: list[NewsPage], write: Any
) -> None:
    mention = write("Ada Pearson is chosen", date=datetime.date(2021, 5, 1))
    for page in quoting[1:]:
        Unpublishing.objects.create(page=page, outcome=Outcome.WITHDRAWN, reason="Wrong")
    assert find_news_about(ada) == [quoting[0], mention]


@pytest.mark.skipif(connection.vendor == "postgresql", reason="explains SQLite's plan")
def test_news_about_a_person_is_not_looked_for_among_all(
    ada: Person, quoting: list[NewsPage]
) -> None:
    with CaptureQueriesContext(connection) as queries:
        find_news_about(ada)
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        assert [step for step in plan if step.startswith("SCAN news_newspage")] == []


def add_entries_of_other_news(number: int) -> None:
    """Add entries without a name to the search index, and have PostgreSQL count them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO wagtailsearch_indexentry (
                object_id, content_type_id, title_norm, autocomplete, title, body,
                title_text, body_text
            )
            SELECT 'other-' || number, %s, 1, '', to_tsvector('other ' || number),
                to_tsvector('words'), '', ''
            FROM generate_series(1, %s) number
            """,
            [ContentType.objects.get_for_model(NewsPage).pk, number],
        )
        cursor.execute("ANALYZE wagtailsearch_indexentry")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="explains PostgreSQL's plan")
def test_postgresql_reads_the_entries_with_the_name_only(ada: Person, write: Any) -> None:
    news = write("Ada Pearson is chair")
    add_entries_of_other_news(2_000)
    with CaptureQueriesContext(connection) as queries:
        assert find_news_about(ada) == [news]
    [sql] = [one["sql"] for one in queries.captured_queries if " @@ " in one["sql"]]
    with connection.cursor() as cursor:
        # PostgreSQL would rather read a small table, and look up the entry of each of few pages.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on search_title_body" in plan, plan
    assert "Seq Scan on wagtailsearch_indexentry" not in plan, plan
