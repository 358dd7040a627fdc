"""Lists of a site with many announcements: what they read does not grow with it."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import Http404
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bhp_site.core.caching import process_cache
from bhp_site.core.paging import paginate
from news.models import NewsKind, NewsPage
from news.more_news import find_more_news
from tests.factories import NewsPageFactory, PartnerPageFactory, QuotePageFactory, ThemePageFactory

on_sqlite = pytest.mark.skipif(
    connection.vendor == "postgresql",
    reason="PostgreSQL plans by statistics, which a test's few rows do not have.",
)


@pytest.fixture
def news(site: SimpleNamespace) -> list[NewsPage]:
    """Return announcements on consecutive days, every second one tagged, the newest first."""
    theme, partner = ThemePageFactory(parent=site.home), PartnerPageFactory(parent=site.home)
    NewsPage.objects.all().delete()
    created = []
    for day in range(1, 10):
        page = NewsPageFactory(parent=site.news_index, date=datetime.date(2024, 5, day))
        if day % 2:
            page.themes.set([theme])
            page.partners.set([partner])
            page.save()
        created.insert(0, page)
    return created


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache as outside of a transaction, beginning with nothing."""
    monkeypatch.setattr(process_cache, "is_in_transaction", lambda: False)
    monkeypatch.setattr(process_cache, "_values", {})


def get_page(number: int, items: Any) -> Any:
    return paginate(RequestFactory().get("/", {"page": number}), items, 4, "test")


def explain(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[3] for row in cursor.fetchall())


def test_a_later_page_is_not_counted_to(news: list[NewsPage], cached: None) -> None:
    items = NewsPage.objects.listed().newest_first()
    assert [*get_page(1, items)] == news[:4]
    with CaptureQueriesContext(connection) as queries:
        part = get_page(3, items)
        assert [*part] == news[8:]
    assert (part.paginator.count, part.paginator.num_pages) == (9, 3)
    assert len(queries) == 1
    assert "OFFSET" not in queries[0]["sql"]
    with pytest.raises(Http404):
        get_page(4, items)


def test_a_cached_list_shows_nothing_that_was_hidden_since(
    news: list[NewsPage], cached: None
) -> None:
    items = NewsPage.objects.listed().newest_first()
    assert news[0] in get_page(1, items)
    NewsPage.objects.filter(pk=news[0].pk).update(live=False)
    assert [*get_page(1, items)] == news[1:4]


def test_an_empty_list_has_one_page(site: SimpleNamespace) -> None:
    assert [*get_page(1, NewsPage.objects.none())] == []


def test_the_list_of_calls_follows_their_closing(
    news: list[NewsPage], site: SimpleNamespace, client: Client, cached: None
) -> None:
    closes_at = timezone.now() + datetime.timedelta(hours=1)
    for title, date in (("Later call", 2), ("Earlier call", 1)):
        NewsPageFactory(
            parent=site.news_index,
            title=title,
            kind=NewsKind.CALL,
            date=datetime.date(2024, 6, date),
            closes_at=closes_at if title == "Later call" else None,
            opens_at=None if title == "Later call" else timezone.now(),
        )
    first = client.get("/news/?kind=call").context["news"]
    assert [page.title for page in first.object_list] == ["Later call", "Earlier call"]
    keys = first.paginator.keys
    with time_machine.travel(closes_at + datetime.timedelta(minutes=1)):
        then = client.get("/news/?kind=call").context["news"]
    assert [page.title for page in then.object_list] == ["Earlier call", "Later call"]
    assert then.paginator.keys[::-1] == keys


@pytest.mark.parametrize("field", ["themes", "partners"])
def test_the_tagged_pages_are_those_with_the_tag(news: list[NewsPage], field: str) -> None:
    (tag,) = getattr(news[0], field).all()
    tagged = NewsPage.objects.tagged(field, tag.pk).listed().newest_first()
    assert [*tagged] == news[::2]
    assert not NewsPage.objects.tagged(field, news[0].pk).exists()


@on_sqlite
def test_the_newest_on_a_theme_are_read_in_the_order_of_their_dates(news: list[NewsPage]) -> None:
    (theme,) = news[0].themes.all()
    plan = NewsPage.objects.tagged("themes", theme.pk).listed().newest_first()[:3].explain()
    assert "news_by_date" in plan
    assert "TEMP B-TREE" not in plan


@on_sqlite
def test_more_news_is_read_in_the_order_of_its_dates(news: list[NewsPage]) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert find_more_news(news[1], news[0].themes.all(), news[0].partners.all()) == news[:6:2]
    sql = next(query["sql"] for query in queries if "topic_2" in query["sql"])
    plan = explain(sql)
    assert plan.count("news_by_date") == 3
    # That of the few candidates of all topics.
    assert plan.count("TEMP B-TREE FOR ORDER BY") <= 2


@on_sqlite
def test_quotes_on_a_theme_do_not_read_all_its_announcements(
    news: list[NewsPage], client: Client, cached: None
) -> None:
    (theme,) = news[0].themes.all()
    quotes = [QuotePageFactory(parent=page, date=page.date) for page in news]
    address = f"/quotes/?theme={theme.slug}"
    assert [*client.get(address).context["quotes"].object_list] == quotes[::2]
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    (sql,) = (query["sql"] for query in queries if "themepage" in query["sql"])
    # SQLite looks up the announcement of each quote, and its themes.
    assert "(path=?)" in explain(sql)
    assert "(themepage_id=?)" not in explain(sql)
