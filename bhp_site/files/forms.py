from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from .models import FORMAT_NAMES


class SiteDocumentForm(BaseDocumentForm):
    """Keeps what has been given out: the address of a published file, and its format."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields and self.instance.has_been_public:
            self.fields["slug"].disabled = True

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not self.instance.pk or "file" not in self.changed_data:
            return file
        before = Path(self.instance.file.name).suffix.lower()
        if Path(file.name or "").suffix.lower() != before:
            name = FORMAT_NAMES.get(before[1:], before)
            raise ValidationError(
                f"This address has been given out as {name}. Choose a file of the same kind, or "
                "upload this one as a file of its own."
            )
        return file
