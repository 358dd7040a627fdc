"""The text of documents, page by page, so that it can be searched.

It is read with the upload, or soon afterwards by a task. A document whose text cannot be read can
be published all the same.
"""

import logging
from dataclasses import dataclass

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django_tasks import task

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.storage.media import open_as_path
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import DocumentText
from bhp_site.pdf.reader import read_text
from bhp_site.tasks.backends import is_enqueued
from bhp_site.tasks.errors import TemporaryFailure

from .version_diff import PageComparison, compare_pages
from .versions.models import DocumentVersion

logger = logging.getLogger(__name__)

NO_TEXTS = DocumentText({}, is_complete=True)
# Reasons, for editors, why the text of a document was not read, or not completely.
TRUNCATED = "The document is very long, so visitors can search only part of its text."
# Stored by versions before 2.1; a missing file is now tried again until it is there.
FILE_MISSING = "The file is missing."
WITHDRAWN = "This version has been withdrawn."
UNREADABLE = (
    "The text could not be read, because the file is damaged or too long. Open the file, save it "
    "again and upload the new copy."
)
NOT_COMPARED = (
    "The text of one version could not be read, so the versions were not compared. Compare them "
    "yourself."
)
TEXT_WITHDRAWN = (
    "One version has been withdrawn and its text was deleted, so the versions were not compared. "
    "Compare them yourself."
)
UNEXPECTED = "Something went wrong on the site. Your file is not the cause. Try again later."


class PageText(models.Model):
    """The text of one page of a version; pages without text have no row."""

    version = models.ForeignKey(DocumentVersion, on_delete=models.CASCADE, related_name="texts")
    # From 1; formats without pages have one.
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="one_text_per_page")
        ]

    def __str__(self) -> str:
        return f"{self.version}, page {self.number}"


class Extraction(models.Model):
    """The result of reading the text of a version: done, or the reason why it failed."""

    class State(models.TextChoices):
        DONE = "done", "Searchable"
        FAILED = "failed", "Not searchable"

    version = models.OneToOneField(
        DocumentVersion, on_delete=models.CASCADE, related_name="extraction"
    )
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=250, blank=True)
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.version}: {self.get_state_display()}"


@dataclass(frozen=True)
class TextState:
    """The state of a document in the search: pages with text, and the result of reading it.

    `extraction` is None until the text has been extracted or that has failed.
    """

    pages: int
    extraction: Extraction | None
    is_withdrawn: bool

    @classmethod
    def for_version(cls, version: DocumentVersion | None) -> "TextState":
        """Return the state of `version`; None counts as withdrawn."""
        if version is None or version.withdrawn_at:
            return cls(0, None, True)
        extraction = Extraction.objects.filter(version=version).first()
        return cls(version.texts.count(), extraction, False)


def extract_text(version: DocumentVersion) -> Extraction:
    """Extract and store the text of `version`, or why that failed; return the result.

    Raises TemporaryFailure, and stores nothing, if the file cannot be reached.
    """
    try:
        with open_as_path(version.file) as path:
            texts = read_text(path, version.suffix, scratch=settings.FILE_UPLOAD_TEMP_DIR)
    except Unreadable as error:
        # The reader's own messages are about PDFs.
        reason = error.message if version.suffix == ".pdf" else UNREADABLE
        return _store(version, NO_TEXTS, Extraction.State.FAILED, reason)
    return store_texts(version, texts)


def store_texts(version: DocumentVersion, texts: DocumentText) -> Extraction:
    """Store `texts`, which were read from the bytes of `version`; return the result."""
    return _store(version, texts, Extraction.State.DONE, "" if texts.is_complete else TRUNCATED)


def _store(version: DocumentVersion, texts: DocumentText, state: str, reason: str) -> Extraction:
    with transaction.atomic():
        # The lock makes a withdrawal or deletion come before or after, not in between.
        locked = DocumentVersion.objects.select_for_update().filter(pk=version.pk)
        if not locked.filter(withdrawn_at=None).values_list("pk").first():
            return Extraction(version=version, state=Extraction.State.FAILED, reason=WITHDRAWN)
        extraction, _ = Extraction.objects.update_or_create(
            version=version,
            defaults={"state": state, "reason": reason, "read_at": timezone.now()},
        )
        version.texts.all().delete()
        PageText.objects.bulk_create(
            (PageText(version=version, number=n, text=text) for n, text in texts.pages.items()),
            batch_size=200,
        )
        if state == Extraction.State.DONE:
            version.document.store_outline(texts.outline, version.number)
            record_changes(version)
        send_content_changed(version.document, "read")
    return extraction


def compare_versions(before: DocumentVersion, after: DocumentVersion) -> PageComparison:
    """Return the differences between two stored versions, from their page texts."""
    versions = (before, after)
    extractions = [Extraction.objects.filter(version=version).first() for version in versions]
    pages_before, pages_after = before.pages or 1, after.pages or 1
    if any(version.withdrawn_at for version in versions):
        return PageComparison(pages_before, pages_after, error=TEXT_WITHDRAWN)
    if not all(
        extraction and extraction.state == Extraction.State.DONE for extraction in extractions
    ):
        return PageComparison(pages_before, pages_after, error=NOT_COMPARED)
    old, new = (dict(version.texts.values_list("number", "text")) for version in versions)
    return compare_pages(
        old,
        new,
        pages_before=pages_before,
        pages_after=pages_after,
        is_complete=not any(extraction and extraction.reason for extraction in extractions),
        has_pages=after.pages is not None,
    )


def record_changes(version: DocumentVersion) -> None:
    """Store with `version` its differences from the previous one, for the public list."""
    before = version.document.versions.filter(number=version.number - 1).first()
    if before is None:
        return
    comparison = compare_versions(before, version)
    if stored := comparison.as_dict():
        version.changes = stored
        version.save(update_fields=["changes"])


def get_unread_versions() -> "models.QuerySet[DocumentVersion]":
    """Return the current versions whose text has not been extracted yet, the latest first."""
    tried = Exists(Extraction.objects.filter(version=OuterRef("pk")).exclude(reason=FILE_MISSING))
    current = DocumentVersion.objects.filter(
        number=F("document__version_number"), withdrawn_at=None
    )
    return current.exclude(tried).select_related("document").order_by("-pk")


@task(
    backend="database",
    queue_name="slow",
    priority=10,
    coalesce=True,
    max_attempts=3,
    inline_without_worker=True,
)
def extract_page_text(version_pk: int) -> None:
    """Extract the text of a version, if it still exists; the admin shows editors a failure."""
    version = DocumentVersion.objects.select_related("document").filter(pk=version_pk).first()
    if version is None:
        return
    try:
        extract_text(version)
    except TemporaryFailure:
        raise
    except Exception:
        _store(version, NO_TEXTS, Extraction.State.FAILED, UNEXPECTED)
        raise


def enqueue_unread_versions() -> None:
    """Enqueue `extract_page_text` for every version whose text has not been extracted yet."""
    for pk in get_unread_versions().values_list("pk", flat=True):
        if not is_enqueued(extract_page_text, pk):
            extract_page_text.enqueue(pk)
