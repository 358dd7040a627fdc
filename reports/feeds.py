import datetime
from collections.abc import Iterable

from django.urls import reverse_lazy

from bhp_site.core.dates import Precision
from bhp_site.core.feeds import LENGTH, PageFeed

from .models import ReportPage


class ReportFeed(PageFeed):
    title = "Reports by Birmingham Health Partners"
    link = "/reports/"
    feed_url = reverse_lazy("report-feed")

    def pages(self) -> Iterable[ReportPage]:
        return ReportPage.objects.visible().latest_first().with_downloads()[:LENGTH]

    def day(self, item: ReportPage) -> datetime.date | None:
        return item.published_date if item.published_precision == Precision.DAY else None
