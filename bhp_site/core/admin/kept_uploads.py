"""Keep an uploaded file while its form is returned with errors.

Browsers empty a file field when a form is shown again. The bytes are therefore stored as Wagtail's
`UploadedFile` and a signed key to them is sent with the form, so that the editor need not choose
the file a second time, nor save the form without it unnoticed.
"""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core import signing
from django.core.files.base import File
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.models import UploadedFile

from bhp_site.core.storage.health import validate_storage

SALT = "kept-upload"


def keep_upload(file: File, model: type[models.Model], user: Any) -> UploadedFile:
    """Store the bytes of `file` until the form for `model` is complete; return the new row."""
    file.seek(0)
    upload: UploadedFile = UploadedFile.objects.create(
        for_content_type=ContentType.objects.get_for_model(model), file=file, uploaded_by_user=user
    )
    return upload


def find_upload(key: Any, model: type[models.Model], user: Any) -> UploadedFile | None:
    """Return the stored upload with the key `key`, or None.

    It must be for `model`, belong to `user`, and have its bytes on disk.
    """
    if not str(key).isdecimal():
        return None
    kind = ContentType.objects.get_for_model(model)
    uploads = UploadedFile.objects.filter(for_content_type=kind, uploaded_by_user=user)
    upload: UploadedFile | None = uploads.filter(pk=key).first()
    return upload if upload and upload.file.storage.exists(upload.file.name) else None


def discard_upload(upload: UploadedFile) -> None:
    """Delete a kept upload and its bytes."""
    upload.file.delete(save=False)
    upload.delete()


def sign_upload(upload: UploadedFile, name: str) -> str:
    """Return the signed key of `upload` with its original file `name`, for a hidden field."""
    return signing.dumps([upload.pk, name], salt=SALT)


class KeptFileInput(forms.FileInput):
    """A file field that keeps its upload when `form` is returned with errors elsewhere."""

    note_template_name = "admin/kept_file.html"

    def __init__(self, form: Any, user: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.form, self.user = form, user
        self.upload: UploadedFile | None = None
        self.file: File | None = None
        # Set by a view that shows the form again although it has no errors.
        self.is_kept_always = False

    @property
    def model(self) -> type[models.Model]:
        """Return the model of the form."""
        model: type[models.Model] = self.form._meta.model
        return model

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the posted file, or else the upload stored before; None without either."""
        self.upload, self.file = None, super().value_from_datadict(data, files, name)
        if not self.file and (value := data.get(f"{name}-kept")):
            self._load(value)
        return self.file

    def _load(self, value: str) -> None:
        try:
            key, name = signing.loads(value, salt=SALT)
        except (signing.BadSignature, ValueError, TypeError):
            return
        if upload := find_upload(key, self.model, self.user):
            self.upload, self.file = upload, File(upload.file, name=name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Return True if neither a file nor the key of a stored upload was posted."""
        return name not in files and f"{name}-kept" not in data

    def use_required_attribute(self, initial: Any) -> bool:
        """Return False if there is a stored upload: browsers must not require the file again."""
        return not self.file and super().use_required_attribute(initial)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the field as HTML, with the stored upload if another field has an error."""
        field = super().render(name, value, attrs, renderer)
        if not self._is_returned(name):
            return field
        upload = {"field": f"{name}-kept", "value": self.keep(), "name": self._file_name}
        return format_html("{}{}", render_to_string(self.note_template_name, upload), field)

    def _is_returned(self, name: str) -> bool:
        """Return True if the form has an error, but not of this file."""
        if self.file and self.is_kept_always:
            return True
        if not self.file or not self.form.is_bound or not self.form.errors:
            return False
        return not any(self.form.add_prefix(field) == name for field in self.form.errors)

    @property
    def _file_name(self) -> str:
        return Path(getattr(self.file, "name", "") or "").name

    def keep(self) -> str:
        """Store the upload if that has not been done; return the value for the hidden field."""
        assert self.file is not None
        if self.upload is None:
            self.upload = keep_upload(self.file, self.model, self.user)
        return sign_upload(self.upload, self._file_name)

    def discard(self) -> None:
        """Delete the stored upload, once the form has been saved."""
        if self.upload:
            discard_upload(self.upload)
            self.upload = None


class KeepsUploadMixin:
    """For model forms with a `file` field: keep the upload until the form is valid."""

    fields: dict[str, forms.Field]

    def keep_file(self, user: Any) -> None:
        """Replace the widget of `file`, and let it check the storage.

        Call this at the end of `__init__`.
        """
        if field := self.fields.get("file"):
            field.validators.append(validate_storage)
            widget = KeptFileInput(self, user, field.widget.attrs)
            widget.is_required = field.widget.is_required
            field.widget = widget

    def discard_kept_file(self) -> None:
        """Delete the kept upload; call this after the object has been saved."""
        widget = self.fields["file"].widget if "file" in self.fields else None
        if isinstance(widget, KeptFileInput):
            widget.discard()
