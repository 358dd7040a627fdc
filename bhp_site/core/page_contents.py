"""The headings of a page, with anchors, and the list of them at its top."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from django.utils.html import strip_tags

from .blocks import build_anchors

# A page with fewer headings has no list of them.
MIN_HEADINGS = 3
# A main heading that can be linked to, in the HTML of our own templates.
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
# What page templates call their own parts.
OWN_ANCHORS = (
    "announcements",
    "from-the-report",
    "funding",
    "how-to-cite",
    "in-this-report",
    "main",
    "membership",
    "more-news",
    "more-on-this",
    "news",
    "notes-to-editors",
    "on-this-page",
    "people",
    "press",
    "quotes",
    "related-news",
    "reports",
    "series",
    "share",
    "ways-on",
)


def anchor_blocks(blocks: Iterable[Any]) -> list[tuple[Any, str]]:
    """Return each block of a body with its anchor, unique on the page; "" if not a heading."""
    blocks = list(blocks)
    parts = ((block.block_type, block.value) for block in blocks)
    return list(zip(blocks, build_anchors(parts, OWN_ANCHORS), strict=True))


def find_headings(html: str) -> list[tuple[str, str]]:
    """Return text and anchor of each main heading in `html`; [] for fewer than MIN_HEADINGS."""
    headings = [(unescape(strip_tags(text)), anchor) for anchor, text in HEADING.findall(html)]
    return headings if len(headings) >= MIN_HEADINGS else []
