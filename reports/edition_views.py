"""The parts of a report's edition: which one is viewed, the list of chapters, their HTML."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from bhp_site.core.blocks import build_anchors

from .chapters import RESERVED_ANCHORS, WHOLE_EDITION, Chapter
from .footnotes import Footnote, link_footnotes, parse_footnotes


@dataclass(frozen=True)
class EditionView:
    """The part of an edition that is viewed: one `chapter`, all (`is_whole`), or the contents."""

    chapters: list[Chapter]
    chapter: Chapter | None = None
    is_whole: bool = False

    @property
    def path(self) -> str:
        """Return the last segment of its URL; "" for the contents."""
        if self.is_whole:
            return WHOLE_EDITION
        return self.chapter.slug if self.chapter else ""

    @property
    def name(self) -> str:
        """Return “contents”, “chapter” or “whole”, the end of its template's name."""
        if self.is_whole:
            return "whole"
        return "chapter" if self.chapter else "contents"


@dataclass(frozen=True)
class ChapterEntry:
    """A chapter in the list of all: its number from 1, its URL, its headings with anchors."""

    chapter: Chapter
    number: int
    url: str
    headings: list[tuple[str, str]]


@dataclass(frozen=True)
class ChapterText:
    """The rendered body of a chapter and its footnotes."""

    entry: ChapterEntry
    html: SafeString
    footnotes: list[Footnote]


def find_view(chapters: list[Chapter], path: str) -> EditionView | None:
    """Return the view at `path`, the last segment of a URL; None if there is none."""
    if not chapters:
        return None
    if path in ("", WHOLE_EDITION):
        return EditionView(chapters, is_whole=path == WHOLE_EDITION)
    chapter = next((chapter for chapter in chapters if chapter.slug == path), None)
    return EditionView(chapters, chapter) if chapter else None


def build_chapter_entries(view: EditionView, url: str) -> list[ChapterEntry]:
    """Return an entry for each chapter of the edition at `url`.

    Where all chapters are on one page, each entry leads to an anchor there.
    """
    entries = []
    for number, chapter in enumerate(view.chapters, 1):
        target = f"#{chapter.slug}" if view.is_whole else f"{url}{chapter.slug}/"
        entries.append(ChapterEntry(chapter, number, target, get_headings(chapter, view)))
    return entries


def get_headings(chapter: Chapter, view: EditionView) -> list[tuple[str, str]]:
    """Return text and anchor of each main heading of a chapter."""
    blocks = [(block["type"], block["value"]) for block in chapter.body.raw_data]
    prefix = get_anchor_prefix(chapter, view)
    return [
        (value, prefix + anchor)
        for (kind, value), anchor in zip(
            blocks, build_anchors(blocks, RESERVED_ANCHORS), strict=True
        )
        if kind == "heading"
    ]


def get_anchor_prefix(chapter: Chapter, view: EditionView) -> str:
    """Return the prefix that makes a chapter's anchors unique among those on the same page."""
    return f"{chapter.slug}--" if view.is_whole else ""


def render_chapters(
    entries: list[ChapterEntry], view: EditionView, request: HttpRequest
) -> list[ChapterText]:
    """Return the texts of the chapters that are viewed.

    Their bodies are joined into one StreamValue, so that all images are fetched in one query.
    """
    viewed = [entry for entry in entries if view.is_whole or entry.chapter is view.chapter]
    body: Any = Chapter._meta.get_field("body")
    raw = [list(entry.chapter.body.raw_data) for entry in viewed]
    blocks = iter(StreamValue(body.stream_block, list(chain(*raw)), is_lazy=True))
    return [
        render_chapter(entry, list(islice(blocks, len(own))), view, request)
        for entry, own in zip(viewed, raw, strict=True)
    ]


def render_chapter(
    entry: ChapterEntry, blocks: Sequence[Any], view: EditionView, request: HttpRequest
) -> ChapterText:
    """Return a chapter made of `blocks` as HTML, with links between its text and footnotes."""
    block_anchors = build_anchors(
        ((block.block_type, block.value) for block in blocks), RESERVED_ANCHORS
    )
    prefix = get_anchor_prefix(entry.chapter, view)
    html = "".join(
        block.render(
            {
                "request": request,
                "anchor": anchor and prefix + anchor,
                "level": getattr(block.block, "level", 0) + view.is_whole,
                "key": block.id,
                "page_key": entry.chapter.report_id,
                "is_being_previewed": getattr(request, "is_preview", False),
            }
        )
        for block, anchor in zip(blocks, block_anchors, strict=True)
    )
    return ChapterText(
        entry, *link_footnotes(html, parse_footnotes(entry.chapter.footnotes), prefix)
    )
