"""The cover of a report without a usable first page: rings drawn from its own address."""

import hashlib
import textwrap

COLOURS = ("#bfe8d3", "#ffd447", "#ff9c78", "#2f8577", "#f2f8f5")


def discs(address: str) -> list[dict[str, int | str]]:
    """Five overlapping discs, the same for the same address: cx, cy, r in a 300 × 424 field."""
    digest = hashlib.sha256(address.encode()).digest()
    return [
        {
            "cx": 30 + 54 * place + digest[place] % 30,
            "cy": 270 + digest[place + 5] % 60,
            "r": 44 + digest[place + 10] % 46,
            "fill": COLOURS[(place + digest[15]) % len(COLOURS)],
        }
        for place in range(5)
    ]


def lines(title: str, when: str) -> list[dict[str, int | str]]:
    """`title` as lines of text above the discs, `when` below it: text, y and class of each."""
    css, width, step = "name", 14, 36
    if len(textwrap.wrap(title, width)) > 3:
        css, width, step = "name small", 21, 26
    parts = textwrap.wrap(title, width, max_lines=4, placeholder=" …")
    drawn = [(part, 90 + step * place, css) for place, part in enumerate(parts)]
    drawn.append((when, 90 + step * len(parts), "when"))
    return [{"text": text, "y": y, "css": css} for text, y, css in drawn]
