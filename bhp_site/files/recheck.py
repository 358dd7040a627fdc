"""Checks PDFs again whose findings were recorded by an earlier version of the checks."""

from django.conf import settings
from django.db import transaction

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.storage.media import open_as_path
from bhp_site.pdf.reader import read_pdf

from .models import SiteDocument
from .versions.models import DocumentVersion


def recheck_version(version: DocumentVersion) -> bool:
    """Record the findings of a PDF again; return True if they have changed. Raise Unreadable.

    Raises TemporaryFailure if the file cannot be reached. Neither the document nor what is public
    changes.
    """
    with open_as_path(version.file) as path:
        facts = read_pdf(
            path,
            max_pages=settings.WAGTAILDOCS_MAX_PAGES,
            max_bytes=max(settings.WAGTAILDOCS_MAX_BYTES, path.stat().st_size),
            scratch=settings.FILE_UPLOAD_TEMP_DIR,
        )
    rows = [{"code": finding.code, "pages": [*finding.pages]} for finding in facts.findings]
    if rows == version.findings:
        return False
    with transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(findings=rows)
        current = SiteDocument.objects.filter(pk=version.document_id, version_number=version.number)
        if current.update(findings=rows):
            send_content_changed(version.document, "check")
    return True
