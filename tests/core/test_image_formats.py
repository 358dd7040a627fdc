"""A sound image in a format that the site does not take is not called damaged."""

import io
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from wagtail.images.fields import WagtailImageField

from bhp_site.core.images.forms import _decode

PHOTOSHOP = (
    b"8BPS\0\1" + bytes(6) + b"\0\3" + bytes([0, 0, 0, 4, 0, 0, 0, 6]) + b"\0\x08\0\3" + bytes(14)
)


def encode(kind: str, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (60, 40)).save(file, kind)
    return file.getvalue()


@pytest.fixture
def field() -> Any:
    made = WagtailImageField()
    made.to_python = partial(_decode, made.to_python)
    return made


@pytest.mark.parametrize("extension", ["own", "jpg", "png"])
@pytest.mark.parametrize(
    ("own", "data", "name"),
    [
        ("psd", PHOTOSHOP, "a Photoshop file"),
        ("jp2", b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40), "a JPEG 2000 image"),
        ("tga", encode("TGA"), "a TGA image"),
        ("tga", encode("TGA", "P")[:-26], "a TGA image"),
        ("tga", encode("TGA", "L")[:-26], "a TGA image"),
        ("tif", encode("TIFF"), "a TIFF image"),
        ("bmp", encode("BMP"), "a Windows bitmap"),
        ("ico", encode("ICO"), "an icon"),
        ("pcx", encode("PCX"), "a PCX image"),
        ("sgi", encode("SGI"), "an SGI image"),
        ("ppm", encode("PPM"), "a Netpbm image"),
        ("dds", encode("DDS"), "a DDS image"),
        ("heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40), "a HEIC image"),
        ("svg", b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "a drawing"),
        ("eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a PostScript file"),
        ("pdf", b"%PDF-1.7\n" + bytes(40), "a PDF"),
    ],
)
def test_an_image_of_another_format_is_named(
    field: Any, own: str, data: bytes, name: str, extension: str
) -> None:
    """Whatever the name of the file claims."""
    suffix = own if extension == "own" else extension
    with pytest.raises(ValidationError) as refusal:
        field.clean(SimpleUploadedFile(f"image.{suffix}", data))
    (message,) = refusal.value.messages
    assert message.startswith(f"This is {name}")
    assert "save or export it as JPEG or PNG" in message


@pytest.mark.parametrize("data", [b"hello, this is no image", encode("PNG")[:60], b"BMX", b"MZ\0"])
def test_what_is_damaged_or_no_image_is_not_said_to_be_sound(field: Any, data: bytes) -> None:
    with pytest.raises(ValidationError) as refusal:
        field.clean(SimpleUploadedFile("image.png", data))
    assert "web browsers cannot show" not in refusal.value.messages[0]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_images_that_browsers_show_are_taken(field: Any, kind: str) -> None:
    assert field.clean(SimpleUploadedFile(f"image.{kind.lower()}", encode(kind)))
