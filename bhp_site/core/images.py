"""Pictures: one closed list of sizes and formats, made when a picture is uploaded."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.models import Filter

from .changes import announce

logger = logging.getLogger(__name__)

WIDTHS = (320, 640, 1280)
FORMATS = ("avif", "webp", "jpeg")


@dataclass(frozen=True)
class Size:
    """A picture in one format and size, both in pixels."""

    name: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Its address, answered by a view that knows whether the picture is public."""
        return reverse("picture", args=[self.name])


def make_renditions(image: Any) -> None:
    """Make every size and format of `image`, and note them on its row.

    No visitor waits for one, and a page that shows pictures asks for none of their renditions.
    """
    specs = {f"width-{width}|format-{kind}": kind for kind in FORMATS for width in WIDTHS}
    made = image.get_renditions(*(Filter(spec) for spec in specs))
    sizes: dict[str, list[list[Any]]] = {kind: [] for kind in FORMATS}
    for spec, kind in specs.items():
        one = made[spec]
        entry = [one.file.name.rpartition("/")[2], one.width, one.height]
        # A small picture is never enlarged: its widest size comes out more than once.
        if not sizes[kind] or sizes[kind][-1][1] < one.width:
            sizes[kind].append(entry)
    image.sizes = sizes
    type(image).objects.filter(pk=image.pk).update(sizes=sizes)


def sizes_of(image: Any, kind: str) -> list[Size]:
    """What was made of `image` in one of `FORMATS`, narrowest first."""
    return [Size(*entry) for entry in image.sizes.get(kind, [])]


def picture_url(image: Any) -> str:
    """Path of the widest JPEG of `image`, "" where none was made."""
    made = sizes_of(image, "jpeg")
    return made[-1].url if made else ""


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
