import datetime
from collections.abc import Iterable

from django.db.models import Prefetch
from django.urls import reverse_lazy
from django.utils.html import escape

from bhp_site.core.dates import Precision
from bhp_site.core.feeds import LENGTH, PageFeed

from .chapters import Chapter
from .models import ReportPage


class ReportFeed(PageFeed):
    title = "Reports by Birmingham Health Partners"
    link = "/reports/"
    feed_url = reverse_lazy("report-feed")

    def pages(self) -> Iterable[ReportPage]:
        chapters = Prefetch("chapters", Chapter.objects.only("report", "slug"))
        reports = ReportPage.objects.visible().latest_first().with_downloads()
        return reports.prefetch_related(chapters)[:LENGTH]

    def item_description(self, item: ReportPage) -> str:
        summary = super().item_description(item)
        if not item.edition:
            return summary
        return f'<p>{summary}</p><p><a href="{escape(self.online(item))}">Read it online</a></p>'

    def words(self, item: ReportPage) -> str:
        """Those of its own page, and where its chapters are."""
        if not item.edition:
            return item.own_text
        return f"{item.own_text}\n\nRead it online: {self.online(item)}"

    def online(self, item: ReportPage) -> str:
        return self.request.build_absolute_uri(item.reading_url())

    def day(self, item: ReportPage) -> datetime.date | None:
        return item.published_date if item.published_precision == Precision.DAY else None
