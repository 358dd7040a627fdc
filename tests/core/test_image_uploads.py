"""A bad picture is refused in a sentence, by whichever form of the admin it comes."""

import io
import json
import struct
import zlib
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.models import Collection, UploadedFile

from bhp_site.core.images.renditions import UPLOAD_FORMATS
from bhp_site.core.models import SiteImage

from ..factories import SiteImageFactory, png_bytes


def make_wide_png() -> bytes:
    """A PNG of a few kilobytes that unfolds to 26 megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", 52_000, 500, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(6501 * 500), 9)
    parts = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def draw_image(kind: str, frames: int = 1) -> bytes:
    """A picture of Pillow's making, of several frames where wanted."""
    file = io.BytesIO()
    first, *more = [Image.new("L", (2000, 2000), 30 * number) for number in range(frames)]
    moving = {"save_all": True, "append_images": more} if more else {}
    first.save(file, kind, **moving)
    return file.getvalue()


BAD = {
    "cut short": ("a.png", png_bytes(size=(300, 300))[:-60], "cannot be read completely"),
    "under another name": ("a.jpg", png_bytes(), "The extension does not match"),
    "no picture": ("a.png", b"Sign in first", "Upload a valid image"),
    "a drawing that can run": ("a.svg", b"<svg/>", "Not a supported image format"),
    "another kind under its name": ("a.png", draw_image("GIF"), "The extension does not match"),
    "a kind no browser shows": ("a.tif", draw_image("TIFF"), "This is a TIFF image"),
    "that kind under another name": ("a.jpg", draw_image("BMP"), "This is a Windows bitmap"),
    "a photograph cut short": ("a.jpg", draw_image("JPEG")[:-900], "cannot be read completely"),
    "an animated PNG": ("a.png", draw_image("PNG", frames=2), "This image is animated"),
    "empty": ("a.png", b"", "empty"),
    "too large": ("a.png", make_wide_png(), "too many pixels"),
}


def upload_single(client: Client, file: ContentFile) -> Any:
    return client.post("/admin/images/add/", get_fields(file=file))


def upload_several(client: Client, file: ContentFile) -> Any:
    headers = {"x-requested-with": "XMLHttpRequest"}
    return client.post(
        "/admin/images/multiple/add/", get_fields(**{"files[]": file}), headers=headers
    )


def upload_in_chooser(client: Client, file: ContentFile) -> Any:
    sent = {f"image-chooser-upload-{key}": value for key, value in get_fields(file=file).items()}
    return client.post("/admin/images/chooser/create/", sent)


def get_fields(**more: Any) -> dict[str, Any]:
    root = Collection.get_first_root_node().pk
    return {"title": "A title", "description": "Two discs.", "collection": root} | more


FORMS = {"single": upload_single, "several": upload_several, "chooser": upload_in_chooser}


@pytest.fixture
def client(admin_client: Client) -> Client:
    admin_client.raise_request_exception = False
    return admin_client


@pytest.mark.parametrize("form", FORMS)
def test_a_good_picture_is_kept_with_its_sizes(client: Client, form: str) -> None:
    response = FORMS[form](client, ContentFile(png_bytes(), name="a.png"))
    assert response.status_code in (200, 302)
    image = SiteImage.objects.get()
    assert set(image.sizes) == set(UPLOAD_FORMATS)
    assert image.uploaded_by_user is not None


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("form", FORMS)
def test_a_bad_picture_is_refused(client: Client, form: str, bad: str) -> None:
    name, data, words = BAD[bad]
    response = FORMS[form](client, ContentFile(data, name=name))
    assert response.status_code == 200
    assert words in response.text
    assert not SiteImage.objects.exists()


def test_a_bad_picture_does_not_replace_a_good_one(client: Client) -> None:
    image = SiteImageFactory()
    file = ContentFile(BAD["cut short"][1], name="a.png")
    response = client.post(f"/admin/images/{image.pk}/", get_fields(file=file))
    assert "cannot be read completely" in response.text
    assert SiteImage.objects.get().file.read() == png_bytes()


def test_what_is_said_of_a_picture_is_saved_without_its_file(
    client: Client,
) -> None:
    """The second step of uploading several has every field but the file."""
    upload_several(client, ContentFile(png_bytes(), name="a.png"))
    image = SiteImage.objects.get()
    sent = {f"image-{image.pk}-{key}": value for key, value in get_fields().items()}
    response = client.post(
        f"/admin/images/multiple/{image.pk}/", sent, headers={"x-requested-with": "XMLHttpRequest"}
    )
    assert response.json()["success"]
    image.refresh_from_db()
    assert (image.title, image.default_alt_text) == ("A title", "Two discs.")


def find_kept_upload(response: Any) -> dict[str, str]:
    """Return the hidden field by which a form that came back keeps its upload."""
    soup = BeautifulSoup(response.text, "html.parser")
    if response["Content-Type"].startswith("application/json"):
        soup = BeautifulSoup(json.loads(response.text)["htmlFragment"], "html.parser")
    assert "has been kept" in soup.text
    field = soup.select_one("input[name$=file-kept]")
    return {field["name"]: field["value"]}


@pytest.mark.parametrize("prefix", ["", "image-chooser-upload-"])
def test_an_image_is_kept_while_its_form_is_incomplete(client: Client, prefix: str) -> None:
    address = "/admin/images/chooser/create/" if prefix else "/admin/images/add/"
    sent = {f"{prefix}{key}": value for key, value in get_fields(title="").items()}
    file = ContentFile(png_bytes(), name="my image.png")
    returned = client.post(address, sent | {f"{prefix}file": file})
    assert "my image.png" in returned.text
    client.post(address, sent | {f"{prefix}title": "A title"} | find_kept_upload(returned))
    assert SiteImage.objects.get().title == "A title"
    assert not UploadedFile.objects.exists()


def test_a_replaced_image_is_kept_while_its_form_is_incomplete(client: Client) -> None:
    image = SiteImageFactory()
    before = image.file_hash
    address = f"/admin/images/{image.pk}/"
    file = ContentFile(png_bytes("#aa0000", (90, 60)), name="new.png")
    returned = client.post(address, get_fields(title="", file=file))
    assert returned.status_code == 200
    kept = find_kept_upload(returned)
    image = SiteImage.objects.get()
    assert (image.file_hash, image.width) == (before, 40)
    assert client.post(address, get_fields(**kept)).status_code == 302
    image = SiteImage.objects.get()
    assert (image.width, image.file_hash == before) == (90, False)
    assert max(size[1] for size in image.sizes["jpeg"]) == 90


def test_a_profile_picture_that_was_not_saved_is_asked_for_again(client: Client) -> None:
    picture = ContentFile(png_bytes(), name="me.png")
    form = {"name_email-first_name": "", "avatar-avatar": picture}
    response = client.post("/admin/account/", form)
    assert response.status_code == 200
    assert "choose the picture again" in response.text
    without = client.post("/admin/account/", {"name_email-first_name": ""})
    assert "choose the picture again" not in without.text


def test_a_list_of_redirects_that_was_refused_is_asked_for_again(client: Client) -> None:
    file = ContentFile(b"MZ", name="redirects.exe")
    response = client.post("/admin/redirects/import/", {"import_file": file}, follow=True)
    assert response.status_code == 200
    assert "Choose a file in one of these formats" in response.text
    assert 'type="file"' in response.text
    empty = client.post("/admin/redirects/import/", {"x": "y"})
    assert "This field is required" in empty.text
