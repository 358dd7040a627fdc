"""Versions of documents, their former addresses, and how often each version was downloaded."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.log_actions import log

from bhp_site.core.text.dates import KnownDate, Precision

from ..facts import FileFacts
from ..version_diff import describe_changes
from .publication_dates import get_publication_date

WITHDRAWAL_FIELDS = ("withdrawn_at", "withdrawn_by", "withdrawn_reason")
# Fields that may be set after a version was made; its bytes, facts and note never change.
PUBLICATION_FIELDS = ("accessibility_reason", "published_date", "published_precision", "public_at")
CHANGEABLE_FIELDS = {*WITHDRAWAL_FIELDS, *PUBLICATION_FIELDS, "changes"}


class DocumentVersion(FileFacts):
    """A file that a document had; only its CHANGEABLE_FIELDS may be saved again."""

    document = models.ForeignKey(
        "files.SiteDocument", on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    accessibility_reason = models.CharField(max_length=250, blank=True)
    # Set by an editor; without it see `publication_dates`.
    published_date = models.DateField(null=True, blank=True)
    published_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )
    # When visitors could first download it; None while they could not, and for versions made before
    # this was recorded.
    public_at = models.DateTimeField(null=True, editable=False)
    # What differs from the version before: see `PageComparison.as_dict`.
    changes = models.JSONField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["-number"]
        permissions = [
            ("withdraw_documentversion", "Can withdraw a version of a document"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="one_version_per_number"),
            models.CheckConstraint(condition=~models.Q(sha256=""), name="version_sha256_is_set"),
        ]

    def __str__(self) -> str:
        return f"{self.document.title}, version {self.number}"

    @property
    def url(self) -> str:
        """Return the path of the permanent address of this version."""
        return reverse("version", args=[self.document.slug, self.number, self.suffix[1:]])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save a new version, or the fields that may change; raise TypeError for other fields."""
        if self.pk and not set(kwargs.get("update_fields") or ["file"]) <= CHANGEABLE_FIELDS:
            raise TypeError("You cannot edit a version. It is a record of what was published.")
        super().save(*args, **kwargs)
        self.__dict__.pop("publication", None)

    @cached_property
    def publication(self) -> KnownDate:
        """Return when it was published; see `publication_dates`."""
        return get_publication_date(self)

    @property
    def changes_in_words(self) -> str:
        """Return the pages that differ from the previous version, as text for visitors; or ""."""
        return describe_changes(self.changes)

    def withdraw(self, reason: str, user: Any) -> None:
        """Withdraw the version, and log that for `user`: its URL returns 410 with `reason`."""
        with transaction.atomic():
            self.withdrawn_at, self.withdrawn_by, self.withdrawn_reason = (
                timezone.now(),
                user,
                reason,
            )
            self.save(update_fields=WITHDRAWAL_FIELDS)
            self.texts.all().delete()
            # Another version may have become the current one since these rows were read.
            documents = type(self.document)._default_manager.select_for_update()
            document = documents.get(pk=self.document_id)
            if self.number == document.version_number:
                self.document.withdrawn_reason = document.withdrawn_reason = reason
                document.save(update_fields=["withdrawn_reason"])
            log(
                self.document,
                "files.withdraw",
                user=user,
                data={"version": self.number, "reason": reason},
            )


def touch_stored_file(instance: DocumentVersion, **kwargs: Any) -> None:
    """Touch the stored file, so that `sweep_files` deletes it some days from now.

    Receiver of `post_delete`.
    """
    instance.file.storage.delete(str(instance.file.name))


class FormerAddress(models.Model):
    """An address that redirects to a document: one it had, or one on the previous site."""

    path = models.CharField(
        max_length=255,
        unique=True,
        help_text=(
            "Everything after the domain name, for example /wp-content/uploads/2022/11/report.pdf."
        ),
    )
    document = models.ForeignKey(
        "files.SiteDocument",
        on_delete=models.CASCADE,
        related_name="former_addresses",
        verbose_name="document",
    )

    # Whose permissions say who sees the row in the admin: see `document_rows`.
    document_fields = ("document",)

    def clean(self) -> None:
        """Raise ValidationError unless the path is below one of the folders of documents."""
        if not self.path.startswith(("/wp-content/uploads/", "/documents/")):
            raise ValidationError(
                {"path": "Enter an address that begins with /wp-content/uploads/ or /documents/."}
            )

    class Meta:
        verbose_name = "old address"
        verbose_name_plural = "old addresses"
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class DownloadCount(models.Model):
    """The number of downloads of a version on a day; nothing about the person is stored."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="download_counts"
    )
    day = models.DateField()
    downloads = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["version", "day"], name="one_count_per_version_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.version} on {self.day}: {self.downloads}"
