"""The text of a page as feed readers get it: plain HTML in which every address is absolute."""

from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser
from itertools import chain, islice
from typing import Any
from urllib.parse import urljoin

from wagtail.blocks import StreamValue

from .text.characters import clean_text

# Elements of no use in feed readers: drawings, text for screen readers next to a link's own, URLs
# that are only printed, links that only make sense on the site.
DROPPED_CLASSES = {"hide", "printed", "ask", "empty", "versions", "own", "enlarge"}
DROPPED_TAGS = {"svg", "source", "script", "style", "form"}
UNWRAPPED_TAGS = {"picture", "span"}
VOID_TAGS = {"br", "col", "hr", "img", "input", "source", "wbr"}
ADDRESSES = {"href", "src"}
KEPT_ATTRIBUTES = ADDRESSES | {
    *("abbr", "alt", "cite", "colspan", "datetime", "height", "lang", "rowspan", "scope"),
    *("start", "value", "width"),
}


class FeedHtml(HTMLParser):
    """Rewrite the HTML of the site's own templates for feeds; `base` is the page's address."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=False)
        self.base = base
        self.output: list[str] = []
        # Elements open within the one that is dropped, itself included.
        self.dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a start tag, unless it or an element around it is dropped."""
        attributes = {name: value or "" for name, value in attrs}
        if self.dropped or self._is_dropped(tag, attributes):
            if tag not in VOID_TAGS:
                self.dropped.append(tag)
        elif tag not in UNWRAPPED_TAGS:
            self.output.append(f"<{tag}{self._write(attributes)}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a void element."""
        # As within drawings, which are dropped whole.
        if not self.dropped and tag in VOID_TAGS:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Write an end tag, or end the dropped element."""
        if self.dropped:
            if tag in self.dropped:
                while self.dropped.pop() != tag:
                    pass
        elif tag not in UNWRAPPED_TAGS and tag not in VOID_TAGS:
            self.output.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Write text, unless an element around it is dropped."""
        if not self.dropped:
            self.output.append(data)

    def handle_entityref(self, name: str) -> None:
        """Write a named character reference unchanged."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a numeric character reference unchanged."""
        self.handle_data(f"&#{name};")

    @staticmethod
    def _is_dropped(tag: str, attributes: dict[str, str]) -> bool:
        classes = {*attributes.get("class", "").split()}
        hidden = attributes.get("aria-hidden") == "true"
        return tag in DROPPED_TAGS or hidden or not DROPPED_CLASSES.isdisjoint(classes)

    def _write(self, attributes: dict[str, str]) -> str:
        kept_attributes = (
            (name, urljoin(self.base, value) if name in ADDRESSES else value)
            for name, value in attributes.items()
            if name in KEPT_ATTRIBUTES
        )
        return "".join(f' {name}="{escape(value)}"' for name, value in kept_attributes)


def rewrite_html(html: str, base: str) -> str:
    """Return `html` with absolute URLs, and without elements that only the site's pages use."""
    parser = FeedHtml(base)
    parser.feed(html)
    parser.close()
    return " ".join(clean_text("".join(parser.output)).split())


def render_bodies(bodies: Iterable[StreamValue]) -> list[str]:
    """Return the HTML of each of `bodies`, which must have the same stream block.

    They are joined first, so that images, documents and people are read for all of them at once.
    """
    bodies = list(bodies)
    if not bodies:
        return []
    raw = [list(body.raw_data) for body in bodies]
    joined = iter(StreamValue(bodies[0].stream_block, [*chain(*raw)], is_lazy=True))
    return ["".join(_render(block) for block in islice(joined, len(part))) for part in raw]


def _render(block: Any) -> str:
    return str(block.render({"key": block.id}))


def build_paragraph(text: str) -> str:
    """Return plain `text` as a paragraph, "" for none."""
    return f"<p>{escape(text, quote=False)}</p>" if text.strip() else ""
