from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.forms import BaseImageForm

from .images import make_renditions


class SiteImageForm(BaseImageForm):
    """Says in a sentence why a picture cannot be taken, and makes its sizes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.to_python = partial(_decoded, field.to_python)  # type: ignore[method-assign]

    def save(self, commit: bool = True) -> Any:
        image = super().save(commit=commit)
        if commit and "file" in self.changed_data:
            # Wagtail has just thrown away all renditions of the picture that was replaced.
            make_renditions(image)
        return image


def _decoded(to_python: Any, data: Any) -> Any:
    """What Wagtail's field makes of an upload, which it decodes to count the pixels.

    Wagtail answers 500 to a picture that is cut short; an editor needs to know what to do.
    """
    try:
        return to_python(data)
    except ValidationError as error:
        if _moves(data):
            raise ValidationError(
                "This picture moves (an animated PNG), which not all readers can stop. Save one "
                "picture of it as an ordinary PNG, and upload that."
            ) from error
        raise
    except Exception as error:
        raise ValidationError(
            "This picture cannot be read to its end: it may be damaged or cut short. Open it "
            "in a picture program, save it again as JPEG or PNG, and upload that copy."
        ) from error


def _moves(data: Any) -> bool:
    """Whether an upload is an animated PNG, whose `acTL` comes before the picture (PNG, 11.3.6)."""
    if not hasattr(data, "seek"):
        return False
    data.seek(0)
    start = data.read(4096)
    return bool(start.startswith(b"\x89PNG") and b"acTL" in start)
