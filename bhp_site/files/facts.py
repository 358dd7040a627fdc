from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db import models

from bhp_site.pdf.messages import FAULT_CODES

# What a format is called where visitors choose a file.
FORMAT_NAMES = {
    "pdf": "PDF",
    "docx": "Word",
    "odt": "OpenDocument text",
    "xlsx": "Excel",
    "ods": "OpenDocument spreadsheet",
    "csv": "CSV",
}
LANGUAGES = {"en": "English", "cy": "Welsh", "ur": "Urdu", "pa": "Punjabi", "pl": "Polish"}


def documents_storage() -> Any:
    """Return the storage of file bytes, looked up late so that migrations name none."""
    return storages["documents"]


class FileFacts(models.Model):
    """The facts read from the bytes of a file; the same for a file and for each of its versions."""

    file = models.FileField(upload_to="documents", storage=documents_storage)
    file_size = models.PositiveBigIntegerField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    pages = models.PositiveIntegerField(null=True, editable=False)
    pdf_title = models.CharField("title in the file", max_length=255, blank=True, editable=False)
    is_tagged = models.BooleanField("tagged", null=True, editable=False)
    has_text = models.BooleanField("has a text layer", null=True, editable=False)
    # Rows of {"code", "pages"}: see `findings.py`.
    findings = models.JSONField(default=list, editable=False)

    # The names of the fields above.
    FACTS = (
        "file",
        "file_size",
        "sha256",
        "pages",
        "pdf_title",
        "is_tagged",
        "has_text",
        "findings",
    )

    class Meta:
        abstract = True

    @property
    def has_faults(self) -> bool:
        """Return True if the check found faults, and not only advice."""
        return any(row["code"] in FAULT_CODES for row in self.findings)

    @property
    def suffix(self) -> str:
        """Return the extension of the bytes at hand, with its dot: “.pdf”."""
        return Path(self.file.name or "").suffix.lower()

    @property
    def format_name(self) -> str:
        """Return the format as visitors read it, such as “PDF” or “Word”."""
        extension = self.suffix[1:]
        return FORMAT_NAMES.get(extension, extension.upper())
