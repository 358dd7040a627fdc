"""When a version of a document was published, as visitors read it.

An editor may set the date. Otherwise the first version has the date of the report or announcement
that offers the document, and a later version the day on which it became public. The day on which
the row was made is the last resort: it says when somebody uploaded the file, no more.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from bhp_site.core.text.dates import Precision, format_date, format_iso_date


@dataclass(frozen=True)
class PublicationDate:
    """A date no more exact than what is known."""

    date: datetime.date
    precision: str = Precision.DAY

    @property
    def in_words(self) -> str:
        """Return the date as visitors read it, such as “March 2022”."""
        return format_date(self.date, self.precision)

    @property
    def iso(self) -> str:
        """Return the date in ISO 8601, as exact as it is known, such as “2022-03”."""
        return format_iso_date(self.date, self.precision)


# Returns the date of the page that offers the document with this key; None if no page does.
DateSource = Callable[[int], PublicationDate | None]
# Apps with pages that offer documents add theirs when they are ready; the first answer counts.
date_sources: list[DateSource] = []


def get_publication_date(version: Any) -> PublicationDate:
    """Return when `version`, a `DocumentVersion`, was published."""
    if version.published_date:
        return PublicationDate(version.published_date, version.published_precision)
    return get_default_date(version)


def get_default_date(version: Any) -> PublicationDate:
    """Return the date of `version` that holds while no editor has set one."""
    if version.number == 1:
        for source in date_sources:
            if date := source(version.document_id):
                return date
    return PublicationDate(timezone.localdate(version.public_at or version.created_at))
