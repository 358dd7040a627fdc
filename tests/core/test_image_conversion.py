"""Whatever Pillow opens becomes plain sRGB without metadata, or is refused in a sentence."""

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms, PngImagePlugin
from wagtail.images.models import Filter

from bhp_site.core.images import conversion
from bhp_site.core.images.conversion import MAX_SIDE_PIXELS, ImageRefused, build_source, is_animated
from bhp_site.core.images.renditions import (
    FORMATS,
    UPLOAD_FORMATS,
    WIDTHS,
    build_renditions,
    get_filter_specs,
    make_missing_renditions,
)
from bhp_site.core.models import SiteImage

from ..running_tasks import run_tasks

SIZE = (40, 20)
# Exif tags: make, orientation, GPS position (Exif 2.3, 4.6.4 and 4.6.6).
MAKE, ORIENTATION, GPS = 0x010F, 0x0112, 0x8825
SECRETS = (b"Exif", b"SecretCam", b"xpacket", b"Photoshop", b"a secret comment", b"eXIf", b"tEXt")


def encode(image: Image.Image, kind: str, **more: Any) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, kind, **more)
    file.seek(0)
    return file


def convert(file: io.BytesIO, max_width: int | None = None) -> Image.Image:
    return Image.open(build_source(file, max_width))


def build_profile(name: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(name)).tobytes()  # type: ignore[arg-type]


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[MAKE], data[ORIENTATION] = "SecretCam", orientation
    data.get_ifd(GPS).update({1: "N", 2: (52.0, 29.0, 1.0), 3: "W", 4: (1.0, 53.0, 2.0)})
    return data


def make_grey16(value: int) -> Image.Image:
    """A greyscale image of 16 bits, all of one brightness."""
    return Image.frombytes("I;16", SIZE, value.to_bytes(2, "little") * SIZE[0] * SIZE[1])


# Image → its first pixel once it is converted.
KINDS = {
    "black and white": (encode(Image.new("1", SIZE, 1), "PNG"), (255, 255, 255)),
    "grey": (encode(Image.new("L", SIZE, 100), "PNG"), (100, 100, 100)),
    "grey with alpha": (encode(Image.new("LA", SIZE, (100, 7)), "PNG"), (100, 100, 100, 7)),
    "grey, one transparent": (
        encode(Image.new("L", SIZE, 100), "PNG", transparency=100),
        (100, 100, 100, 0),
    ),
    "grey of 16 bits, light": (encode(make_grey16(65_535), "PNG"), (255, 255, 255)),
    "grey of 16 bits, middle": (encode(make_grey16(100 * 257), "PNG"), (100, 100, 100)),
    "grey of 16 bits, TIFF": (encode(make_grey16(7 * 257), "TIFF"), (7, 7, 7)),
    "grey of 32 bits, few used": (
        encode(Image.new("I", SIZE, 100 * 257), "TIFF"),
        (100, 100, 100),
    ),
    "palette": (encode(Image.new("RGB", SIZE, "red").quantize(4), "PNG"), (255, 0, 0)),
    "palette with transparency": (
        encode(Image.new("P", SIZE, 0), "PNG", transparency=b"\x05"),
        (0, 0, 0, 5),
    ),
    "GIF with transparency": (
        encode(Image.new("P", SIZE, 0), "GIF", transparency=0),
        (0, 0, 0, 0),
    ),
    "colour": (encode(Image.new("RGB", SIZE, (1, 2, 3)), "PNG"), (1, 2, 3)),
    "colour with alpha": (encode(Image.new("RGBA", SIZE, (1, 2, 3, 4)), "PNG"), (1, 2, 3, 4)),
    "four inks": (encode(Image.new("CMYK", SIZE, (0, 0, 0, 0)), "TIFF"), (255, 255, 255)),
    "four inks, JPEG": (encode(Image.new("CMYK", SIZE, (0, 0, 0, 0)), "JPEG"), (255, 255, 255)),
    "luminance and colour": (encode(Image.new("YCbCr", SIZE, (255, 128, 128)), "TIFF"), (255,) * 3),
    "CIELAB": (encode(Image.new("LAB", SIZE, (255, 128, 128)), "TIFF"), (255, 255, 255)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_mode_becomes_srgb(kind: str) -> None:
    file, pixel = KINDS[kind]
    image = convert(file)
    assert (image.mode, image.size) == ("RGBA" if len(pixel) == 4 else "RGB", SIZE)
    found: Any = image.getpixel((0, 0))
    assert found == pytest.approx(pixel, abs=2)


@pytest.mark.parametrize("mode, value", [("F", 0.5), ("I", 70_000), ("I", -1)])
def test_brightness_without_a_range_is_refused(mode: str, value: float) -> None:
    with pytest.raises(ImageRefused, match="which the site cannot convert"):
        build_source(encode(Image.new(mode, SIZE, value), "TIFF"))


def test_colours_of_a_profile_become_those_of_srgb() -> None:
    """In the tag table of this profile red and green have changed places."""
    data = build_profile("sRGB").replace(b"rXYZ", b"-XYZ").replace(b"gXYZ", b"rXYZ")
    data = data.replace(b"-XYZ", b"gXYZ")
    image = Image.new("RGB", SIZE, (255, 0, 0))
    assert convert(encode(image, "PNG")).getpixel((0, 0)) == (255, 0, 0)
    green: Any = convert(encode(image, "PNG", icc_profile=data)).getpixel((0, 0))
    assert green == pytest.approx((0, 255, 0), abs=2)


@pytest.mark.parametrize("bad", [b"no profile", build_profile("LAB")])
@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_profile_that_does_not_fit_is_ignored(mode: str, bad: bytes) -> None:
    white = Image.new("RGB", SIZE, "white").convert(mode)
    assert convert(encode(white, "TIFF", icc_profile=bad)).getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_orientation_is_applied(kind: str) -> None:
    image = Image.new("RGB", SIZE, "black")
    image.paste("white", (0, 0, SIZE[0] // 2, SIZE[1]))
    turned = convert(encode(image, kind, exif=exif(orientation=6)))
    assert turned.size == SIZE[::-1]
    top: Any = turned.getpixel((5, 2))
    assert top == pytest.approx((255, 255, 255), abs=8)


def test_a_wide_image_is_made_smaller() -> None:
    image = encode(Image.new("RGB", (3000, 1500)), "PNG")
    assert convert(image, max_width=WIDTHS[-1]).size == (1280, 640)


@pytest.mark.parametrize("height, refused", [(MAX_SIDE_PIXELS, False), (MAX_SIDE_PIXELS + 1, True)])
def test_an_image_too_long_for_webp_is_refused(height: int, refused: bool) -> None:
    file = encode(Image.new("1", (10, height)), "PNG")
    if refused:
        with pytest.raises(ImageRefused, match="16,383 pixels"):
            build_source(file, max_width=WIDTHS[-1])
    else:
        build_source(file, max_width=WIDTHS[-1])


def test_a_panorama_is_no_longer_too_long_once_it_is_smaller() -> None:
    file = encode(Image.new("1", (MAX_SIDE_PIXELS * 2, 500)), "PNG")
    assert convert(file, max_width=WIDTHS[-1]).width == WIDTHS[-1]


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_what_moves_is_known(kind: str) -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    assert is_animated(encode(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert not is_animated(encode(frames[0], kind))


def test_a_cameras_second_view_does_not_move() -> None:
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "blue")]
    file = encode(frames[0], "MPO", save_all=True, append_images=frames[1:])
    assert not is_animated(file)
    red: Any = convert(file).getpixel((0, 0))
    assert red == pytest.approx((255, 0, 0), abs=4)


def make_photograph(kind: str) -> bytes:
    """An image that tells where it was taken, with what, and by whom."""
    image = Image.effect_noise((700, 350), 40).convert("RGB")
    xmp = b'<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    more: dict[str, Any] = {"exif": exif()}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "a secret comment")
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        more["pnginfo"] = text
    else:
        more["xmp"] = xmp
    if kind == "JPEG":
        more["comment"] = b"a secret comment"
    data = encode(image, kind, icc_profile=build_profile("sRGB"), **more).getvalue()
    assert b"SecretCam" in data
    assert b"xpacket" in data
    return data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_renditions_keep_no_metadata(db: None, kind: str) -> None:
    file = ContentFile(make_photograph(kind), name=f"photograph.{kind.lower()}")
    image = SiteImage.objects.create(title="Taken at home", file=file)
    assert run_tasks(make_missing_renditions)
    # Wagtail's own, for lists and the chooser.
    image.get_renditions("max-165x165", "fill-100x50", "original")
    renditions = list(image.renditions.all())
    assert len(renditions) == len(get_filter_specs(FORMATS)) + 3
    for rendition in renditions:
        data = rendition.file.read()
        assert not [secret for secret in SECRETS if secret in data], rendition.filter_spec
        opened = Image.open(io.BytesIO(data))
        assert not opened.getexif()
        assert opened.mode == "RGB"


def test_no_thumbnail_is_left(db: None) -> None:
    """Cameras put a small copy into Exif, which shows what was cropped or blacked out later."""
    data = exif()
    small = encode(Image.new("RGB", (16, 16), "red"), "JPEG").getvalue()
    raw = data.tobytes() + small
    file = encode(Image.new("RGB", SIZE, "blue"), "JPEG", exif=raw)
    image = SiteImage.objects.create(title="A", file=ContentFile(file.getvalue(), name="a.jpg"))
    for rendition in image.renditions.all():
        assert small[2:40] not in rendition.file.read()


@pytest.mark.parametrize("width, height", [(2000, 1501), (900, 333), (200, 7), (3001, 2)])
def test_renditions_are_those_of_wagtails_filters(db: None, width: int, height: int) -> None:
    file = encode(Image.effect_noise((width, height), 60), "PNG")
    image = SiteImage(title="Noise", file=ContentFile(file.getvalue(), name="noise.png"))
    source = build_source(file, WIDTHS[-1])
    made = build_renditions(image, source=source)
    assert made.keys() == {*get_filter_specs(UPLOAD_FORMATS)}
    for spec, file in made.items():
        plain_file = io.BytesIO(source.getvalue())
        expected = Filter(spec).run(image, io.BytesIO(), source=plain_file)
        file.seek(0)
        assert file.read() == expected.f.getvalue(), spec


def test_a_source_is_converted_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    convert = conversion._convert
    monkeypatch.setattr(conversion, "_convert", lambda image: calls.append(1) or convert(image))
    file = encode(Image.new("RGB", SIZE), "PNG")
    SiteImage.objects.create(title="A", file=ContentFile(file.getvalue(), name="a.png"))
    assert len(calls) == 1
