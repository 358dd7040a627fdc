"""Pictures: one closed list of sizes and formats, made when a picture is uploaded."""

import logging
from typing import Any

from django.db.models import Model, prefetch_related_objects
from django.db.models.signals import post_save
from wagtail.images import get_image_model
from wagtail.images.models import Filter

from .changes import announce

logger = logging.getLogger(__name__)

WIDTHS = (320, 640, 1280)
FORMATS = ("avif", "webp", "jpeg")
SPECS = tuple(f"width-{width}|format-{kind}" for kind in FORMATS for width in WIDTHS)


def make_renditions(image: Any) -> None:
    """Make every size and format of `image`, so that no visitor waits for one."""
    image.get_renditions(*(Filter(spec) for spec in SPECS))


def renditions(image: Any) -> dict[str, list[Any]]:
    """What was made of `image`: format → renditions, narrowest first.

    Reads only, and once for each instance: a picture whose renditions are missing has none on
    the page. Prefetch `renditions` where many pictures are listed.
    """
    prefetch_related_objects([image], "renditions")
    made = {r.filter_spec: r for r in image.renditions.all()}
    return {
        kind: [made[s] for w in WIDTHS if (s := f"width-{w}|format-{kind}") in made]
        for kind in FORMATS
    }


def picture_url(image: Any) -> str:
    """Path of the widest JPEG of `image`, "" where none was made."""
    made = renditions(image)["jpeg"]
    return made[-1].url if made else ""


def _saved(instance: Any, created: bool, **kwargs: Any) -> None:
    try:
        make_renditions(instance)
    except Exception:
        # The picture itself is kept; the form has checked that it can be read at all.
        logger.exception("No renditions of picture %s", instance.pk)
    announce(instance, "save picture")


def connect() -> None:
    """Listen to saved pictures; called when the app is ready."""
    model: type[Model] = get_image_model()
    post_save.connect(_saved, sender=model, dispatch_uid="make-renditions")
