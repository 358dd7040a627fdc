"""The pages that an announcement links to: its partners, its themes, and those of its quotes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from wagtail.models import Page

from bhp_site.core.visibility import build_visible_sql
from bhp_site.themes.models import ThemePage
from partners.models import PartnerPage

from .quote_pages import QuotePage

_PARTNER, _THEME, _QUOTE = range(3)
# As `SitePageQuerySet.to_link` loads them.
_LINK_FIELDS = {"page_ptr_id", "title", "url_path"}


@dataclass
class LinkedPages:
    """The links of an announcement that visitors can follow; URLs of quotes are by block id."""

    partners: list[PartnerPage] = field(default_factory=list)
    themes: list[ThemePage] = field(default_factory=list)
    quote_urls: dict[str, str] = field(default_factory=dict)


def find_linked_pages(announcement: Any, request: HttpRequest) -> LinkedPages:
    """Return the visible partners and themes, and the live quotes, of an `announcement`.

    It is one query, written as SQL: Django would take three, and longer to build each of them than
    the database to run it.
    """
    news = type(announcement)
    selects = [
        _select_tagged(_PARTNER, news.partners.through, "partnerpage_id"),
        _select_tagged(_THEME, news.themes.through, "themepage_id"),
    ]
    params = [announcement.pk, announcement.pk]
    if announcement.has_quotes:
        selects.append(_select_quotes())
        first_and_last = announcement._get_children_path_interval(announcement.path)
        params += [announcement.depth + 1, *first_and_last]
    linked = LinkedPages()
    with connection.cursor() as cursor:
        cursor.execute(f"{' UNION ALL '.join(selects)} ORDER BY kind, id", params)
        rows = cursor.fetchall()
    for kind, key, title, path, block in rows:
        if kind == _PARTNER:
            linked.partners.append(_build_link(PartnerPage, title, path, key))
        elif kind == _THEME:
            linked.themes.append(_build_link(ThemePage, title, path, key))
        else:
            linked.quote_urls[str(UUID(block))] = f"{announcement.get_url(request)}{path}/"
    return linked


def _select_tagged(kind: int, tags: Any, column: str) -> str:
    """Return SQL for the visible pages in a `column` of the table of `tags`."""
    return (
        f"SELECT {kind} AS kind, page.id AS id, page.title AS title, page.url_path AS path,"  # noqa: S608
        f" '' AS block FROM {tags._meta.db_table} tag"
        f" JOIN {Page._meta.db_table} page ON page.id = tag.{column}"
        f" WHERE tag.newspage_id = %s AND {build_visible_sql('page')}"
    )


def _select_quotes() -> str:
    """Return SQL for the live quotes at a depth and between two paths."""
    return (
        f"SELECT {_QUOTE}, page.id, '', page.slug, CAST(quote.block_id AS varchar(36))"  # noqa: S608
        f" FROM {QuotePage._meta.db_table} quote"
        f" JOIN {Page._meta.db_table} page ON page.id = quote.page_ptr_id"
        " WHERE page.live AND page.depth = %s AND page.path BETWEEN %s AND %s"
    )


def _build_link(model: Any, title: str, path: str, key: int) -> Any:
    """Return a page of `model` with only the fields loaded that a link to it needs."""
    return model.from_db(connection.alias, _LINK_FIELDS, (title, path, key))
