"""What visitors ask for: copies that they can use, and mending what keeps them out."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from wagtail.log_actions import log

from bhp_site.core.changes import index_references
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.approval import can_publish_all
from bhp_site.files.publishing_checks import needs_reason

from .outbox import Message
from .working_days import working_days_after

__all__ = ["AccessibleCopy", "Message", "Request"]

# Working days within which a request is answered; the statement promises as many.
ANSWERED_WITHIN = 15
# Letters and digits that nobody takes for each other when they are read out: 50 bits of ten.
LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10


def new_reference() -> str:
    """A number that tells nothing and cannot be guessed: “7k3mq-x9w2d”."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


class Format(models.TextChoices):
    """Forms in which people may need a file."""

    LARGE_PRINT = "large-print", "Large print"
    EASY_READ = "easy-read", "Easy read"
    BRAILLE = "braille", "Braille"
    AUDIO = "audio", "Audio"
    LANGUAGE = "language", "Another language"
    OTHER = "other", "Another format"


class RequestQuerySet(models.QuerySet["Request"]):
    def open(self) -> "RequestQuerySet":
        return self.filter(closed_at=None)

    def overdue(self) -> "RequestQuerySet":
        """Open after the day by which they were to be answered, the longest waiting first."""
        return self.open().filter(due__lt=timezone.localdate()).order_by("due", "pk")

    def outdated(self) -> "RequestQuerySet":
        """Closed so long ago that nothing personal is to be kept any longer."""
        kept = datetime.timedelta(days=settings.ENQUIRIES_KEPT_DAYS)
        return self.filter(closed_at__lt=timezone.now() - kept, purged_at=None)


class Request(models.Model):
    """A visitor's request for an accessible copy, or a report of an accessibility problem."""

    class Kind(models.TextChoices):
        COPY = "copy", "Accessible copy"
        PROBLEM = "problem", "Accessibility problem"

    class Status(models.TextChoices):
        NEW = "new", "New"
        UNDER_WAY = "under-way", "Under way"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed without an answer"

    # What is personal; nothing of it is left by `purge`.
    PERSONAL = ("name", "email", "details", "message", "tools")

    # That somebody needs a copy of a file makes no page refer to that file.
    wagtail_reference_index_ignore = True

    reference = models.CharField(max_length=20, unique=True, default=new_reference, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices, editable=False)
    created_at = models.DateTimeField("received", default=timezone.now, editable=False)
    due = models.DateField("answer due", blank=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, editable=False)
    purged_at = models.DateTimeField(null=True, editable=False)
    # Of a copy: of which file, as it was then, and in which format.
    document = models.ForeignKey(
        SiteDocument, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    file_title = models.CharField(max_length=255, blank=True, editable=False)
    version_number = models.PositiveSmallIntegerField(null=True, editable=False)
    format = models.CharField(max_length=20, blank=True, choices=Format.choices, editable=False)
    # Of a problem: the path of the page it was found on.
    page = models.CharField(max_length=500, blank=True, editable=False)
    # Who asks, and in which words.
    name = models.CharField(max_length=100, blank=True, editable=False)
    email = models.EmailField(blank=True, editable=False)
    details = models.CharField(max_length=250, blank=True, editable=False)
    message = models.TextField(blank=True, editable=False)
    tools = models.CharField(max_length=250, blank=True, editable=False)
    # Of the form as it was sent: the same sent twice is one request.
    fingerprint = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001

    objects = RequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["closed_at", "due"])]

    def __str__(self) -> str:
        return f"{self.subject} ({self.reference})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.due is None:
            self.due = working_days_after(timezone.localdate(self.created_at), ANSWERED_WITHIN)
        super().save(*args, **kwargs)

    @property
    def subject(self) -> str:
        """What is wanted, and nothing about who wants it: “Large print: Report of Activity”."""
        if self.kind == self.Kind.COPY:
            return f"{self.get_format_display()}: {self.file_title}"
        return f"Problem on {self.page}" if self.page else "Problem on this site"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due < timezone.localdate()

    @property
    def due_in_words(self) -> str:
        """“3 March 2027”, and whether that is over."""
        return f"{self.due:%-d %B %Y}{', overdue' if self.is_overdue else ''}"

    def move_to(self, status: str) -> None:
        """Set the status, and with it since when nobody waits any more; not saved."""
        self.status = status
        ended = status in (self.Status.ANSWERED, self.Status.CLOSED)
        self.closed_at = (self.closed_at or timezone.now()) if ended else None

    def purge(self) -> None:
        """Forget who asked and in which words; what was asked for, and when, stays."""
        with transaction.atomic():
            for name in self.PERSONAL:
                setattr(self, name, "")
            self.fingerprint, self.purged_at = None, timezone.now()
            self.save(update_fields=[*self.PERSONAL, "fingerprint", "purged_at"])
            self.messages.all().delete()
            log(self, "enquiries.purge")


class AccessibleCopyManager(models.Manager["AccessibleCopy"]):
    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("copy")


class AccessibleCopy(models.Model):
    """A file in another form, offered wherever the original is, exactly while that is public."""

    original = models.ForeignKey(
        SiteDocument, on_delete=models.CASCADE, related_name="accessible_copies"
    )
    copy = models.ForeignKey(
        SiteDocument,
        on_delete=models.CASCADE,
        related_name="copy_of",
        verbose_name="file",
        help_text="Offered below the original, wherever that is, and public exactly while it is.",
    )
    # Of the original, when the copy was made of it.
    version_number = models.PositiveSmallIntegerField(editable=False)
    format = models.CharField(max_length=20, choices=Format.choices)
    called = models.CharField(
        "called",
        max_length=60,
        blank=True,
        help_text="What visitors read in place of the format, for example “Polish” or “Large "
        "print, 18 point”.",
    )
    request = models.ForeignKey(
        Request, null=True, editable=False, on_delete=models.SET_NULL, related_name="copies"
    )

    objects = AccessibleCopyManager()

    # Whose permissions say who sees the row in the admin: see `files.document_rows`.
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
        return f"{self.label} of {self.original.title}"

    @property
    def label(self) -> str:
        return self.called or self.get_format_display()

    @property
    def shown_with(self) -> SiteDocument | None:
        """What it is public with: see `files.access`."""
        return None if self.original.withdrawn_reason else self.original

    @property
    def is_of_earlier_version(self) -> bool:
        return self.version_number < self.original.version_number

    def clean(self) -> None:
        super().clean()
        if self.original_id and self.original.copy_of.exists():
            raise ValidationError({"original": "This file is a copy itself: choose its original."})
        if self.copy_id and (refusal := self._why_not()):
            raise ValidationError({"copy": refusal})
        if self.copy_id and self.original_id and not can_publish_all(self.original, self.copy):
            raise ValidationError(
                {
                    "copy": "You may not publish this document, or not its original. Choose a "
                    "document from a collection in which you publish, or ask a publisher."
                }
            )

    def _why_not(self) -> str:
        """What keeps the file from being offered as a copy; "" where nothing does."""
        if self.copy_id == self.original_id:
            return "This is the original. Choose the file that was made of it."
        if self.copy.accessible_copies.exists():
            return "This file has accessible copies of its own, so it is an original."
        if self.copy.withdrawn_reason:
            return "This file has been withdrawn. Choose another one."
        if needs_reason(self.copy):
            return (
                f"Some people cannot use the file “{self.copy.title}”. Replace it with a better "
                "one, or say on its screen why it is offered all the same."
            )
        return ""

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.version_number is None:
            self.version_number = self.original.version_number
        with transaction.atomic():
            super().save(*args, **kwargs)
            index_references(self)
