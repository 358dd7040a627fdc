"""Renditions of images: one closed list of sizes and formats, made when an image is uploaded.

Making AVIF takes several times as long as all the rest, so a task does it afterwards. Until
then, and where it cannot be made, visitors get another format.
"""

import logging
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from django_tasks import task
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import Collection
from willow.plugins.pillow import PillowImage

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.storage.errors import StoredFileMissing
from bhp_site.tasks.backends import is_enqueued

from .conversion import PlainSource, build_source

logger = logging.getLogger(__name__)

WIDTHS = (320, 640, 1280)
UPLOAD_FORMATS = ("webp", "jpeg")
DEFERRED_FORMATS = ("avif",)
FORMATS = (*DEFERRED_FORMATS, *UPLOAD_FORMATS)
# Height in pixels of a logo on a screen with two pixels for each CSS pixel.
MIN_LOGO_HEIGHT = 100
# Counted up whenever renditions must be made in another way: those made before are replaced.
# 1: sRGB, without metadata.
RENDITION_VERSION = 1


@dataclass(frozen=True)
class RenditionFile:
    """A stored rendition: the name of its file, and its width and height in pixels."""

    name: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Return its URL path; the view behind it checks whether the image is public."""
        return _url(self.name)


@lru_cache(maxsize=4096)
def _url(name: str) -> str:
    """Return the URL path of a rendition.

    A page may show thirty, and `reverse` takes long for each.
    """
    return reverse("picture", args=[name])


class PlainImage(PillowImage):
    """The pixels of a `PlainSource`, which need not be decoded again."""

    format_name = "png"


class SizeFilter(Filter):
    """The filter of one of the sizes that the site makes."""

    def __init__(self, width: int, kind: str) -> None:
        super().__init__(f"width-{width}|format-{kind}")
        self.width = width

    @contextmanager
    def get_willow_image(self, image: Any, source: PlainSource) -> Iterator[PlainImage]:
        """Yield the pixels of `source` in the size of this filter, so that each is made once."""
        yield PlainImage(source.get_image(self.width))


def build_renditions(
    image: Any, formats: tuple[str, ...] = UPLOAD_FORMATS, source: PlainSource | None = None
) -> dict[str, File]:
    """Return the file of every size of `image` in `formats` by filter spec; nothing is stored.

    Raises ImageRefused, or Pillow's error, for an image that cannot be converted. This takes
    seconds, so call it outside a transaction.
    """
    if source is None:
        with image.open_file() as file:
            source = build_source(file, max_width=WIDTHS[-1])
    return {
        size_filter.spec: image.generate_rendition_file(size_filter, source=source)
        for size_filter in get_filters(formats)
    }


def store_renditions(image: Any, files: dict[str, File]) -> bool:
    """Store `files` as renditions of `image`; return False if it has been replaced or deleted.

    The lock of the image's row orders the processes that do this for one image. Existing renditions
    stay, unless they were made in an outdated way.
    """
    with transaction.atomic():
        # SQLite locks no row: its transactions begin with the lock of the whole database.
        locked = type(image).objects.select_for_update(of=("self",))
        current = locked.filter(pk=image.pk, file=image.file.name).first()
        if current is None:
            return False
        current.renditions.filter(version__lt=RENDITION_VERSION).delete()
        stored_specs = set(current.renditions.values_list("filter_spec", flat=True))
        for spec in files.keys() - stored_specs:
            current.renditions.create(filter_spec=spec, file=files[spec])
        image.sizes = _list_sizes(current)
        type(image).objects.filter(pk=image.pk).update(sizes=image.sizes)
    return True


def make_renditions(image: Any, formats: tuple[str, ...] = UPLOAD_FORMATS) -> bool:
    """Make and store every size of `image` in `formats`, and return what `store_renditions` does.

    No visitor waits for one, and a page that shows images needs no query for their renditions:
    `sizes` repeats what the rows of the renditions say, and is only ever written from them.
    """
    return store_renditions(image, build_renditions(image, formats))


def build_ahead(images: Iterable[Any]) -> Iterator[Any]:
    """Yield each of `images`, which are not saved, when its renditions are built.

    Those of the next ones are built meanwhile in threads, one for each processor: Pillow releases
    the interpreter while it works. No more images than that are taken from `images` in advance.
    """
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers, thread_name_prefix="renditions") as pool:
        waiting: deque[tuple[Any, Future[None]]] = deque()
        for image in images:
            waiting.append((image, pool.submit(image.build_renditions)))
            if len(waiting) > workers:
                yield _wait(*waiting.popleft())
        while waiting:
            yield _wait(*waiting.popleft())


def _wait(image: Any, built: Future[None]) -> Any:
    """Return `image` when `built` has a result."""
    built.result()
    return image


def get_filters(formats: Iterable[str]) -> list[SizeFilter]:
    """Return the filter of every size in `formats`, narrowest first."""
    return [SizeFilter(width, kind) for kind in formats for width in WIDTHS]


def get_filter_specs(formats: Iterable[str]) -> list[str]:
    """Return the filter spec of every size in `formats`, narrowest first."""
    return [size_filter.spec for size_filter in get_filters(formats)]


def _list_sizes(image: Any) -> dict[str, list[list[Any]]]:
    """Return format → name, width and height of the renditions of `image` that are stored."""
    stored = {rendition.filter_spec: rendition for rendition in image.renditions.all()}
    sizes: dict[str, list[list[Any]]] = {}
    for kind in FORMATS:
        for spec in get_filter_specs([kind]):
            rendition = stored.get(spec)
            widest = sizes[kind][-1][1] if sizes.get(kind) else 0
            # A small image is never enlarged: its widest size comes out more than once.
            if rendition and rendition.width > widest:
                entry = [rendition.file.name.rpartition("/")[2], rendition.width, rendition.height]
                sizes.setdefault(kind, []).append(entry)
    return sizes


@task(backend="database", queue_name="slow", coalesce=True, max_attempts=3)
def make_missing_renditions(image_pk: int) -> None:
    """Make what is missing or outdated of the renditions of an image, if it still exists.

    Raises StoredFileMissing if its file does not.
    """
    image = get_image_model().objects.filter(pk=image_pk).first()
    if image is None:
        return
    stored = image.renditions.filter(version=RENDITION_VERSION)
    stored_specs = set(stored.values_list("filter_spec", flat=True))
    missing = [kind for kind in FORMATS if not stored_specs.issuperset(get_filter_specs([kind]))]
    try:
        make_renditions(image, tuple(missing))
    except FileNotFoundError as error:
        raise StoredFileMissing(f"The file of the image {image_pk} is missing.") from error
    send_content_changed(image, "make renditions")


def enqueue_missing_renditions() -> None:
    """Enqueue `make_missing_renditions` for every image that needs it, unless that has failed."""
    model = get_image_model()
    renditions = model.get_rendition_model().objects.filter(image=OuterRef("pk"))
    images = model.objects.alias(
        is_outdated=Exists(renditions.filter(version__lt=RENDITION_VERSION))
    ).filter(~Q(sizes__has_keys=FORMATS) | Q(is_outdated=True))
    for pk in images.order_by("pk").values_list("pk", flat=True):
        if not is_enqueued(make_missing_renditions, pk):
            make_missing_renditions.enqueue(pk)


def get_rendition_files(image: Any, kind: str) -> list[RenditionFile]:
    """Return the renditions of `image` in one of `FORMATS`, narrowest first; no query is needed."""
    return [RenditionFile(*entry) for entry in image.sizes.get(kind, [])]


def get_logo_file(image: Any) -> RenditionFile | None:
    """Return the narrowest WebP of a logo that is sharp on every screen, or else the widest.

    None without an image, or if it has no renditions.
    """
    made = get_rendition_files(image, "webp") if image else []
    sharp = (file for file in made if file.height >= MIN_LOGO_HEIGHT)
    return next(sharp, made[-1] if made else None)


def get_or_create_collection(name: str) -> Collection:
    """Return the top-level collection of this name, which is created if it does not exist."""
    root = Collection.get_first_root_node()
    collection: Collection | None = root.get_children().filter(name=name).first()
    return collection or root.add_child(name=name)


def _on_image_saved(instance: Any, created: bool, **kwargs: Any) -> None:
    send_content_changed(instance, "make renditions")
    if not set(FORMATS) <= instance.sizes.keys():
        make_missing_renditions.enqueue(instance.pk)


def _on_image_deleted(instance: Any, **kwargs: Any) -> None:
    send_content_changed(instance, "delete")


def connect() -> None:
    """Connect the receivers for saved and deleted images; called when the app is ready."""
    model: type[Model] = get_image_model()
    post_save.connect(_on_image_saved, sender=model, dispatch_uid="make-renditions")
    post_delete.connect(_on_image_deleted, sender=model, dispatch_uid="picture-gone")
