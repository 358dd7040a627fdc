"""A site with a logo and an icon of its own shows them instead of the two rings."""

import io
import json
import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from wagtail.contrib.settings.views import get_setting_edit_handler
from wagtail.models import Collection, CollectionViewRestriction, Page

from bhp_site.core.admin.settings_forms import SiteSettingsForm
from bhp_site.core.models import SiteImage, SiteSettings

from ..factories import SiteImageFactory
from ..stored_bytes import delete_bytes

CLEAR = (0, 0, 0, 0)


def make_image(width: int, height: int, colour: Any = "#0b5a50", **more: Any) -> SiteImage:
    file = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(file, "PNG")
    return SiteImageFactory(file=ContentFile(file.getvalue(), name="mark.png"), **more)


def get_organisation(text: str) -> dict[str, str]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    nodes = json.loads(data)["@graph"]
    return next(node for node in nodes if node["@type"] == "Organization")


def read_image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["PNG"])


def test_without_them_a_page_shows_the_rings(home: Page, client: Client) -> None:
    text = client.get("/").text
    assert "<span>Birmingham Health Partners</span>" in text
    assert "/static/icon.svg" in text
    assert "logo" not in get_organisation(text)


def test_visitors_get_the_logo_although_no_page_uses_it(
    home: Page, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    settings = SiteSettings.get_default()
    settings.name, settings.logo = "Health & Partners", make_image(1280, 320)
    settings.save()
    text = client.get("/").text
    (found,) = re.findall(r'<img src="([^"]+)" width="640" height="160" alt="([^"]*)">', text)
    address, alternative = found
    assert alternative == "Health &amp; Partners"
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert get_organisation(text)["logo"] == f"http://testserver{address}"
    with django_capture_on_commit_callbacks(execute=True):
        settings.logo.delete()
    assert "<span>Health &amp; Partners</span>" in client.get("/").text


def test_browsers_and_phones_get_the_icon(
    home: Page, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    settings = SiteSettings.get_default()
    settings.icon = make_image(400, 400, CLEAR)
    settings.save()
    text = client.get("/").text
    (favicon,) = re.findall(r'<link rel="icon" href="([^"]+)" type="image/png">', text)
    (touch,) = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', text)
    assert favicon.startswith("/favicon.ico?v=")
    assert "icon.svg" not in text
    small = read_image(client.get(favicon).content)
    assert (small.size, small.getpixel((90, 90))) == ((180, 180), CLEAR)
    # A phone would show black where it is transparent.
    large = read_image(client.get(touch).content)
    assert (large.size, large.getpixel((90, 90))) == ((180, 180), (255, 255, 255))
    # Another image has another address, because browsers keep icons for long.
    settings.icon = make_image(400, 400)
    with django_capture_on_commit_callbacks(execute=True):
        settings.save()
    assert favicon not in client.get("/").text


def test_pages_are_served_although_the_file_of_the_icon_is_missing(
    home: Page, client: Client
) -> None:
    settings = SiteSettings.get_default()
    settings.icon = make_image(400, 400)
    settings.save()
    SiteImage.objects.filter(pk=settings.icon.pk).update(file_hash="")
    delete_bytes(settings.icon.file)
    response = client.get("/")
    assert response.status_code == 200
    (favicon,) = re.findall(r'<link rel="icon" href="([^"]+)" type="image/png">', response.text)
    assert client.get(favicon).status_code == 404


@pytest.mark.parametrize(
    "name, size, sentence",
    [
        ("logo", (300, 100), ""),
        ("logo", (300, 99), "at least 100 pixels high"),
        ("logo", (601, 100), "6 times as wide as high"),
        ("icon", (180, 180), ""),
        ("icon", (179, 179), "at least 180 pixels a side"),
        ("icon", (300, 200), "This image has 300 × 200 pixels. An icon must be square"),
    ],
)
def test_images_that_would_look_bad_are_refused(
    home: Page, name: str, size: tuple[int, int], sentence: str
) -> None:
    error = get_error(name, make_image(*size))
    assert sentence in error if sentence else error == ""


@pytest.mark.parametrize("name", ["logo", "icon"])
def test_an_image_that_visitors_cannot_see_is_refused(home: Page, name: str) -> None:
    private = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type=CollectionViewRestriction.LOGIN
    )
    image = make_image(200, 200, collection=private)
    assert "has a privacy setting" in get_error(name, image)
    # One that was chosen before does not keep the other settings from being saved.
    settings = SiteSettings.get_default()
    setattr(settings, name, image)
    settings.save()
    assert get_error(name, image, settings) == ""


def get_error(name: str, image: SiteImage, settings: SiteSettings | None = None) -> str:
    """Return what the form of the settings says about `image` in the field `name`."""
    form: Any = get_setting_edit_handler(SiteSettings).get_form_class()
    assert issubclass(form, SiteSettingsForm)
    bound = form({name: image.pk}, instance=settings or SiteSettings.get_default())
    return " ".join(bound.errors.get(name, []))
