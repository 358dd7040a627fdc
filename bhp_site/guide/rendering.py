"""Render docs/editors.md as HTML."""

import itertools
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt

GUIDE = Path(settings.BASE_DIR) / "docs" / "editors.md"
PICTURES = GUIDE.parent / "pictures"


def render_guide() -> SafeString:
    """Return the guide as HTML, without its title; headings have ids as on GitHub."""
    parser = MarkdownIt("commonmark").enable("table")
    tokens = parser.parse(GUIDE.read_text(encoding="utf-8"))
    # The title is three tokens: the heading's start, its text and its end.
    tokens = tokens[3:]
    for token, text in itertools.pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slugify(text.content))
    # The file belongs to the site's code, so its HTML is trusted.
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))
