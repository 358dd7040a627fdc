"""When a version of a document was published, as visitors read it.

An editor may set the date. Otherwise the first version has the date of the report or announcement
that offers the document, and a later version the day on which it became public. The day on which
the row was made is the last resort: it says when somebody uploaded the file, no more.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from bhp_site.core.text.dates import KnownDate

# Returns the date of the page that offers the document with this key; None if no page does.
DateSource = Callable[[int], KnownDate | None]
# Apps with pages that offer documents add theirs when they are ready; the first answer counts.
date_sources: list[DateSource] = []


def get_publication_date(version: Any) -> KnownDate:
    """Return when `version`, a `DocumentVersion`, was published."""
    if version.published_date:
        return KnownDate(version.published_date, version.published_precision)
    return get_default_date(version)


def get_default_date(version: Any) -> KnownDate:
    """Return the date of `version` that holds while no editor has set one."""
    if version.number == 1:
        for source in date_sources:
            if date := source(version.document_id):
                return date
    return KnownDate(timezone.localdate(version.public_at or version.created_at))
