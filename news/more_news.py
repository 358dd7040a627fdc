"""What visitors can read after an announcement."""

from collections.abc import Iterable

from django.db import connection
from wagtail.models import Page

from bhp_site.core.visibility import build_listed_sql

from .list_images import attach_images, build_cover_sql
from .models import NewsPage

MAX_MORE_NEWS = 3
# What `attach_images` and a row of a list read.
ROW_COLUMNS = (
    *("page.title", "page.url_path", "news.page_ptr_id", "news.summary", "news.body"),
    *("news.report_id", "news.kind", "news.date", "news.date_precision"),
    *("news.opens_at", "news.closes_at"),
)


def find_more_news(
    page: NewsPage, themes: Iterable[Page], partners: Iterable[Page]
) -> list[NewsPage]:
    """Return visible news to read after `page`, each with its `list_image`.

    News on one of its `themes` comes first, then news about one of its `partners`, then the latest.
    Within each the newest comes first. It is written as SQL, because Django takes longer to build
    the same than the database to run it.
    """
    topics = _build_topics(themes, partners)
    topic_number = " ".join(
        f"WHEN news.page_ptr_id IN ({keys}) THEN {number}" for number, keys in enumerate(topics)
    )
    order = [f"CASE {topic_number} ELSE {len(topics)} END"] if topics else []
    cover_key, restricted_paths = build_cover_sql("news.report_id")
    candidates, candidates_params = _build_candidates(page, topics)
    sql = (
        f"SELECT {', '.join(ROW_COLUMNS)}, {cover_key} AS cover_key"  # noqa: S608
        f" FROM {NewsPage._meta.db_table} news"
        f" JOIN {Page._meta.db_table} page ON page.id = news.page_ptr_id"
        f" WHERE news.page_ptr_id IN ({candidates})"
        f" ORDER BY {', '.join([*order, 'news.date DESC', 'news.page_ptr_id DESC'])}"
        f" LIMIT {MAX_MORE_NEWS}"
    )
    return attach_images(NewsPage.objects.raw(sql, [*restricted_paths, *candidates_params]))


def _build_topics(themes: Iterable[Page], partners: Iterable[Page]) -> list[str]:
    """Return a query, as SQL, for the keys of the news on `themes`, and one for `partners`.

    There is none for a topic without pages.
    """
    pages_by_table = {
        (NewsPage.themes.through._meta.db_table, "themepage_id"): themes,
        (NewsPage.partners.through._meta.db_table, "partnerpage_id"): partners,
    }
    return [
        f"SELECT newspage_id FROM {table} WHERE {column} IN ({keys})"  # noqa: S608
        for (table, column), pages in pages_by_table.items()
        if (keys := ", ".join(str(int(page.pk)) for page in pages))
    ]


def _build_candidates(page: NewsPage, topics: Iterable[str]) -> tuple[str, list[int]]:
    """Return SQL, with parameters, for the newest listed news of each of `topics`, and of all."""
    listed = (
        f"SELECT news.page_ptr_id FROM {NewsPage._meta.db_table} news"  # noqa: S608
        f" JOIN {Page._meta.db_table} page ON page.id = news.page_ptr_id"
        f" WHERE {build_listed_sql('page')} AND news.page_ptr_id <> %s"
    )
    newest = f" ORDER BY news.date DESC, news.page_ptr_id DESC LIMIT {MAX_MORE_NEWS}"
    # “+” keeps SQLite from sorting all news on a topic: it reads the index of dates instead.
    key = "+news.page_ptr_id" if connection.vendor == "sqlite" else "news.page_ptr_id"
    conditions = ["", *(f" AND {key} IN ({keys})" for keys in topics)]
    sql = " UNION ALL ".join(
        f"SELECT * FROM ({listed}{condition}{newest}) topic_{number}"  # noqa: S608
        for number, condition in enumerate(conditions)
    )
    return sql, [page.pk] * len(conditions)
