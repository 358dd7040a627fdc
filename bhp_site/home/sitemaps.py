from functools import cached_property
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sites.requests import RequestSite
from django.http import HttpRequest
from wagtail.models import Page, Site

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.latest_publication import get_latest_publication_time
from bhp_site.core.page_updates import build_last_change
from bhp_site.core.paging import CachedCountPaginator
from bhp_site.core.visibility import get_visible_pages
from reports.chapters import Chapter
from reports.models import ReportPage


class SiteSitemap(Sitemap):
    """Addresses of this site, in parts of 5,000."""

    limit = 5000

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
    def paginator(self) -> CachedCountPaginator:
        """Return a paginator whose count is cached."""
        return CachedCountPaginator("pages", self.items(), self.limit)


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
