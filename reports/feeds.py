from collections.abc import Iterable

from django.db.models import Prefetch
from django.urls import reverse_lazy
from django.utils.html import escape

from bhp_site.core.feed_content import build_paragraph
from bhp_site.core.feeds import MAX_ITEMS, PageFeed

from .chapters import Chapter
from .models import ReportPage


class ReportFeed(PageFeed):
    """The feed of reports."""

    title = "Reports by Birmingham Health Partners"
    link = "/reports/"
    feed_url = reverse_lazy("report-feed")
    section = "reports"

    def pages(self) -> Iterable[ReportPage]:
        """Return the newest reports."""
        chapters = Prefetch("chapters", Chapter.objects.only("report", "slug"))
        reports = ReportPage.objects.listed().with_updates().newest_first().with_downloads()
        return reports.prefetch_related(chapters)[:MAX_ITEMS]

    def build_html(self, item: ReportPage) -> str:
        """Return the summary, highlights and body as HTML, and a link to the chapters."""
        html = [build_paragraph(item.summary), *(str(block.render()) for block in item.highlights)]
        if item.edition:
            html.append(f'<p><a href="{escape(item.get_edition_url())}">Read it online</a></p>')
        return "".join([*html, item.feed_html])
