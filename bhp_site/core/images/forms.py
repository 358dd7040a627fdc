from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from wagtail.images.forms import BaseImageForm

from bhp_site.core.admin.kept_uploads import KeepsUploadMixin
from bhp_site.core.text.sizes import set_upload_limit
from bhp_site.tasks.after_commit import call_after_commit

from .conversion import ANIMATED, ImageRefused, build_source, is_animated
from .renditions import WIDTHS
from .unsupported_formats import explain_unsupported

EMPTY = "This file is empty. Save the image again in an image program, and upload that copy."


class SiteImageForm(KeepsUploadMixin, BaseImageForm):
    """Refuse in a sentence what cannot be shown, before anything is stored."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field := self.fields.get("file"):
            field.to_python = partial(_decode, field.to_python)  # type: ignore[method-assign]
            set_upload_limit(
                field,
                settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
                f"Formats: {', '.join(settings.WAGTAILIMAGES_EXTENSIONS).upper()}.",
                "Save it with fewer pixels or as JPEG, and upload that copy.",
            )
            field.error_messages["empty"] = EMPTY
        self.keep_file(kwargs.get("user"))

    def save(self, commit: bool = True) -> Any:
        """Save and return the image; a replaced file is deleted after the commit.

        Wagtail would delete the renditions after the model has made new ones.
        """
        original: Any = self.original_file if "file" in self.changed_data else None  # type: ignore[has-type]
        self.original_file = None
        image = super().save(commit=commit)
        if commit and original:
            call_after_commit(original.storage.delete, original.name)
        if commit:
            self.discard_kept_file()
        return image


def _decode(to_python: Any, data: Any) -> Any:
    """Return what Wagtail's field makes of an upload; raises ValidationError.

    Wagtail only counts the pixels, and answers 500 to a picture that is cut short. Converting the
    whole image shows whether it can be shown; `SiteImage.save` makes the renditions of the result.
    """
    try:
        file = to_python(data)
        if file is not None:
            if is_animated(file):
                raise ImageRefused(ANIMATED)
            file.plain_source = build_source(file, max_width=WIDTHS[-1])
            file.seek(0)
    except ImageRefused as refusal:
        raise ValidationError(str(refusal)) from refusal
    except ValidationError as error:
        if _is_animated_png(data):
            raise ValidationError(ANIMATED) from error
        if reason := explain_unsupported(data):
            raise ValidationError(reason) from error
        raise
    except Exception as error:
        if reason := explain_unsupported(data):
            raise ValidationError(reason) from error
        raise ValidationError(
            "This image cannot be read completely. It may be damaged or incomplete. Open it in an "
            "image program, save it again as JPEG or PNG, and upload that copy."
        ) from error
    return file


def _is_animated_png(data: Any) -> bool:
    """Return True for an animated PNG, whose `acTL` precedes the image data (PNG, 11.3.6)."""
    if not hasattr(data, "seek"):
        return False
    data.seek(0)
    start = data.read(4096)
    return bool(start.startswith(b"\x89PNG") and b"acTL" in start)
