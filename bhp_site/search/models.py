"""Models of the search: index entries, words for suggestions, and counts of failed searches."""

from django.db import models
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Page

from bhp_site.files.models import SiteDocument


class Entry(models.Model):
    """A row of the index: a live page, a chapter of a report, a document, or a page of its text.

    Each database keeps a full-text index of these rows by triggers (see the migration), so that
    row and index are written in one transaction. Who may see an entry is not stored here but
    computed from the page tree (see `visible_results`).
    """

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(
        SiteDocument, null=True, on_delete=models.CASCADE, related_name="+"
    )
    # Chapter of the report or page of the document, from 1; 0 for the whole page or document.
    number = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10)
    date = models.DateField(null=True)
    # Keys of pages.
    partners = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    # Searchable text; matches in the first fields count most.
    title = models.TextField()
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True)
    # Title of the whole to which a part belongs, so that a query can combine words of both.
    context = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "number"], name="one_entry_per_page_and_number"
            ),
            models.UniqueConstraint(
                fields=["document", "number"], name="one_entry_per_file_and_number"
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.context}, page {self.number}"


class Word(models.Model):
    """A word of some entry, from which spelling suggestions are chosen."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class QueryDailyMisses(models.Model):
    """The number of times that a query had no results on a day; nothing identifies the visitor."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="daily_misses")
    date = models.DateField()
    misses = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "date"], name="one_count_per_query_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.query} on {self.date}: {self.misses}"
