"""Series of reports, such as the reports of activity."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from wagtail.search import index


class ReportSeries(index.Indexed, models.Model):
    """A series of reports; a permanent URL redirects to its latest report."""

    name = models.CharField(
        max_length=120, unique=True, help_text="For example “Reports of activity”."
    )
    slug = models.SlugField(
        "address",
        max_length=120,
        unique=True,
        help_text=(
            "The last part of the address, after /reports/latest/. It always leads to the latest "
            "report of the series."
        ),
    )

    panels = ["name", "slug"]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name_plural = "series of reports"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def report_count(self) -> int:
        """Return the number of reports, live or not."""
        reports: Any = self.reports
        return int(reports.count())

    def get_visible_reports(self) -> Any:
        """Return the reports that visitors may read, latest first: by period, else by date."""
        covered = Coalesce("period_end", "date")
        reports: Any = self.reports
        return reports.all().listed().order_by(covered.desc(), "-date", "-pk")
