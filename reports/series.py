"""Reports that follow one another, such as the reports of activity."""

from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from wagtail.search import index


class ReportSeries(index.Indexed, models.Model):
    """A series; its reports name it. The latest has an address of its own."""

    name = models.CharField(
        max_length=120, unique=True, help_text="For example “Reports of activity”."
    )
    slug = models.SlugField(
        "address",
        max_length=120,
        unique=True,
        help_text="/reports/latest/ and this always leads to the latest report.",
    )

    panels = ["name", "slug"]
    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        verbose_name_plural = "series of reports"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def number_of_reports(self) -> int:
        """Live or not, for listings."""
        reports: Any = self.reports
        return int(reports.count())

    def visible(self) -> Any:
        """Its reports that visitors may read: by what they cover, else by date, latest first."""
        covered = Coalesce("period_end", "published_date")
        reports: Any = self.reports
        return reports.all().visible().order_by(covered.desc(), "-published_date", "-pk")
