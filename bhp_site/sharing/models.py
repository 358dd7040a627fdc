"""The picture that stands for a page where somebody shares it."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from wagtail.models import Page


class Card(models.Model):
    """The card of a live page: its bytes are in the media, its address changes with them."""

    WIDTH, HEIGHT = 1200, 630

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    # Of what it shows, so that nothing is drawn twice.
    shows = models.CharField(max_length=64, blank=True)
    # Of its bytes; empty where its words cannot be drawn.
    digest = models.CharField(max_length=64, blank=True)
    # What it says, for those who do not see it.
    alt = models.TextField(blank=True)
    # Since when it has to be looked at again.
    due = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"Card of {self.page}"

    @property
    def file(self) -> str:
        """Name in the media."""
        return file_of(self.page_id, self.digest) if self.digest else ""

    def open(self) -> Any:
        """Its bytes; FileNotFoundError where they are gone."""
        return default_storage.open(self.file, "rb")


class _OfCard(models.Func):
    """Written as SQL: to put a `Subquery` together takes longer than to answer it."""

    output_field = models.TextField()

    def __init__(self, field: str) -> None:
        super().__init__("pk")
        self.column = field

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        page, params = compiler.compile(self.source_expressions[0])
        table = Card._meta.db_table
        return f"(SELECT {self.column} FROM {table} WHERE page_id = {page})", params  # noqa: S608


def of_page(field: str) -> models.Func:
    """What the card of each page has in the column `field`."""
    return _OfCard(field)


def url_of(page: int, digest: str) -> str:
    return reverse("card", args=[page, digest])


def folder_of(page: int) -> str:
    """Of its page alone, so that all in it can go with the page."""
    return f"cards/{page}"


def file_of(page: int, digest: str) -> str:
    return f"{folder_of(page)}/{digest}.jpg"
