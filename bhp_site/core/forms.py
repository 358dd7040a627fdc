from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.forms import BaseImageForm

from .images import make_renditions


class SiteImageForm(BaseImageForm):
    """Decodes an uploaded picture to its end before it is accepted.

    Wagtail reads the header only: a truncated picture would fail for the first visitor.
    """

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            file.seek(0)
            with Image.open(file) as picture:
                picture.load()
            file.seek(0)
        except Exception as error:
            raise ValidationError(
                "This picture cannot be read to its end: it may be damaged or cut short. Open it "
                "in a picture program, save it again as JPEG or PNG, and upload that copy."
            ) from error
        return file

    def save(self, commit: bool = True) -> Any:
        image = super().save(commit=commit)
        if commit and "file" in self.changed_data:
            # Wagtail has just thrown away all renditions of the picture that was replaced.
            make_renditions(image)
        return image
