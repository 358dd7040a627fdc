"""Drafts from versions of documents, and images of their pages: see `bhp_site.pdf.drafting`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bhp_site.core.storage.media import open_as_path
from bhp_site.pdf.drafting.drafter import Draft, draft_pdf, render_pdf_page
from bhp_site.pdf.errors import Unreadable

from .versions.models import DocumentVersion


def draft_version(version: DocumentVersion) -> Draft:
    """Return the draft of a PDF's version.

    Raises Unreadable, whose message is for editors, and TemporaryFailure if the file cannot be
    reached.
    """
    with _open(version) as path:
        return draft_pdf(path, scratch=settings.FILE_UPLOAD_TEMP_DIR)


def render_version_page(version: DocumentVersion, number: int) -> bytes:
    """Return page `number` (from 1) as a PNG about 900 pixels wide; raises as `draft_version`."""
    with _open(version) as path:
        return render_pdf_page(path, number, scratch=settings.FILE_UPLOAD_TEMP_DIR)


@contextmanager
def _open(version: DocumentVersion) -> Iterator[Path]:
    """Yield the path of a PDF's version; raise Unreadable or TemporaryFailure."""
    if version.suffix != ".pdf":
        raise Unreadable("not_pdf")
    if version.withdrawn_at:
        raise Unreadable("gone")
    with open_as_path(version.file) as path:
        yield path
