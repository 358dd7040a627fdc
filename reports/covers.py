"""The positioned cover of a report whose PDF has no usable first page."""

import hashlib
import textwrap

COLOURS = ("#bfe8d3", "#ffd447", "#ff9c78", "#2f8577", "#f2f8f5")


def build_cover_discs(slug: str) -> list[dict[str, int | str]]:
    """Return five overlapping discs derived from `slug`: cx, cy and r in a 300 × 424 view box."""
    digest = hashlib.sha256(slug.encode()).digest()
    return [
        {
            "cx": 30 + 54 * place + digest[place] % 30,
            "cy": 270 + digest[place + 5] % 60,
            "r": 44 + digest[place + 10] % 46,
            "fill": COLOURS[(place + digest[15]) % len(COLOURS)],
        }
        for place in range(5)
    ]


def build_cover_lines(title: str, date: str) -> list[dict[str, int | str]]:
    """Return the lines of `title`, then `date`: text, y and CSS class of each."""
    css, width, step = "name", 14, 36
    if len(textwrap.wrap(title, width)) > 3:
        css, width, step = "name small", 21, 26
    parts = textwrap.wrap(title, width, max_lines=4, placeholder=" …")
    positioned = [(part, 90 + step * place, css) for place, part in enumerate(parts)]
    positioned.append((date, 90 + step * len(parts), "when"))
    return [{"text": text, "y": y, "css": css} for text, y, css in positioned]
