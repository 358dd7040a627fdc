from functools import cached_property
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.core.paginator import Page as Part
from django.core.paginator import Paginator
from django.http import HttpRequest
from wagtail.models import Page, Site

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.latest_publication import get_latest_publication_time
from bhp_site.core.page_updates import build_last_change
from bhp_site.core.visibility import get_visible_pages
from reports.chapters import Chapter
from reports.models import ReportPage


class PathPaginator(Paginator):
    """Paginator of pages in order of their paths, which finds a part by its first path.

    With an offset, a part would take longer the more pages precede it.
    """

    @cached_property
    def first_paths(self) -> list[str]:
        """Return the path with which each part begins, cached until content changes."""
        paths: Any = self.object_list
        paths = paths.values_list("path", flat=True)
        first: list[str] = cached_aggregate(
            "first paths of the sitemap", lambda: list(paths)[:: self.per_page]
        )
        return first

    @property
    def num_pages(self) -> int:  # type: ignore[override]
        """Return the number of parts; there is always one."""
        return len(self.first_paths) or 1

    def page(self, number: int | str) -> Part:
        """Return the part with this `number`; raise InvalidPage if there is none."""
        number = self.validate_number(number)
        pages: Any = self.object_list
        if number > 1:
            pages = pages.filter(path__gte=self.first_paths[number - 1])
        if number < self.num_pages:
            pages = pages.filter(path__lt=self.first_paths[number])
        return Part(pages, number, self)


class SiteSitemap(Sitemap):
    """Addresses of this site, in parts of 1,000."""

    limit = 1000

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_urls(self, page: int | str = 1, site: Any = None, protocol: Any = None) -> Any:
        """Return the URLs with this request's host and scheme."""
        return super().get_urls(page, RequestSite(self.request), self.request.scheme)


class PageSitemap(SiteSitemap):
    """All visible pages of the site."""

    def items(self) -> Any:
        """Return the visible pages of the request's site."""
        pages = get_visible_pages().descendant_of(self._get_home(), inclusive=True)
        return pages.annotate(changed_at=build_last_change()).defer_streamfields().order_by("path")

    def location(self, page: Page) -> str:
        """Return the path of `page`."""
        return page.get_url(self.request) or "/"

    def lastmod(self, page: Page) -> Any:
        """Return when `page` had its last major update, else when it was first published."""
        return page.changed_at  # type: ignore[attr-defined]

    def get_latest_lastmod(self) -> Any:
        """Return the latest of these times, without reading every page."""
        return get_latest_publication_time(self._get_home())

    def _get_home(self) -> Page:
        site = Site.find_for_request(self.request)
        assert site is not None
        return site.root_page

    @cached_property
    def paginator(self) -> PathPaginator:
        """Return a paginator whose parts all take as long as the first."""
        return PathPaginator(self.items(), self.limit)


class ChapterSitemap(SiteSitemap):
    """The sitemap of the chapters of visible reports' editions."""

    def items(self) -> Any:
        """Return the chapters of visible reports with the time of their last change."""
        chapters = Chapter.objects.filter(report__in=ReportPage.objects.visible())
        chapters = chapters.annotate(changed_at=build_last_change("report__"))
        return chapters.select_related("report").defer("body", "footnotes").order_by("report", "pk")

    def location(self, chapter: Chapter) -> str:
        """Return the path of `chapter`."""
        return chapter.report.get_edition_url(self.request, chapter.slug)

    def lastmod(self, chapter: Chapter) -> Any:
        """Return when the report of `chapter` had its last major update or was published."""
        return chapter.changed_at  # type: ignore[attr-defined]


def get_sitemaps(request: HttpRequest) -> dict[str, Any]:
    """Return the sitemaps by name, for Django's views; that of chapters only if there are any."""
    pages, chapters = PageSitemap(request), ChapterSitemap(request)
    with_chapters = cached_aggregate("any chapters", chapters.items().exists)
    return {"pages": pages, **({"chapters": chapters} if with_chapters else {})}
