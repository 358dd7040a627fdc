"""The publication date of documents that only an announcement offers."""

from bhp_site.files.versions.publication_dates import PublicationDate

from .models import NewsDownload


def get_announcement_date(document_id: int) -> PublicationDate | None:
    """Return the date of the announcement that offers a document: live ones count first."""
    rows = NewsDownload.objects.filter(document=document_id).order_by("-page__live", "page__date")
    row = rows.values_list("page__date", "page__date_precision").first()
    return PublicationDate(*row) if row else None
