"""The one rule of who may see a page, for pages, quotes, files, search, feeds and sitemap alike."""

from typing import Any

from django.db import models
from django.db.models import Func, Q
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

# Root, home, index, page, child, and room for two more: the tree rules allow no deeper page.
DEEPEST = 7


class _AnyAbove(Func):
    """Whether any page at the path given or above it meets a condition.

    Ancestors are found by the fixed-length prefixes of a page's path, so that each check is a
    look-up in an index rather than a walk. Written as SQL: Django takes longer to put the same
    together from its own expressions than the database to answer it.
    """

    output_field = models.BooleanField()
    # The condition on `above`.
    condition = ""

    def __init__(self, path: str = "path") -> None:
        super().__init__(path)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        path, params = compiler.compile(self.source_expressions[0])
        lengths = [Page.steplen * depth for depth in range(1, DEEPEST)]
        paths = ", ".join(f"SUBSTR({path}, 1, {length})" for length in lengths)
        above = f"SELECT 1 FROM {Page._meta.db_table} above WHERE above.path IN ({paths})"  # noqa: S608
        return f"EXISTS({above} AND {self.condition})", [*params] * len(lengths)


class _AnyDraftAbove(_AnyAbove):
    condition = "NOT above.live"


class _AnyRestrictionAbove(_AnyAbove):
    condition = f"above.id IN (SELECT page_id FROM {PageViewRestriction._meta.db_table})"  # noqa: S608


def restricted() -> Func:
    """Whether a page, or one above it, is under a view restriction."""
    return _AnyRestrictionAbove()


def live_q() -> Q:
    """Live, and below live pages only.

    Wagtail's own `.live()` takes a live quote below an unpublished announcement along.
    """
    return Q(live=True) & Q(~_AnyDraftAbove())


def visible_q() -> Q:
    """What anybody may read: live, below live pages only, and under no view restriction."""
    return live_q() & Q(~restricted())


class SitePageQuerySet(PageQuerySet):
    def visible(self) -> "SitePageQuerySet":
        """Pages that anybody may read: see `visible_q`."""
        return self.filter(visible_q())

    def to_link(self) -> "SitePageQuerySet":
        """With what a link to a page needs, and no more."""
        return self.only("title", "url_path")


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


def live_pages() -> PageQuerySet:
    """Pages of every type that anybody may read, or those who have passed what guards them."""
    return Page.objects.filter(live_q())


def visible_pages() -> PageQuerySet:
    """Pages of every type that anybody may read."""
    return Page.objects.filter(visible_q())
