"""The images and documents in `files/`, uploaded with the same calls as in the admin.

Threads convert and read them while the rest of the demonstration is loaded: together that takes a
third of its time.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TypeVar

from django.core.files.base import ContentFile

from bhp_site.core.models import SiteImage
from bhp_site.files.models import SiteDocument

from .content import images, reports
from .content.shapes import File, Image

FILES = Path(__file__).parent / "files"

T = TypeVar("T")
# An image or a document that is not saved, and the work on its file.
Upload = tuple[T, Future[None]]


def get_image(file: str) -> SiteImage:
    """Return the image with the name `file`, which must have been uploaded."""
    title = next(data.title for data in images.IMAGES if data.file == file)
    return SiteImage.objects.filter(title=title).order_by("pk")[0]


def get_document(file: str) -> SiteDocument:
    """Return the document whose slug is the stem of `file`, which must have been uploaded."""
    return SiteDocument.objects.get(slug=Path(file).stem)


def start_images(executor: Executor) -> list[Upload[SiteImage]]:
    """Start to convert the images that are missing."""
    titles = [data.title for data in images.IMAGES]
    present = set(SiteImage.objects.filter(title__in=titles).values_list("title", flat=True))
    missing = [_build_image(data) for data in images.IMAGES if data.title not in present]
    return [(image, executor.submit(image.build_renditions)) for image in missing]


def start_documents(executor: Executor) -> list[Upload[SiteDocument]]:
    """Start to read the documents that are missing."""
    missing = [_build_document(data) for data in _list_missing_files()]
    return [(document, executor.submit(_read, document)) for document in missing]


def save_uploads(uploads: Iterable[Upload[SiteImage] | Upload[SiteDocument]]) -> None:
    """Save the files that were started, each as soon as it is read; raises ValidationError."""
    for instance, is_read in uploads:
        is_read.result()
        if isinstance(instance, SiteDocument):
            instance.full_clean(exclude=["file_hash", "sha256"])
        instance.save()


def _build_image(data: Image) -> SiteImage:
    return SiteImage(
        title=data.title,
        description=data.description,
        credit="Drawn for this site",
        licence="mit",
        file=ContentFile((FILES / data.file).read_bytes(), name=data.file),
    )


def _list_missing_files() -> Iterator[File]:
    present = set(SiteDocument.objects.values_list("slug", flat=True))
    for report in reports.REPORTS:
        for data in report.files:
            if Path(data.file).stem not in present:
                yield data


def _build_document(data: File) -> SiteDocument:
    return SiteDocument(
        title=data.title,
        slug=Path(data.file).stem,
        file=ContentFile((FILES / data.file).read_bytes(), name=data.file),
        accessibility_reason=data.reason,
    )


def _read(document: SiteDocument) -> None:
    document.read_facts()
    document.build_cover()
