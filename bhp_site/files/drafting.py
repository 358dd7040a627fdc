"""Drafts from versions of documents, and images of their pages: see `bhp_site.pdf.drafting`."""

from pathlib import Path

from django.conf import settings

from bhp_site.pdf.drafting.drafter import Draft, draft_pdf, render_pdf_page
from bhp_site.pdf.errors import Unreadable

from .versions.models import DocumentVersion


def draft_version(version: DocumentVersion) -> Draft:
    """Return the draft of a PDF's version; raise Unreadable, whose message is for editors."""
    return draft_pdf(_get_path(version), scratch=settings.FILE_UPLOAD_TEMP_DIR)


def render_version_page(version: DocumentVersion, number: int) -> bytes:
    """Return page `number` (from 1) as a PNG about 900 pixels wide; raise Unreadable."""
    return render_pdf_page(_get_path(version), number, scratch=settings.FILE_UPLOAD_TEMP_DIR)


def _get_path(version: DocumentVersion) -> Path:
    """Return where the bytes of a PDF's version are; raise Unreadable if there are none."""
    path = Path(version.file.path)
    if version.suffix != ".pdf":
        raise Unreadable("not_pdf")
    if version.withdrawn_at or not path.is_file():
        raise Unreadable("gone")
    return path
