"""Forms of documents and of their former addresses in the admin."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import log

from bhp_site.core.admin.choosable import ChoosableFieldsMixin, ChoosableModelForm
from bhp_site.core.admin.kept_uploads import KeepsUploadMixin
from bhp_site.core.text.sizes import set_upload_limit
from bhp_site.pdf.messages import REFUSAL_MESSAGES

from .facts import FORMAT_NAMES
from .formats import TOO_LARGE_ADVICE
from .models import SiteDocument
from .permissions.public_access import is_public, is_public_collection
from .publishing_checks import REASON_BEFORE_PUBLIC_COLLECTION, needs_reason
from .storage import compute_sha256
from .versions.models import FormerAddress

# Fields that a document has only after it has been created.
FIELDS_AFTER_UPLOAD = ("cover", "accessibility_reason", "note", "version_reason", "version_seen")


class SiteDocumentForm(ChoosableFieldsMixin, KeepsUploadMixin, BaseDocumentForm):
    """The form of a document; a replacement of its file needs a note about the change."""

    # A reason for the new bytes of a replacement, a field of the screen that reviews it.
    version_reason = forms.CharField(
        label="Reason for publishing this version",
        required=False,
        max_length=250,
        help_text=(
            "Say why you publish it although some people cannot use it, for example “Printed in "
            "2012; the original is lost”. The accessibility statement shows the reason."
        ),
        widget=forms.HiddenInput,
    )

    note = forms.CharField(
        label="What has changed",
        required=False,
        max_length=250,
        help_text=(
            "Required with a new file. Shown to visitors beside the date of the new version, for "
            "example “Corrected the figure on page 4”."
        ),
    )

    # The version that the form was opened with.
    version_seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, "cover": AdminImageChooser}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.for_user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            set_upload_limit(field, settings.WAGTAILDOCS_MAX_BYTES, "", TOO_LARGE_ADVICE)
            field.error_messages["empty"] = REFUSAL_MESSAGES["empty"]
        self.keep_file(kwargs.get("user"))
        if self.instance.pk is None:
            for name in FIELDS_AFTER_UPLOAD:
                # The chooser shows a field for the reason once it has read the file.
                if self.add_prefix(name) not in self.data:
                    self.fields.pop(name, None)
            return
        if not self.instance.accessibility_reason and not self.instance.has_serious_findings:
            self.fields.pop("accessibility_reason", None)
        if "file" in self.fields:
            self.order_fields(["file", "note"])
        else:
            del self.fields["note"], self.fields["version_reason"]
        self.fields["version_seen"].initial = self.instance.version_number

    @property
    def replaces_file(self) -> bool:
        """Return True if new bytes were sent for a document that exists."""
        return bool(self.instance.pk) and "file" in self.changed_data

    @property
    def needs_reason(self) -> bool:
        """Return True if the new bytes would be public at once, and some people cannot use them."""
        return self.replaces_file and self.instance.has_serious_findings and self.instance.is_public

    def full_clean(self) -> None:
        """Validate as Django does; then ask for the reason that a public collection takes.

        The findings of an upload are known only after the instance has been validated.
        """
        super().full_clean()
        if self.is_bound and not self.errors and self._needs_reason_for_collection():
            self.add_error("accessibility_reason", REASON_BEFORE_PUBLIC_COLLECTION)

    def _needs_reason_for_collection(self) -> bool:
        """Return True if a new collection makes the document public without a reason.

        An upload is asked when the editor confirms it: its first form has no field for a reason.
        """
        if self.replaces_file or not {"collection", "accessibility_reason"} <= self.fields.keys():
            return False
        document = self.instance
        stored = SiteDocument.objects.filter(pk=document.pk).first() if document.pk else None
        return (
            needs_reason(document)
            and is_public_collection(document.collection)
            and not (stored and is_public(stored))
        )

    def clean_file(self) -> UploadedFile:
        """Return the file; raise ValidationError for the same bytes or another format.

        This concerns replacements only.
        """
        file: UploadedFile = self.cleaned_data["file"]
        if not self.replaces_file:
            return file
        before = Path(self.instance.file.name).suffix.lower()
        if Path(file.name or "").suffix.lower() != before:
            name = FORMAT_NAMES.get(before[1:], before)
            raise ValidationError(
                f"The document is {name} and keeps its address, so the new file must have the same "
                "format. Choose such a file, or upload this one as a new document."
            )
        if compute_sha256(file) == self.instance.sha256:
            raise ValidationError(
                "This is the file that the document already has. Choose the corrected file."
            )
        return file

    def clean_accessibility_reason(self) -> str:
        """Return the reason; raise ValidationError if a public document with problems has none."""
        reason: str = self.cleaned_data["accessibility_reason"].strip()
        document = self.instance
        is_needed = document.has_serious_findings and not self.replaces_file and document.is_public
        if is_needed and document.accessibility_reason and not reason:
            raise ValidationError(
                "Visitors can download this document, and some people cannot use it. Enter the "
                "reason for publishing it, or replace the file with a better one."
            )
        seen = self.data.get(self.add_prefix("version_seen"))
        if seen and seen != str(document.version_number) and not self.replaces_file:
            raise ValidationError(
                "Somebody has replaced the file since you opened this form. Load the page again, "
                "check the new version and enter the reason again."
            )
        return reason

    def clean_note(self) -> str:
        """Return the note; raise ValidationError unless exactly replacements have one."""
        note: str = self.cleaned_data["note"].strip()
        if self.replaces_file and not note:
            raise ValidationError("Enter what has changed, in one line. Visitors will see it.")
        if note and not self.replaces_file and "file" not in self.errors:
            raise ValidationError(
                "You described a change, but did not choose a new file. Choose the file, or "
                "delete this text."
            )
        return note

    def save(self, commit: bool = True) -> Any:
        """Save the document, log a changed reason, and return the document."""
        self.instance.version_note = self.cleaned_data.get("note", "")
        self.instance.version_reason = reason = self.cleaned_data.get("version_reason", "")
        if not self.replaces_file and "accessibility_reason" in self.changed_data:
            reason = self.cleaned_data["accessibility_reason"]
        document = super().save(commit=commit)
        if commit:
            if reason or ("accessibility_reason" in self.changed_data and not self.replaces_file):
                log(document, "files.accept", data={"reason": reason})
            self.discard_kept_file()
        return document


class FormerAddressForm(ChoosableModelForm):
    """The form of a former address."""

    class Meta:
        model = FormerAddress
        fields = ["path", "document"]
        widgets = {"document": AdminDocumentChooser}
