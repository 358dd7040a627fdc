"""Models: enquiries of visitors, and accessible copies of documents."""

import datetime
import functools
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.log_actions import log

from bhp_site.core.caching.invalidation import update_reference_index
from bhp_site.core.mail.files import delete_mail_files
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.approval import can_publish_all
from bhp_site.files.publishing_checks import needs_reason

from .outbox import EnquiryEmail
from .working_days import add_working_days

__all__ = ["AccessibleCopy", "Enquiry", "EnquiryEmail"]

# The accessibility statement promises an answer within so many working days.
ANSWER_WORKING_DAYS = 15
# Without characters that are easily confused when they are read out. Ten of them are 49 bits.
REFERENCE_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
REFERENCE_CHARACTERS = 10


def generate_reference() -> str:
    """Return a random reference that cannot be guessed: “7k3mq-x9w2d”."""
    text = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(REFERENCE_CHARACTERS))
    return f"{text[:5]}-{text[5:]}"


class Format(models.TextChoices):
    """Formats in which visitors may need a document."""

    LARGE_PRINT = "large-print", "Large print"
    EASY_READ = "easy-read", "Easy read"
    BRAILLE = "braille", "Braille"
    AUDIO = "audio", "Audio"
    LANGUAGE = "language", "Another language"
    OTHER = "other", "Another format"


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    """Queries for enquiries by their state."""

    def open(self) -> "EnquiryQuerySet":
        """Return the enquiries that are not closed."""
        return self.filter(closed_at=None)

    def overdue(self) -> "EnquiryQuerySet":
        """Return the open enquiries that should have been answered by now, the first due first."""
        return self.open().filter(due__lt=timezone.localdate()).order_by("due", "pk")

    def outdated(self) -> "EnquiryQuerySet":
        """Return the enquiries closed so long ago that their personal data must be purged."""
        retention = datetime.timedelta(days=settings.ENQUIRIES_KEPT_DAYS)
        return self.filter(closed_at__lt=timezone.now() - retention, purged_at=None)


class Enquiry(models.Model):
    """A visitor's request for an accessible copy, or a report of an accessibility problem."""

    class Kind(models.TextChoices):
        """The kind of an enquiry."""

        COPY = "copy", "Accessible copy"
        PROBLEM = "problem", "Accessibility problem"

    class Status(models.TextChoices):
        """The states of an enquiry."""

        NEW = "new", "New"
        UNDER_WAY = "under-way", "In progress"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed without an answer"

    # Fields with personal data, emptied by `purge`.
    PERSONAL = ("name", "email", "details", "message", "tools")

    # Enquiries do not count as uses of a document in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    reference = models.CharField(
        max_length=20, unique=True, default=generate_reference, editable=False
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, editable=False)
    created_at = models.DateTimeField("received", default=timezone.now, editable=False)
    due = models.DateField("answer due", blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    purged_at = models.DateTimeField(null=True, editable=False)
    # For a copy: the document, its title and version at that time, and the format.
    document = models.ForeignKey(
        SiteDocument, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    document_title = models.CharField(max_length=255, blank=True, editable=False)
    version_number = models.PositiveSmallIntegerField(null=True, editable=False)
    format = models.CharField(max_length=20, blank=True, choices=Format.choices, editable=False)
    # For a problem: the path of the page on which it was found.
    page = models.CharField(max_length=500, blank=True, editable=False)
    # Personal data.
    name = models.CharField(max_length=100, blank=True, editable=False)
    email = models.EmailField(blank=True, editable=False)
    details = models.CharField(max_length=250, blank=True, editable=False)
    message = models.TextField(blank=True, editable=False)
    tools = models.CharField(max_length=250, blank=True, editable=False)
    # Hash of the form as it was sent, so that a form sent twice makes one enquiry.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = "enquiry"
        verbose_name_plural = "enquiries"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["closed_at", "due"], name="enquiry_closed_at_due")]

    def __str__(self) -> str:
        return f"{self.subject} ({self.reference})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the enquiry; a new one is due ANSWER_WORKING_DAYS after it was sent."""
        if self.due is None:
            self.due = add_working_days(timezone.localdate(self.created_at), ANSWER_WORKING_DAYS)
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        """Return what is requested, without personal data: “Large print: Report of Activity”."""
        if self.kind == self.Kind.COPY:
            return f"{self.get_format_display()}: {self.document_title}"
        return f"Problem on {self.page}" if self.page else "Problem on this site"

    @property
    def is_open(self) -> bool:
        """Return True if the visitor still waits for an answer."""
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        """Return True if the enquiry is open after its due date."""
        return self.is_open and self.due < timezone.localdate()

    @property
    def due_in_words(self) -> str:
        """Return the due date as text: “3 March 2027, overdue”."""
        return f"{self.due:%-d %B %Y}{', overdue' if self.is_overdue else ''}"

    def set_status(self, status: str) -> None:
        """Set the status and when the enquiry was closed, without saving them."""
        self.status = status
        is_closed = status in (self.Status.ANSWERED, self.Status.CLOSED)
        self.closed_at = (self.closed_at or timezone.now()) if is_closed else None

    def purge(self) -> None:
        """Delete the personal data and the emails; keep what was requested, and when. Logged."""
        with transaction.atomic():
            for name in self.PERSONAL:
                setattr(self, name, "")
            self.fingerprint, self.purged_at = None, timezone.now()
            self.save(update_fields=[*self.PERSONAL, "fingerprint", "purged_at"])
            message_ids = [*self.emails.values_list("message_id", flat=True)]
            self.emails.all().delete()
            log(self, "enquiries.purge")
            transaction.on_commit(functools.partial(delete_mail_files, message_ids))


class AccessibleCopyManager(models.Manager["AccessibleCopy"]):
    """Loads the document of each copy together with it."""

    def get_queryset(self) -> Any:
        """Return the copies with their documents in one query."""
        return super().get_queryset().select_related("copy")


class AccessibleCopy(models.Model):
    """A document in another format, offered wherever its original is and public while that is."""

    original = models.ForeignKey(
        SiteDocument, on_delete=models.CASCADE, related_name="accessible_copies"
    )
    copy = models.ForeignKey(
        SiteDocument,
        on_delete=models.CASCADE,
        related_name="copy_of",
        verbose_name="document",
        help_text=(
            "Shown below the original on every page that offers it. Public for as long as the "
            "original is public."
        ),
    )
    # Version of the original from which the copy was made.
    version_number = models.PositiveSmallIntegerField(editable=False)
    format = models.CharField(max_length=20, choices=Format.choices)
    label = models.CharField(
        "label for visitors",
        max_length=60,
        blank=True,
        help_text=(
            "The name that visitors see instead of the format, for example “Polish” or “Large "
            "print, 18 point”."
        ),
    )
    enquiry = models.ForeignKey(
        Enquiry, null=True, editable=False, on_delete=models.SET_NULL, related_name="copies"
    )

    objects = AccessibleCopyManager()

    # Documents whose permissions decide who sees the row in the admin.
    document_fields = ("original", "copy")

    class Meta:
        verbose_name = "accessible copy"
        verbose_name_plural = "accessible copies"
        ordering = ["format", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["original", "copy"], name="one_copy_per_original"),
            models.CheckConstraint(
                condition=~models.Q(original=models.F("copy")), name="no_copy_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_label} of {self.original.title}"

    @property
    def display_label(self) -> str:
        """Return the label for visitors, or else the format."""
        return self.label or self.get_format_display()

    @property
    def shown_with(self) -> SiteDocument | None:
        """Return the document that the copy is public with, None while that is withdrawn."""
        return None if self.original.withdrawn_reason else self.original

    @property
    def is_of_earlier_version(self) -> bool:
        """Return True if the original has been replaced since the copy was made."""
        return self.version_number < self.original.version_number

    def clean(self) -> None:
        """Raise ValidationError if original and copy do not fit or must not be published."""
        super().clean()
        if self.original_id and self.original.copy_of.exists():
            raise ValidationError(
                {"original": "This document is itself a copy. Choose the original."}
            )
        if self.copy_id and (reason := self._get_blocking_reason()):
            raise ValidationError({"copy": reason})
        if self.copy_id and self.original_id and not can_publish_all(self.original, self.copy):
            raise ValidationError(
                {
                    "copy": (
                        "You do not have permission to publish this document or its original. "
                        "Choose another document, or ask a publisher."
                    )
                }
            )

    def _get_blocking_reason(self) -> str:
        """Return why the document cannot be published as this copy; empty if it can."""
        if self.copy_id == self.original_id:
            return "This is the original. Choose the copy that was made from it."
        if self.copy.accessible_copies.exists():
            return (
                "This document has accessible copies itself, so it cannot be a copy. Choose "
                "another one."
            )
        if self.copy.withdrawn_reason:
            return "This document has been withdrawn. Choose another one."
        if needs_reason(self.copy):
            return (
                f"Some people cannot use the document “{self.copy.title}”. Replace its file with "
                "a better one, or enter the reason for publishing it on the document’s screen."
            )
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the copy, for the current version of its original, and its references."""
        if self.version_number is None:
            self.version_number = self.original.version_number
        with transaction.atomic():
            super().save(*args, **kwargs)
            update_reference_index(self)
