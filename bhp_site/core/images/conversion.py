"""Convert uploaded images of any kind to plain sRGB without metadata."""

import io
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps

# WebP holds 14 bits a side; JPEG (65,535) and AVIF (65,536) hold more.
MAX_SIDE_PIXELS = 16_383
# One step of an 8-bit channel in 16 bits.
STEPS_16_BIT = 257
MAX_16_BIT = 65_535
SRGB: Any = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))

TOO_LONG = (
    "This image is too long or too wide: in one of the sizes that the site makes, a side would be "
    "longer than 16,383 pixels. Crop the image or cut it into parts, and upload those."
)
NO_RANGE = (
    "This image has 32 bits per pixel channel, which the site cannot convert. Save it as a PNG "
    "with 8 or 16 bits, and upload that copy."
)
ANIMATED = (
    "This image is animated, and some people cannot stop it. Save one frame as a PNG, and upload "
    "that copy."
)


class ImageRefused(Exception):
    """An image cannot be shown on the site; the message tells the editor why."""


class PlainSource(io.BytesIO):
    """A PNG that `build_source` has made: plain sRGB, upright, without metadata."""

    def __init__(self, image: Image.Image) -> None:
        super().__init__()
        # It is read again within seconds, so that compressing it well would only take time.
        image.save(self, "PNG", compress_level=1)
        self.seek(0)
        self._images = {image.width: image}

    def get_image(self, max_width: int) -> Image.Image:
        """Return its pixels, at most `max_width` pixels wide; resized once for every format."""
        widest = self._images[max(self._images)]
        width = min(max_width, widest.width)
        if width not in self._images:
            # Rounded as Wagtail's operation `width-…` does it.
            height = max(1, int(widest.height * (width / widest.width)))
            self._images[width] = widest.resize((width, height), Image.Resampling.LANCZOS)
        return self._images[width]


def is_animated(file: IO[bytes]) -> bool:
    """Return True if `file` has several frames to be shown one after another.

    A camera's MPO file has several images too, but they are views of one scene.
    """
    file.seek(0)
    with Image.open(file) as image:
        return image.format != "MPO" and bool(getattr(image, "is_animated", False))


def build_source(file: IO[bytes], max_width: int | None = None) -> PlainSource:
    """Return the first image in `file` as a plain PNG, at most `max_width` pixels wide.

    Raises ImageRefused for images that have no such form, and Pillow's errors for damaged ones.
    """
    file.seek(0)
    with Image.open(file) as opened:
        image = _convert(opened)
    if max_width and image.width > max_width:
        height = max(1, round(image.height * max_width / image.width))
        image = image.resize((max_width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    if max(image.size) > MAX_SIDE_PIXELS and max_width:
        raise ImageRefused(TOO_LONG)
    return PlainSource(image)


def _convert(image: Image.Image) -> Image.Image:
    """Return `image` upright, as RGB or RGBA in sRGB, with nothing but its pixels."""
    profile = image.info.get("icc_profile")
    image.load()
    # As bytes are opened lazily, the orientation is known only now (WebP, AVIF).
    image = ImageOps.exif_transpose(image)
    if image.mode == "F" or image.mode.startswith("I"):
        image = _reduce_to_8_bits(image)
    alpha = None
    if "transparency" in image.info or image.mode in ("LA", "La", "PA", "RGBA", "RGBa"):
        alpha = _add_alpha(image).getchannel("A")
    plain = _to_srgb(image, profile)
    if alpha:
        plain.putalpha(alpha)
    plain.info = {}
    return plain


def _add_alpha(image: Image.Image) -> Image.Image:
    """Return `image` as RGBA."""
    if image.mode == "La":
        image = image.convert("LA")
    return image.convert("RGBA")


def _reduce_to_8_bits(image: Image.Image) -> Image.Image:
    """Return a greyscale image of 16 bits as one of 8 bits; raises ImageRefused for others."""
    if image.mode == "F":
        raise ImageRefused(NO_RANGE)
    wide = image.convert("I")
    darkest, lightest = wide.getextrema()
    if darkest < 0 or lightest > MAX_16_BIT:  # type: ignore[operator]
        raise ImageRefused(NO_RANGE)
    return wide.point(lambda value: value * (1 / STEPS_16_BIT) + 0.5).convert("L")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the colours of `image`, without its alpha channel, as RGB in sRGB."""
    if image.mode == "LAB":
        source: Any = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        lab = ImageCms.profileToProfile(image, source, SRGB, outputMode="RGB")
        return lab if lab is not None else image.convert("RGB")
    if image.mode == "La":
        image = image.convert("LA")
    if image.mode in ("1", "LA"):
        image = image.convert("L")
    elif image.mode not in ("L", "CMYK"):
        # Pillow warns of a palette that loses its transparency on the direct way.
        way = "RGBA" if image.mode in ("P", "PA", "RGBa") else "RGB"
        image = image.convert(way).convert("RGB")
    if profile:
        try:
            embedded: Any = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, embedded, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A damaged profile, or one of another kind of image. Browsers ignore it as well.
            converted = None
        if converted is not None:
            return converted
    # Always a new image: the other is not ours to change.
    return image.convert("RGB") if image.mode != "RGB" else image.copy()
