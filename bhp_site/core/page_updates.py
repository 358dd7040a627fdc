"""Updates of public pages: what changed for readers and when, listed on the page."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page, Revision

from .text.dates import KnownDate

MAX_NOTE_CHARACTERS = 250
NOTE_MISSING = "Say what changed, for the readers of the page. Or choose a minor update."
NOTE_UNUSED = (
    "A minor update shows no note. Choose a major update or a correction, or remove the note."
)


class UpdateKind(models.TextChoices):
    """The kind of the next publication of a public page: whether its readers are told of it."""

    MINOR = "minor", "Minor: nothing that readers need to know, such as a spelling"
    MAJOR = "major", "Major: readers are told what changed"
    CORRECTION = "correction", "Correction: a major update that is shown at the top of the page"


class PageUpdate(models.Model):
    """A major update of a page, recorded when it was published.

    It belongs to the page and not to a revision, so that publishing an earlier version keeps it.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="public_updates")
    # The version that was published with it.
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    is_correction = models.BooleanField("shown at the top of the page", default=False)
    note = models.CharField("what changed", max_length=MAX_NOTE_CHARACTERS, blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        indexes = [models.Index(fields=["page", "published_at"], name="updates_by_page")]

    def __str__(self) -> str:
        return self.note or f"Update of {self.page}"


@dataclass(frozen=True)
class UpdateNote:
    """A major update as a page lists it."""

    published_at: datetime.datetime
    is_correction: bool
    note: str

    @property
    def date(self) -> KnownDate:
        """Return the day of the update, in the site's time zone."""
        return KnownDate(timezone.localdate(self.published_at))


class _UpdateColumn(models.Func):
    """SQL over the updates of each page in a query; `columns` is an SQL expression.

    It is written as SQL, because building a `Subquery` takes longer than running it, and because
    Django has no aggregate for JSON.
    """

    columns = ""

    def __init__(self, page: str = "pk") -> None:
        super().__init__(page)

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return a subquery for `columns` of the updates of the page."""
        page, params = compiler.compile(self.source_expressions[0])
        columns = self.columns
        if connection.vendor == "postgresql":
            columns = columns.replace("json_array", "json_build_array")
            columns = columns.replace("json_group_array", "json_agg")
        table = PageUpdate._meta.db_table
        return f"(SELECT {columns} FROM {table} WHERE page_id = {page})", params  # noqa: S608


class UpdatesColumn(_UpdateColumn):
    """The updates of each page in a query, as JSON that `parse_updates` reads."""

    output_field = models.TextField()
    columns = "CAST(json_group_array(json_array(published_at, is_correction, note)) AS text)"


class LastUpdateColumn(_UpdateColumn):
    """The time of the last major update of each page in a query; null if there is none."""

    output_field = models.DateTimeField()
    columns = "MAX(published_at)"


def parse_updates(rows: str | None) -> list[UpdateNote]:
    """Return the updates in the value of `UpdatesColumn`, the latest first."""
    updates = []
    for published_at, is_correction, note in json.loads(rows or "[]"):
        moment = datetime.datetime.fromisoformat(published_at)
        if moment.tzinfo is None:
            # As SQLite stores times.
            moment = moment.replace(tzinfo=datetime.UTC)
        updates.append(UpdateNote(moment, bool(is_correction), note))
    return sorted(updates, key=lambda update: update.published_at, reverse=True)


def get_updates(page: Page) -> list[UpdateNote]:
    """Return the updates of `page`, the latest first, without a query if routing read them."""
    if hasattr(page, "update_rows"):
        return parse_updates(page.update_rows)
    if page.pk is None:
        return []
    rows = PageUpdate.objects.filter(page=page.pk)
    return [UpdateNote(*row) for row in rows.values_list("published_at", "is_correction", "note")]


def build_last_change(page: str = "") -> models.Func:
    """Return an expression for when each page in a query last changed for its readers.

    That is its last major update, else its first publication. `page` is the path from the row to
    the page, such as "report__"; it is empty in a query of pages.
    """
    return Coalesce(
        LastUpdateColumn(f"{page}pk"), f"{page}first_published_at", f"{page}last_published_at"
    )


def get_note_error(kind: str, note: str) -> str:
    """Return what is wrong with the note of an update of this kind; "" if nothing is."""
    if kind == UpdateKind.MINOR:
        return NOTE_UNUSED if note.strip() else ""
    return "" if note.strip() else NOTE_MISSING


def has_been_public(page: Page) -> bool:
    """Return True if `page` is or was public, so that an update concerns readers."""
    # A page that has not been saved yet is “live” by default.
    return bool(page.pk and (page.live or page.first_published_at))
