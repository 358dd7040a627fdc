"""What visitors get instead of an unpublished page, and the notice on a withdrawn one."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from .text.dates import KnownDate

MAX_REASON_CHARACTERS = 250


class Outcome(models.TextChoices):
    """The response at the address of a page that was unpublished or withdrawn."""

    GONE = "gone", "A notice that the page has been removed, with your reason"
    REDIRECT = "redirect", "Another page"
    WITHDRAWN = "withdrawn", "The page itself, marked as withdrawn, with your reason"


class Unpublishing(models.Model):
    """The record of what visitors get at the address of an unpublished or withdrawn page.

    A withdrawn page stays live. The row is deleted when the page is published again.
    """

    page = models.OneToOneField(Page, on_delete=models.CASCADE, related_name="unpublishing")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField("public reason", max_length=MAX_REASON_CHARACTERS, blank=True)
    at = models.DateTimeField(default=timezone.now)
    # Deleted with this row.
    redirect = models.ForeignKey(Redirect, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.page}: {self.get_outcome_display()}"

    @property
    def date(self) -> KnownDate:
        """Return the day on which the page was unpublished or withdrawn."""
        return KnownDate(timezone.localdate(self.at))


@dataclass(frozen=True)
class Withdrawal:
    """When and why a page was withdrawn."""

    at: datetime.datetime
    reason: str

    @property
    def date(self) -> KnownDate:
        """Return the day on which the page was withdrawn."""
        return KnownDate(timezone.localdate(self.at))


class WithdrawalColumn(models.Func):
    """A column of the notice on each page in a query, from the page or the nearest one above it.

    Null if none of them is withdrawn. It is written as SQL, because it compares paths by prefix.
    The table has a row for each unpublished page only, so reading it all is quick.
    """

    def __init__(self, column: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__("path", output_field=output_field)
        self.column = column

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return a subquery for the column."""
        path, params = compiler.compile(self.source_expressions[0])
        tables = (
            f"{Unpublishing._meta.db_table} notice"
            f" JOIN {Page._meta.db_table} noticed ON noticed.id = notice.page_id"
        )
        sql = (
            f"(SELECT notice.{self.column} FROM {tables}"  # noqa: S608
            f" WHERE notice.outcome = '{Outcome.WITHDRAWN}'"
            f" AND SUBSTR({path}, 1, LENGTH(noticed.path)) = noticed.path"
            " ORDER BY LENGTH(noticed.path) DESC LIMIT 1)"
        )
        return sql, params


# Annotations of a query of pages, which `get_withdrawal` reads.
WITHDRAWAL_ANNOTATIONS = {
    "withdrawn_at": WithdrawalColumn("at", models.DateTimeField()),
    "withdrawn_reason": WithdrawalColumn("reason", models.TextField()),
}


def get_withdrawal(page: Any) -> Withdrawal | None:
    """Return the notice on `page`, without a query if routing read it; None if there is none."""
    if not hasattr(page, "withdrawn_at"):
        rows = Page.objects.filter(pk=page.pk).annotate(**WITHDRAWAL_ANNOTATIONS)
        values = rows.values_list(*WITHDRAWAL_ANNOTATIONS).first() if page.pk else None
        page.withdrawn_at, page.withdrawn_reason = values or (None, None)
    if page.withdrawn_at is None:
        return None
    return Withdrawal(page.withdrawn_at, page.withdrawn_reason)
