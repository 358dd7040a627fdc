"""What an editor sees before the bytes of a document are replaced.

`review_upload` is for bytes that are no version yet, such as an upload or a proposal; for two
stored versions see `texts.compare_versions`. `find_affected_places` names what refers to page
numbers or texts that differ.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import File

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import DocumentText
from bhp_site.pdf.reader import read_text
from bhp_site.tasks.errors import TemporaryFailure

from ..models import SiteDocument
from ..page_text import NOT_COMPARED, TEXT_WITHDRAWN, Extraction, extract_text
from ..storage import compute_sha256
from ..version_diff import PageComparison, compare_pages

READ_TIMEOUT_SECONDS = 20.0
KEEP_TEXTS_SECONDS = 60 * 60


@dataclass(frozen=True)
class AffectedPlace:
    """Something that a replacement affects: `sentences` say how, `url` is where to edit it."""

    title: str
    sentences: list[str]
    url: str = ""


# Returns what a replacement of the document affects, for this user. Apps that refer to pages of
# documents add theirs when they are ready.
AffectedPlaceFinder = Callable[[SiteDocument, PageComparison, Any], list[AffectedPlace]]
affected_place_finders: list[AffectedPlaceFinder] = []


def review_upload(document: SiteDocument, file: File, *, pages: int | None) -> PageComparison:
    """Return the differences between the current version of `document` and the bytes of `file`.

    `document` is the stored row, `file` an upload or a proposal of the same format, and `pages` its
    number of pages (None for formats without pages). Nothing is written except the text of the
    current version, if it has not been extracted yet. Never raises for unreadable text: the
    comparison then has an `error`, a sentence for the editor.
    """
    before = document.current_version
    texts = _read_upload(file, document.suffix)
    if before is None or texts is None:
        return _explain_missing_comparison(document, pages)
    if before.withdrawn_at:
        return _explain_missing_comparison(document, pages, TEXT_WITHDRAWN)
    try:
        extraction = Extraction.objects.filter(version=before).first() or extract_text(before)
    except TemporaryFailure:
        return _explain_missing_comparison(document, pages)
    if extraction.state != Extraction.State.DONE:
        return _explain_missing_comparison(document, pages)
    return compare_pages(
        dict(before.texts.values_list("number", "text")),
        texts.pages,
        pages_before=before.pages or 1,
        pages_after=pages or 1,
        is_complete=texts.is_complete and not extraction.reason,
        has_pages=pages is not None,
    )


def find_affected_places(
    document: SiteDocument, comparison: PageComparison, user: Any
) -> list[AffectedPlace]:
    """Return the chapters and other places that the replacement of `document` affects.

    `comparison` is that of the two versions. Only places that `user` may edit have a link.
    """
    return [place for find in affected_place_finders for place in find(document, comparison, user)]


def _explain_missing_comparison(
    document: SiteDocument, pages: int | None, error: str = NOT_COMPARED
) -> PageComparison:
    return PageComparison(
        pages_before=document.pages or 1,
        pages_after=pages or 1,
        has_pages=pages is not None,
        error=error,
    )


def _read_upload(file: File, suffix: str) -> DocumentText | None:
    """Return the page texts of an upload; None if they cannot be read."""
    key = f"upload-texts-{compute_sha256(file)}"
    texts: DocumentText | None = cache.get(key)
    if texts is None:
        texts = _read_copy(file, suffix)
        if texts is not None:
            cache.set(key, texts, KEEP_TEXTS_SECONDS)
    return texts


def _read_copy(file: File, suffix: str) -> DocumentText | None:
    folder = settings.FILE_UPLOAD_TEMP_DIR
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=folder) as copy:
        file.seek(0)
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        try:
            return read_text(Path(copy.name), suffix, seconds=READ_TIMEOUT_SECONDS, scratch=folder)
        except Unreadable:
            return None
