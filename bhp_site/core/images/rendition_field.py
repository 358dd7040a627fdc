"""The file field of renditions, which need not be decoded to know their size."""

from typing import Any

from PIL import Image
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile


class RenditionFieldFile(WagtailImageFieldFile):
    """The file of a rendition."""

    def get_image_dimensions(self) -> tuple[int, int]:
        """Return its width and height in pixels, from the header.

        Wagtail decodes the whole image, twice for each that is stored: editors may upload what is
        damaged after its header. The site itself has written this one.
        """
        close = self.closed
        self.open()
        try:
            with Image.open(self.file) as image:
                size: tuple[int, int] = image.size
                return size
        finally:
            if close:
                self.close()
            else:
                self.seek(0)


class RenditionField(WagtailImageField):
    """Wagtail's field with another `attr_class`; migrations name Wagtail's."""

    attr_class = RenditionFieldFile

    def deconstruct(self) -> Any:
        """Return what Wagtail's field returns: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        path = f"{WagtailImageField.__module__}.{WagtailImageField.__qualname__}"
        return name, path, args, kwargs
