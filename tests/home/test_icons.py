"""The icons that browsers and phones show beside the site's name."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from bhp_site.core.caching.cacheable import CACHE_POLICY_KEY
from bhp_site.sharing.icon_renderer import CORE, FAVICON_SIZES, GROUND, RING, write_icons


@pytest.mark.parametrize(
    "path, kind, sizes",
    [
        ("/favicon.ico", "ICO", {(size, size) for size in FAVICON_SIZES}),
        ("/apple-touch-icon.png", "PNG", {(180, 180)}),
    ],
)
def test_an_icon_is_served_and_kept_for_weeks(
    site: SimpleNamespace, client: Client, path: str, kind: str, sizes: set[tuple[int, int]]
) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")
    assert int(re.findall(r"max-age=(\d+)", response["Cache-Control"])[0]) >= 7 * 86_400
    assert CACHE_POLICY_KEY in response.wsgi_request.META
    with Image.open(io.BytesIO(response.content), formats=[kind]) as icon:
        assert icon.info.get("sizes", {icon.size}) == sizes


def test_the_page_links_to_its_touch_icon(site: SimpleNamespace, client: Client) -> None:
    (path,) = re.findall(r'<link rel="apple-touch-icon" href="([^"]+)">', client.get("/").text)
    assert (settings.BASE_DIR / path.removeprefix("/")).is_file()


def test_icons_are_drawn_from_the_mark(tmp_path: Path) -> None:
    drawing = (settings.BASE_DIR / "static" / "icon.svg").read_text()
    assert {GROUND, RING, CORE} <= {*re.findall("#[0-9a-f]{6}", drawing)}
    write_icons(tmp_path)
    for name in ("favicon.ico", "touch-icon.png"):
        stored = Image.open(settings.BASE_DIR / "static" / name).convert("RGB")
        drawn = Image.open(tmp_path / name).convert("RGB")
        for place in ((0.5, 0.5), (0.05, 0.05), (0.367, 0.265)):
            point = tuple(int(stored.width * part) for part in place)
            assert stored.getpixel(point) == drawn.getpixel(point)
