"""Pictures: one closed list of sizes and formats, made when a picture is uploaded.

Making AVIF takes several times as long as all the rest, so the scheduler does it afterwards. Until
then, and where it cannot be made, visitors get another format.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.models import Filter
from wagtail.models import Collection

from .background import jobs
from .changes import announce

logger = logging.getLogger(__name__)

WIDTHS = (320, 640, 1280)
FAST = ("webp", "jpeg")
SLOW = ("avif",)
FORMATS = (*SLOW, *FAST)
# Files that this process has tried in vain.
_failed: set[str] = set()


@dataclass(frozen=True)
class Size:
    """A picture in one format and size, both in pixels."""

    name: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Its address, answered by a view that knows whether the picture is public."""
        return _url(self.name)


@lru_cache(maxsize=4096)
def _url(name: str) -> str:
    """A page may show thirty sizes, and to find an address by its pattern takes long."""
    return reverse("picture", args=[name])


def make_renditions(image: Any, formats: tuple[str, ...] = FAST) -> None:
    """Make every size of `image` in `formats`, and note them on its row.

    No visitor waits for one, and a page that shows pictures asks for none of their renditions.
    """
    specs = {f"width-{width}|format-{kind}": kind for kind in formats for width in WIDTHS}
    made = image.get_renditions(*(Filter(spec) for spec in specs))
    sizes: dict[str, list[list[Any]]] = {kind: [] for kind in formats}
    for spec, kind in specs.items():
        one = made[spec]
        entry = [one.file.name.rpartition("/")[2], one.width, one.height]
        # A small picture is never enlarged: its widest size comes out more than once.
        if not sizes[kind] or sizes[kind][-1][1] < one.width:
            sizes[kind].append(entry)
    image.sizes = sizes if formats == FAST else image.sizes | sizes
    unchanged = type(image).objects.filter(pk=image.pk, file=image.file.name)
    if not unchanged.update(sizes=image.sizes):
        # Another file has come in its place meanwhile, and has sizes of its own.
        image.renditions.filter(filter_spec__in=specs).delete()


def make_slow_renditions() -> bool:
    """Make what was left for later of one picture; False where there is nothing left to make."""
    waiting = get_image_model().objects.exclude(sizes__has_keys=SLOW).exclude(file__in=_failed)
    image = waiting.order_by("pk").first()
    if image is None:
        return False
    try:
        make_renditions(image, SLOW)
    except Exception:
        _failed.add(image.file.name)
        logger.exception("No slow renditions of picture %s", image.pk)
    else:
        announce(image, "save picture")
    return True


def sizes_of(image: Any, kind: str) -> list[Size]:
    """What was made of `image` in one of `FORMATS`, narrowest first."""
    return [Size(*entry) for entry in image.sizes.get(kind, [])]


def picture_url(image: Any) -> str:
    """Path of the widest JPEG of `image`, "" where none was made."""
    made = sizes_of(image, "jpeg")
    return made[-1].url if made else ""


def collection_called(name: str) -> Collection:
    """The collection of this name at the top, made with the first picture for it."""
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=name).first()
    return found or root.add_child(name=name)


def _saved(instance: Any, created: bool, **kwargs: Any) -> None:
    try:
        make_renditions(instance)
    except Exception:
        # The picture itself is kept; the form has checked that it can be read at all.
        logger.exception("No renditions of picture %s", instance.pk)
    announce(instance, "save picture")


def _deleted(instance: Any, **kwargs: Any) -> None:
    announce(instance, "delete")


def connect() -> None:
    """Listen to saved and deleted pictures; called when the app is ready."""
    model: type[Model] = get_image_model()
    post_save.connect(_saved, sender=model, dispatch_uid="make-renditions")
    post_delete.connect(_deleted, sender=model, dispatch_uid="picture-gone")
    jobs.append(make_slow_renditions)
