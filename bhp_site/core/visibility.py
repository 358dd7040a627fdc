"""The one rule of who may see a page, for pages, quotes, files, search, feeds and sitemap alike."""

from typing import Any

from django.db import models
from django.db.models import Func, Q
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

# Pages down to this depth (home is 2, an announcement 4) take one look-up per ancestor. Deeper
# pages take one per depth that a path can hold, so this number decides how fast the rule is, never
# what it says.
SHALLOW_DEPTH = 6
MAX_DEPTH = Page._meta.get_field("path").max_length // Page.steplen


class _PathExists(Func):
    """SQL for: a page at a given path, or at one of its ancestors' paths, meets a condition.

    Ancestors are found by the fixed-length prefixes of the path, so each check is an index look-up.
    A prefix longer than the path is the path itself. Written as SQL because Django takes longer to
    build the same from its own expressions than the database takes to answer it.
    """

    output_field = models.BooleanField()
    # SQL about the alias `above`, a page at one of those paths.
    condition = ""

    def __init__(self, path: str = "path") -> None:
        super().__init__(path)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        path, params = compiler.compile(self.source_expressions[0])
        shallow, any_depth = (
            self._build_exists(path, depth) for depth in (SHALLOW_DEPTH, MAX_DEPTH)
        )
        longest = SHALLOW_DEPTH * Page.steplen
        sql = f"CASE WHEN LENGTH({path}) <= {longest} THEN {shallow} ELSE {any_depth} END"
        return sql, [*params] * (1 + SHALLOW_DEPTH + MAX_DEPTH)

    def _build_exists(self, path: str, max_depth: int) -> str:
        """Return SQL that is exact for paths of pages down to `max_depth`."""
        lengths = (Page.steplen * depth for depth in range(1, max_depth + 1))
        prefixes = ", ".join(f"SUBSTR({path}, 1, {length})" for length in lengths)
        pages = f"SELECT 1 FROM {Page._meta.db_table} above"  # noqa: S608
        return f"EXISTS({pages} WHERE above.path IN ({prefixes}) AND {self.condition})"


class _DraftExists(_PathExists):
    condition = "NOT above.live"


class _RestrictionExists(_PathExists):
    condition = f"above.id IN (SELECT page_id FROM {PageViewRestriction._meta.db_table})"  # noqa: S608


class _IsNoAlias(Func):
    """SQL for: the page is no alias.

    SQLite would take `IS NULL` for a selective condition and look through all pages by that index,
    instead of reading a list in the order of its own. A unary plus rules the index out.
    """

    output_field = models.BooleanField()
    template = "%(expressions)s IS NULL"

    def __init__(self) -> None:
        super().__init__("alias_of")

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="+%(expressions)s IS NULL", **extra)


def has_view_restriction() -> Func:
    """Return an expression for whether a page, or a page above it, has a view restriction."""
    return _RestrictionExists()


def live_q() -> Q:
    """Return the condition for pages that are live, below live pages only, and no alias.

    Wagtail's own `.live()` includes a live quote below an unpublished announcement. An alias would
    follow the restrictions of another page; this site has none (`BasePage.save`).
    """
    return Q(live=True) & Q(_IsNoAlias()) & Q(~_DraftExists())


def visible_q() -> Q:
    """What anybody may read: live, below live pages only, and under no view restriction."""
    return live_q() & Q(~has_view_restriction())


class SitePageQuerySet(PageQuerySet):
    def visible(self) -> "SitePageQuerySet":
        """Pages that anybody may read: see `visible_q`."""
        return self.filter(visible_q())

    def to_link(self) -> "SitePageQuerySet":
        """With what a link to a page needs, and no more."""
        return self.only("title", "url_path")


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


def get_live_pages() -> PageQuerySet:
    """Pages of every type that anybody may read, or those who have passed what guards them."""
    return Page.objects.filter(live_q())


def get_visible_pages() -> PageQuerySet:
    """Pages of every type that anybody may read."""
    return Page.objects.filter(visible_q())
