"""Decide which pages visitors may see, for pages, documents, search, feeds and sitemap alike."""

from typing import Any

from django.db import models
from django.db.models import Func, Q
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

from .page_updates import UpdatesColumn
from .unpublishing import Outcome, Unpublishing

# Pages down to this depth (home is 2, an announcement 4) are answered with one index look-up per
# ancestor. Deeper pages need one more condition, with a look-up for each depth that a path can
# hold. This number decides how fast the rule is, never what it says.
SHALLOW_DEPTH = 6
MAX_DEPTH = Page._meta.get_field("path").max_length // Page.steplen


class _PathExists(Func):
    """SQL for: the page at a path, or a page above it, meets a condition.

    Ancestors are found by the fixed-length prefixes of the path; a prefix longer than the path is
    the path itself. Each row costs a look-up in the unique index of paths for each prefix, whatever
    statistics the database has. `condition` is SQL about the alias `above`, a page at one of those
    paths. Written as SQL because Django takes longer to build the same from its own expressions
    than the database takes to answer it.
    """

    output_field = models.BooleanField()

    def __init__(self, condition: str, path: str = "path") -> None:
        super().__init__(path)
        self.condition = condition

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        path, params = compiler.compile(self.source_expressions[0])
        return build_path_sql(path, self.condition), [*params] * PATHS_IN_SQL


# How often the SQL of `build_path_sql` names the path.
PATHS_IN_SQL = 1 + SHALLOW_DEPTH + MAX_DEPTH


def build_path_sql(path: str, condition: str) -> str:
    """Return SQL for: the page at `path`, or a page above it, meets `condition`: see _PathExists.

    `path` is SQL for the path.
    """
    shallow, any_depth = (
        _build_exists(path, condition, depth) for depth in (SHALLOW_DEPTH, MAX_DEPTH)
    )
    longest = SHALLOW_DEPTH * Page.steplen
    return f"({shallow} OR (LENGTH({path}) > {longest} AND {any_depth}))"


def _build_exists(path: str, condition: str, max_depth: int) -> str:
    """Return SQL that is exact for paths of pages down to `max_depth`."""
    lengths = (Page.steplen * depth for depth in range(1, max_depth + 1))
    prefixes = ", ".join(f"SUBSTR({path}, 1, {length})" for length in lengths)
    pages = f"SELECT 1 FROM {Page._meta.db_table} above"  # noqa: S608
    return f"EXISTS({pages} WHERE above.path IN ({prefixes}) AND ({condition}))"


# An alias would follow the restrictions of another page; this site has none (`BasePage.save`).
_IS_HIDDEN = "NOT above.live OR above.alias_of_id IS NOT NULL"
_IS_RESTRICTED = f"above.id IN (SELECT page_id FROM {PageViewRestriction._meta.db_table})"  # noqa: S608

_IS_WITHDRAWN = (
    f"above.id IN (SELECT page_id FROM {Unpublishing._meta.db_table}"  # noqa: S608
    f" WHERE outcome = '{Outcome.WITHDRAWN}')"
)
_IS_NOT_VISIBLE = f"{_IS_HIDDEN} OR {_IS_RESTRICTED}"
_IS_NOT_LISTED = f"{_IS_NOT_VISIBLE} OR {_IS_WITHDRAWN}"


def has_view_restriction() -> Func:
    """Return an expression for whether a page, or a page above it, has a view restriction."""
    return _PathExists(_IS_RESTRICTED)


def live_q() -> Q:
    """Return the condition for pages that are live, are below live pages only, and are no alias.

    Wagtail's own `.live()` includes a live quote below an unpublished announcement.
    """
    return Q(live=True) & Q(~_PathExists(_IS_HIDDEN))


def visible_q() -> Q:
    """Return the condition for pages that every visitor may read: `live_q`, and not restricted.

    It is one subquery over the page and its ancestors.
    """
    return Q(live=True) & Q(~_PathExists(_IS_NOT_VISIBLE))


def build_visible_sql(page: str) -> str:
    """Return `visible_q` as SQL about `page`, the alias of a row of the table of pages."""
    return f"({page}.live AND NOT {build_path_sql(f'{page}.path', _IS_NOT_VISIBLE)})"


def listed_q() -> Q:
    """Return the condition for pages that lists and feeds show: `visible_q`, and not withdrawn."""
    return Q(live=True) & Q(~_PathExists(_IS_NOT_LISTED))


def build_listed_sql(page: str) -> str:
    """Return `listed_q` as SQL about `page`, the alias of a row of the table of pages."""
    return f"({page}.live AND NOT {build_path_sql(f'{page}.path', _IS_NOT_LISTED)})"


class SitePageQuerySet(PageQuerySet):
    """Selections of pages of one type."""

    def visible(self) -> "SitePageQuerySet":
        """Return the pages that every visitor may read: see `visible_q`."""
        return self.filter(visible_q())

    def listed(self) -> "SitePageQuerySet":
        """Return the pages that lists and feeds show: see `listed_q`."""
        return self.filter(listed_q())

    def with_updates(self) -> "SitePageQuerySet":
        """Return the pages with their `updates` read in the same query."""
        return self.annotate(update_rows=UpdatesColumn())

    def to_link(self) -> "SitePageQuerySet":
        """Return the pages with only the fields loaded that a link to a page needs."""
        return self.only("title", "url_path")


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


def get_live_pages() -> PageQuerySet:
    """Return the pages of every type that satisfy `live_q`, restricted ones included."""
    return Page.objects.filter(live_q())


def get_visible_pages() -> PageQuerySet:
    """Return the pages of every type that every visitor may read: see `visible_q`."""
    return Page.objects.filter(visible_q())
