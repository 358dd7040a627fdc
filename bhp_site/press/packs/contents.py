"""What a press pack contains: texts, documents, and images that may be passed on."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string
from django.utils.text import slugify
from wagtail.models import CollectionMember

from bhp_site.core.models import SiteImage
from bhp_site.core.text.sentences import join_sentences
from bhp_site.core.unpublishing import get_withdrawal
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.collection_restrictions import get_restricted_paths
from news.models import NewsPage

from ..release_text import ReleaseText, build_release_text
from .image_metadata import remove_metadata
from .licences import get_sharing_terms

# Part of each pack's key; raise it when packs are built in another way.
PACK_FORMAT = 1
MAX_NAME_CHARACTERS = 60
# Extensions of image files, as `remove_metadata` returns them.
SUFFIXES = {".jpg": ".jpg", ".jpeg": ".jpg", ".png": ".png", ".webp": ".webp"}


@dataclass(frozen=True)
class PackFile:
    """A file of a pack. `key` changes when its bytes do; `read` yields the bytes in pieces."""

    name: str
    key: str
    read: Callable[[], Iterable[bytes]]


@dataclass(frozen=True)
class PackImage:
    """An image of an announcement, with its caption there and its name in the pack.

    The name is empty if the licence does not let us pass the image on.
    """

    image: SiteImage
    caption: str
    name: str

    @property
    def licence(self) -> str:
        """Return what others may do with the image."""
        return get_sharing_terms(self.image) or "ask our press contact"

    def describe(self) -> str:
        """Return name, caption, credit and licence, a line for each."""
        lines = {
            "": self.name or f"Not included: {self.image.title}",
            "Caption: ": self.caption,
            "Credit: ": self.image.credit,
            "Licence: ": self.licence,
        }
        return "\n".join(f"{label}{text}" for label, text in lines.items() if text)


def list_documents(page: NewsPage) -> list[SiteDocument]:
    """Return the documents that `page` and its report offer, each once.

    Withdrawn documents and those of a withdrawn report are left out: a copy would not say so.
    """
    is_withdrawn = page.visible_report is not None and get_withdrawal(page.visible_report)
    downloads = page.own_downloads if is_withdrawn else page.visible_downloads
    documents = [download.document for download in downloads]
    documents += [
        document
        for block in page.body
        if block.block_type == "download"
        and (document := block.value["document"])
        and not _is_in(document, get_restricted_paths())
    ]
    by_key = {document.pk: document for document in documents if not document.withdrawn_reason}
    return list(by_key.values())


def list_images(page: NewsPage) -> list[PackImage]:
    """Return the images in the body and the speakers' portraits, each once."""
    images: dict[int, PackImage] = {}
    restricted = get_restricted_paths()
    for image, caption in _iter_images(page):
        if image.pk not in images and not _is_in(image, restricted):
            images[image.pk] = PackImage(image, caption, _get_name(image, len(images) + 1))
    return list(images.values())


def _is_in(item: CollectionMember, collection_paths: tuple[str, ...]) -> bool:
    """Return True if `item` is in one of these collections; the tuple is usually empty."""
    return bool(collection_paths) and item.collection.path.startswith(collection_paths)


def _iter_images(page: NewsPage) -> Iterator[tuple[SiteImage, str]]:
    for block in page.body:
        if block.block_type == "figure" and (image := block.value["image"]):
            yield image, block.value["caption"]
        elif block.block_type == "quote" and (portrait := block.value["portrait"]):
            yield portrait, block.value["name"]


def _get_name(image: SiteImage, number: int) -> str:
    """Return the path in the pack: “images/1-two-hospitals.jpg”; "" if it may not be passed on."""
    if not get_sharing_terms(image):
        return ""
    _, _, extension = image.file.name.rpartition(".")
    suffix = SUFFIXES.get(f".{extension.lower()}", ".png")
    slug = slugify(image.title)[:MAX_NAME_CHARACTERS].strip("-") or "image"
    return f"images/{number}-{slug}{suffix}"


def is_worthwhile(page: NewsPage) -> bool:
    """Return True if a pack of `page` holds more than its text: a document or an image."""
    return bool(list_documents(page)) or any(image.name for image in list_images(page))


def estimate_size(page: NewsPage) -> int:
    """Return about how many bytes a pack of `page` has: those of its documents and images."""
    documents = sum(document.file_size or 0 for document in list_documents(page))
    return documents + sum(image.image.file_size or 0 for image in list_images(page) if image.name)


def list_files(page: NewsPage, embargo: str = "") -> list[PackFile]:
    """Return the files of a pack of `page`: the published page, or a draft under `embargo`."""
    images = list_images(page)
    documents = list_documents(page)
    names = {image.image.pk: image.name for image in images if image.name}
    text = build_release_text(page, embargo=embargo, image_names=names)
    files = [
        _from_text("announcement.txt", text.as_text),
        _from_text("announcement.html", _render_page(text, images, documents)),
    ]
    if text.quotations:
        files.append(_from_text("quotations.txt", _list_quotations(text)))
    if images:
        lines = [embargo, *(image.describe() for image in images)]
        files.append(_from_text("images.txt", "\n\n".join(filter(None, lines)) + "\n"))
    files += [_from_document(document) for document in documents]
    files += [_from_image(image) for image in images if image.name]
    return files


def _render_page(text: ReleaseText, images: list[PackImage], documents: list[SiteDocument]) -> str:
    context = {
        "text": text,
        "images": [image for image in images if image.name],
        "documents": [(_get_path(document), document) for document in documents],
        "description": join_sentences([text.embargo, text.page.summary]),
    }
    return render_to_string("press/announcement.html", context)


def _get_path(document: SiteDocument) -> str:
    return f"documents/{document.filename}"


def _list_quotations(text: ReleaseText) -> str:
    parts = [text.embargo, f"Quotations: {text.page.title}"]
    parts += [quotation.text for quotation in text.quotations]
    return "\n\n".join(filter(None, parts)) + "\n"


def _from_text(name: str, text: str) -> PackFile:
    # Windows shows a text file in UTF-8 correctly if it begins with the mark.
    data = text.encode("utf-8-sig" if name.endswith(".txt") else "utf-8")
    return PackFile(name, sha256(data).hexdigest(), lambda: [data])


def _from_document(document: SiteDocument) -> PackFile:
    def read() -> Iterator[bytes]:
        with document.open_file() as file:
            yield from file.chunks()

    return PackFile(_get_path(document), document.sha256, read)


def _from_image(image: PackImage) -> PackFile:
    def read() -> Iterator[bytes]:
        with image.image.open_file() as file:
            data, _ = remove_metadata(file.read())
        yield data

    return PackFile(image.name, image.image.get_file_hash(), read)


def compute_key(files: Iterable[PackFile]) -> str:
    """Return a hash of all that a pack with these files depends on."""
    parts: list[Any] = [(file.name, file.key) for file in files]
    return sha256(repr([PACK_FORMAT, *parts]).encode()).hexdigest()
