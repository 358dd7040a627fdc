"""The one rule of who may see a page, for pages, quotes, files, search, feeds and sitemap alike."""

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from wagtail.models import Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

# Root, home, index, page, child, and room for two more: the tree rules allow no deeper page.
DEEPEST = 7


def _above() -> list[Substr]:
    """Paths of the page looked at and of all above it, as expressions over the outer query.

    Ancestors are found by the fixed-length prefixes of a page's path, so that each check is a
    look-up in an index rather than a walk.
    """
    return [Substr(OuterRef("path"), 1, Page.steplen * depth) for depth in range(1, DEEPEST)]


def restricted() -> Exists:
    """Whether a page, or one above it, is under a view restriction."""
    return Exists(PageViewRestriction.objects.filter(page__path__in=_above()))


def live_q() -> Q:
    """Live, and below live pages only.

    Wagtail's own `.live()` takes a live quote below an unpublished announcement along.
    """
    return Q(live=True) & Q(~Exists(Page.objects.filter(path__in=_above(), live=False)))


def visible_q() -> Q:
    """What anybody may read: live, below live pages only, and under no view restriction."""
    return live_q() & Q(~restricted())


class SitePageQuerySet(PageQuerySet):
    def visible(self) -> "SitePageQuerySet":
        """Pages that anybody may read: see `visible_q`."""
        return self.filter(visible_q())


SitePageManager = PageManager.from_queryset(SitePageQuerySet)


def live_pages() -> PageQuerySet:
    """Pages of every type that anybody may read, or those who have passed what guards them."""
    return Page.objects.filter(live_q())


def visible_pages() -> PageQuerySet:
    """Pages of every type that anybody may read."""
    return Page.objects.filter(visible_q())
