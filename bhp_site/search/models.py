from django.db import models
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Page

from bhp_site.files.models import SiteDocument


class Entry(models.Model):
    """What can be found: a live page, a chapter of a report, a file, or one page of its text.

    Each database keeps its own full-text index of these rows by triggers (`migrations`), so that
    row and index are written in one transaction. Who may see an entry is not written here: it is
    asked of the tree (`directory`).
    """

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")
    document = models.ForeignKey(
        SiteDocument, null=True, on_delete=models.CASCADE, related_name="+"
    )
    # Of the text: its page in the file, or chapter in the report, from 1; 0 for the whole.
    number = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=10)
    date = models.DateField(null=True)
    # Keys of the pages.
    partners = models.JSONField(default=list)
    themes = models.JSONField(default=list)
    # What is looked through, what counts most first.
    title = models.TextField()
    names = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    text = models.TextField(blank=True)
    # What the words of a part stand in: they are found together with those of its title.
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
    """A word that some entry has, to guess what was meant by one that none has."""

    word = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.word


class Miss(models.Model):
    """How often a day something was looked for and not found; nothing is kept about who did."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="misses")
    day = models.DateField()
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["query", "day"], name="one_miss_per_query_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.query} on {self.day}: {self.times}"
