"""Refuse uploads with a virus in forms, and publication while a file waits for its scan."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from bhp_site.core.models import SiteImage
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.references import PRIMARY_KEY, Reference

from ..models import SiteDocument
from .clamd import FileTooLarge, ScannerUnavailable
from .scanning import is_blocked, is_enabled, scan_upload

NO_SCANNER = (
    "The virus scanner does not answer, so the file was not replaced. Try again later, or ask "
    "the people who run the site."
)


TOO_LARGE = (
    "This file is larger than the virus scanner accepts, so it was not stored. Make it smaller, or "
    "ask the people who run the site."
)


class ScansUploadMixin:
    """For forms of documents and images: scan the file that was sent, before it is stored.

    A new upload waits if the scanner is down; a replacement, which may be public at once, is
    refused.
    """

    def clean_file(self) -> Any:
        """Return the file; raise ValidationError if it has a virus."""
        parent: Any = super()
        data: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined]
        file = parent.clean_file() if hasattr(parent, "clean_file") else data["file"]
        if not is_enabled() or not isinstance(file, UploadedFile):
            return file
        try:
            virus = scan_upload(file, self.compute_hash(file))
        except FileTooLarge as error:
            raise ValidationError(TOO_LARGE) from error
        except ScannerUnavailable as error:
            if self.instance.pk:  # type: ignore[attr-defined]
                raise ValidationError(NO_SCANNER) from error
            return file
        if virus:
            raise ValidationError(
                f"A virus was found in this file: {virus}. The file was not stored. Do not open "
                "it, and tell your IT support."
            )
        return file

    def compute_hash(self, file: Any) -> str:
        """Return the hash by which results of scans are stored."""
        raise NotImplementedError


def check_scans(references: frozenset[Reference], **kwargs: Any) -> None:
    """Raise PublishingRefused if a document or image of a page must not be served.

    Receiver of `publishing`.
    """
    keys: dict[type, set[str]] = {SiteDocument: set(), SiteImage: set()}
    for model, key in references:
        if model in keys and PRIMARY_KEY.fullmatch(key):
            keys[model].add(key)
    documents = SiteDocument.objects.filter(pk__in=keys[SiteDocument])
    images = SiteImage.objects.filter(pk__in=keys[SiteImage])
    blocked = [document.title for document in documents if is_blocked(document.sha256)]
    blocked += [image.title for image in images if is_blocked(image.file_hash)]
    if blocked:
        titles = ", ".join(f"“{title}”" for title in blocked)
        raise PublishingRefused(
            f"Waiting for the virus scanner, or taken off because of a virus: {titles}. See the "
            "dashboard."
        )
