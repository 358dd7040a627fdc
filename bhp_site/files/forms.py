from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.widgets import AdminImageChooser
from wagtail.log_actions import log

from .facts import FORMAT_NAMES
from .storage import sha256

# What a file has only once it is there.
LATER = ("cover", "accessibility_reason", "note")


class SiteDocumentForm(BaseDocumentForm):
    """A file's facts that an editor gives; a replacement says what has changed."""

    note = forms.CharField(
        label="What has changed",
        required=False,
        max_length=250,
        help_text="Wanted with a new file: one line, shown to visitors as “Updated … because …”. "
        "For example “the figure on page 4 was wrong”.",
    )

    class Meta(BaseDocumentForm.Meta):
        widgets = {**BaseDocumentForm.Meta.widgets, "cover": AdminImageChooser}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            for name in LATER:
                # The chooser asks for the reason once it has read the file.
                if self.add_prefix(name) not in self.data:
                    self.fields.pop(name, None)
            return
        if not self.instance.accessibility_reason and not self._keeps_people_out:
            self.fields.pop("accessibility_reason", None)
        if "file" in self.fields:
            self.order_fields(["file", "note"])
        else:
            del self.fields["note"]

    @property
    def _keeps_people_out(self) -> bool:
        return any(finding.serious for finding in self.instance.accessibility)

    @property
    def _replaces(self) -> bool:
        return bool(self.instance.pk) and "file" in self.changed_data

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not self._replaces:
            return file
        before = Path(self.instance.file.name).suffix.lower()
        if Path(file.name or "").suffix.lower() != before:
            name = FORMAT_NAMES.get(before[1:], before)
            raise ValidationError(
                f"This address has been given out as {name}. Choose a file of the same kind, or "
                "upload this one as a file of its own."
            )
        if sha256(file) == self.instance.sha256:
            raise ValidationError(
                "This is the very file that is here already, so nothing would change. Choose the "
                "corrected one."
            )
        return file

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"].strip()
        if self._replaces and not note:
            raise ValidationError("Say in one line what has changed: visitors will see it.")
        return note

    def save(self, commit: bool = True) -> Any:
        self.instance.version_note = self.cleaned_data.get("note", "")
        document = super().save(commit=commit)
        if commit and "accessibility_reason" in self.changed_data:
            reason = self.cleaned_data["accessibility_reason"]
            log(document, "files.accept", data={"reason": reason})
        return document
