"""When a version of a document was published, as visitors read it.

An editor may set the date. Otherwise the first version has the date of the report or announcement
that offers the document, and a later version the day on which it became public. The day on which
the row was made is the last resort: it says when somebody uploaded the file, no more.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from bhp_site.core.text.dates import KnownDate

# Returns the date of the page that offers each of the documents with these keys. A document that no
# page offers is left out.
DateSource = Callable[[Iterable[int]], dict[int, KnownDate]]
# Apps with pages that offer documents add theirs when they are ready; the first answer counts.
date_sources: list[DateSource] = []


def get_publication_date(version: Any) -> KnownDate:
    """Return when `version`, a `DocumentVersion`, was published."""
    return get_publication_dates([version])[version.pk]


def get_publication_dates(versions: Iterable[Any]) -> dict[int, KnownDate]:
    """Return when each of `versions` was published, by key.

    A query for each of `date_sources` finds the dates of all that need one.
    """
    versions = list(versions)
    undated = [version for version in versions if not version.published_date]
    defaults = get_default_dates(undated) if undated else {}
    return {
        version.pk: defaults.get(version.pk)
        or KnownDate(version.published_date, version.published_precision)
        for version in versions
    }


def get_default_date(version: Any) -> KnownDate:
    """Return the date of `version` that holds while no editor has set one."""
    return get_default_dates([version])[version.pk]


def get_default_dates(versions: Iterable[Any]) -> dict[int, KnownDate]:
    """Return `get_default_date` of each of `versions`, by key."""
    versions = list(versions)
    documents = {version.document_id for version in versions if version.number == 1}
    dates: dict[int, KnownDate] = {}
    for source in date_sources:
        if missing := documents - dates.keys():
            dates |= source(missing)
    return {
        version.pk: (version.number == 1 and dates.get(version.document_id))
        or KnownDate(timezone.localdate(version.public_at or version.created_at))
        for version in versions
    }
