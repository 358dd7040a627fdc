"""When a version of a document was published, as visitors read it.

An editor may set the date. Otherwise the first version has the date of the report or announcement
that offers the document, and a later version the day on which it became public. The day on which
the row was made is the last resort: it says when somebody uploaded the file, no more.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.text.dates import KnownDate

# Tables that link pages to the documents they offer, with a `document` and a `page` that has a
# date. Apps with such pages add theirs when they are ready; the first answer counts.
date_sources: list[type[models.Model]] = []
# The fields of a `DocumentVersion` that its date depends on.
DATE_FIELDS = ("number", "published_date", "published_precision", "public_at", "created_at")


class OfferedColumn(models.Func):
    """A column of the page that offers the document of each version: a live one, or the earliest.

    Null for a document that no page offers. It is written as SQL, as in `bhp_site.core.visibility`.
    """

    def __init__(self, column: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__("document", output_field=output_field)
        self.column = column

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Return the first of a subquery for each of `date_sources` that finds a page."""
        document, params = compiler.compile(self.source_expressions[0])
        found = [self._build_subquery(source, document) for source in date_sources]
        return f"COALESCE({', '.join([*found, 'NULL'])})", params * len(found)

    def _build_subquery(self, source: Any, document: str) -> str:
        offering = source._meta.get_field("page").related_model
        return (
            f"(SELECT offering.{self.column} FROM {source._meta.db_table} link"  # noqa: S608
            f" JOIN {offering._meta.db_table} offering ON offering.page_ptr_id = link.page_id"
            f" JOIN {Page._meta.db_table} page ON page.id = offering.page_ptr_id"
            f" WHERE link.document_id = {document}"
            " ORDER BY page.live DESC, offering.date, link.id LIMIT 1)"
        )


def annotate_offered_dates(versions: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Return the query `versions` with the date, and how exact it is, of the page that offers each.

    Then `get_publication_dates` needs no query.
    """
    return versions.annotate(
        offered_date=OfferedColumn("date", models.DateField()),
        offered_precision=OfferedColumn("date_precision", models.CharField()),
    )


def get_publication_date(version: Any) -> KnownDate:
    """Return when `version`, a `DocumentVersion`, was published."""
    return get_publication_dates([version])[version.pk]


def get_publication_dates(versions: Iterable[Any]) -> dict[int, KnownDate]:
    """Return when each of `versions` was published, by key.

    One query finds the dates of all that need one: see `annotate_offered_dates`.
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
    offered = _get_offered_dates(version for version in versions if version.number == 1)
    return {
        version.pk: offered.get(version.pk)
        or KnownDate(timezone.localdate(version.public_at or version.created_at))
        for version in versions
    }


def _get_offered_dates(versions: Iterable[Any]) -> dict[int, KnownDate]:
    """Return the date of the page that offers each of `versions`, by key, if there is a page."""
    versions = list(versions)
    unread = [version.pk for version in versions if not hasattr(version, "offered_date")]
    if unread:
        read = annotate_offered_dates(type(versions[0])._default_manager.filter(pk__in=unread))
        versions = [version for version in versions if version.pk not in unread] + list(read)
    return {
        version.pk: KnownDate(version.offered_date, version.offered_precision)
        for version in versions
        if version.offered_date
    }
