"""The editors' guide in the admin is docs/editors.md with its pictures."""

import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from bhp_site.guide.rendering import GUIDE, PICTURES

ADDRESS = "/admin/guide/"


@pytest.fixture
def guide(editor_client: Client) -> BeautifulSoup:
    soup = BeautifulSoup(editor_client.get(ADDRESS).text, "html.parser")
    return BeautifulSoup(str(soup.select_one(".bhp-guide")), "html.parser")


def test_the_guide_is_shown_with_all_its_chapters(guide: BeautifulSoup) -> None:
    chapters = re.findall(r"(?m)^## (.+)$", GUIDE.read_text(encoding="utf-8"))
    assert [heading.text for heading in guide.select("h2")] == chapters
    assert guide.table
    assert guide.find("h1") is None


def test_links_within_the_guide_lead_to_its_headings(guide: BeautifulSoup) -> None:
    ids = [element["id"] for element in guide.select("[id]")]
    assert len(ids) == len(set(ids))
    links = {str(link["href"]) for link in guide.select("a[href^='#']")}
    assert links
    assert links <= {f"#{one}" for one in ids}


def test_every_picture_is_shown_and_described(guide: BeautifulSoup, editor_client: Client) -> None:
    images = guide.select("img")
    assert {f"pictures/{path.name}" for path in PICTURES.iterdir()} == {
        str(image["src"]) for image in images
    } | {"pictures/home.png"}
    for image in images:
        assert len(str(image["alt"])) > 20
        response = editor_client.get(f"{ADDRESS}{image['src']}")
        assert (response.status_code, response["Content-Type"]) == (200, "image/png")


def test_there_is_no_other_picture(editor_client: Client) -> None:
    assert editor_client.get(f"{ADDRESS}pictures/unknown.png").status_code == 404
    outside = editor_client.get(f"{ADDRESS}pictures/..%2Feditors.png", follow=True)
    assert outside.status_code == 404


def test_it_is_in_the_menu_and_for_users_of_the_admin(
    editor_client: Client, client: Client
) -> None:
    assert f'"url": "{ADDRESS}"' in editor_client.get("/admin/").text
    assert client.get(ADDRESS).status_code == 302
    assert client.get(f"{ADDRESS}pictures/home.png").status_code == 302


def test_pictures_have_one_width_and_stay_small() -> None:
    # PNG: the width stands after the signature and the first chunk's head.
    widths = {int.from_bytes(path.read_bytes()[16:20]) for path in PICTURES.glob("*.png")}
    assert len(widths) == 1
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 1_600_000


def test_the_help_menu_has_this_guide_and_no_other(editor_client: Client) -> None:
    sidebar = editor_client.get("/admin/").text
    assert ADDRESS in sidebar
    assert "guide.wagtail.org" not in sidebar
