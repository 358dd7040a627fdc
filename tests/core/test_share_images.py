"""What other sites and search engines are told of pages that are not page types."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Site

from bhp_site.core.models import SiteSettings
from bhp_site.sharing.card_updates import draw

from ..factories import SiteImageFactory, write_chapter

ADDRESSES = [
    "/nowhere/",
    "/search/",
    "/search/?q=report",
    "/accessibility-problem/",
    "/accessible-copy/the-report/",
]


def get_meta(html: str) -> dict[str, str]:
    """Return the Open Graph properties of a page."""
    return dict(re.findall(r'<meta property="og:([a-z:_]+)" content="([^"]*)">', html))


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_address_has_a_card_and_a_canonical_link(
    site: SimpleNamespace, client: Client, address: str
) -> None:
    html = client.get(address).text
    url = f"http://testserver{address.partition('?')[0]}"
    assert f'<link rel="canonical" href="{url}">' in html
    meta = get_meta(html)
    assert meta["url"] == url
    assert meta["image"] == "http://testserver/static/share.png"
    assert (meta["image:width"], meta["image:height"]) == ("1200", "630")
    assert (meta["image:type"], meta["image:alt"]) == ("image/png", "Birmingham Health Partners")
    assert '<meta name="twitter:card" content="summary_large_image">' in html


def test_the_image_of_the_site_is_described(site: SimpleNamespace, client: Client) -> None:
    settings = SiteSettings.for_site(Site.objects.get())
    settings.share_image = SiteImageFactory(description="Two hospitals.")
    settings.save()
    meta = get_meta(client.get("/search/").text)
    assert meta["image"].endswith(".jpg")
    assert (meta["image:type"], meta["image:alt"]) == ("image/jpeg", "Two hospitals.")
    assert (meta["image:width"], meta["image:height"]) == ("40", "30")


def test_a_chapter_has_the_card_of_its_report(site: Any, client: Client) -> None:
    write_chapter(site.report, "Foreword")
    draw([site.report])
    report = get_meta(client.get(site.report.get_url()).text)
    for part in ("", "foreword/", "all/"):
        address = f"{site.report.get_url()}read/{part}"
        meta = get_meta(client.get(address).text)
        assert meta["url"] == f"http://testserver{address}"
        for name in ("image", "image:width", "image:height", "image:alt"):
            assert meta[name] == report[name]
    assert "/cards/" in report["image"]
