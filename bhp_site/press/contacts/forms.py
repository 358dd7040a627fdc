"""Forms of the press list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ..models import PressContact
from .csv_import import MAX_BYTES, ImportRefused, decode_file


class ImportFileForm(forms.Form):
    """The CSV file to import, and where its addresses come from."""

    file = forms.FileField(
        label="CSV file",
        help_text=(
            "The first line names the columns: Name, E-mail address and, if you like, Outlet, "
            "Source and Notes. You see what would be added before anything is stored."
        ),
    )
    source = forms.CharField(
        label="Source",
        max_length=PressContact._meta.get_field("source").max_length,
        help_text=("How you know these addresses. Used for rows that have no source of their own."),
    )

    def clean_file(self) -> str:
        """Return the text of the file; raises ValidationError if it cannot be read."""
        file: Any = self.cleaned_data["file"]
        try:
            return decode_file(file.read(MAX_BYTES + 1))
        except ImportRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ImportConfirmForm(forms.Form):
    """The text of a file that was shown in a preview, sent back to be imported."""

    text = forms.CharField(max_length=MAX_BYTES, strip=False, widget=forms.HiddenInput)
    source = ImportFileForm.base_fields["source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].widget = forms.HiddenInput()
