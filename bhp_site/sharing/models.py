"""The card of a page: the image that other sites show in links to the page."""

from typing import Any

from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from wagtail.models import Page


class Card(models.Model):
    """The card of a live page. Its file is in the media storage; its address names its content."""

    WIDTH, HEIGHT = 1200, 630

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="+")
    # Hash of the text and image on it, so that it is drawn only after a change.
    content_hash = models.CharField(max_length=64, blank=True)
    # Hash of its file; empty if its text cannot be drawn.
    digest = models.CharField(max_length=64, blank=True)
    # Its text, for people who cannot see it.
    alt = models.TextField(blank=True)
    # When it was marked for an update; None if it is current.
    due = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"Card of {self.page}"

    @property
    def path(self) -> str:
        """Return the path in the media storage; "" if there is no file."""
        return get_card_path(self.page_id, self.digest) if self.digest else ""

    def open(self) -> Any:
        """Open the file for reading and return it; raise FileNotFoundError if it is missing."""
        return default_storage.open(self.path, "rb")


class CardColumn(models.Func):
    """A column of the card of each page in a query.

    It is written as SQL, because building a `Subquery` takes longer than running it.
    """

    output_field = models.TextField()

    def __init__(self, column: str) -> None:
        super().__init__("pk")
        self.column = column

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return a subquery for the column of the page's card."""
        page, params = compiler.compile(self.source_expressions[0])
        table = Card._meta.db_table
        return f"(SELECT {self.column} FROM {table} WHERE page_id = {page})", params  # noqa: S608


def get_card_url(page: int, digest: str) -> str:
    """Return the path of a card on this site."""
    return reverse("card", args=[page, digest])


def get_card_folder(page: int) -> str:
    """Return the folder of a page's cards in the media storage; it has no other files."""
    return f"cards/{page}"


def get_card_path(page: int, digest: str) -> str:
    """Return the path of a card in the media storage."""
    return f"{get_card_folder(page)}/{digest}.jpg"
