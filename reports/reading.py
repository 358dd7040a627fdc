"""What is read of a report online: which part, the list of chapters, and the words of each."""

from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from wagtail.blocks import StreamValue

from bhp_site.core.blocks import anchors

from .chapters import OWN_ANCHORS, WHOLE, Chapter
from .notes import Note, from_lines, linked


@dataclass(frozen=True)
class Reading:
    """What is asked for: one `chapter`, the `whole`, or else the contents."""

    chapters: list[Chapter]
    chapter: Chapter | None = None
    whole: bool = False

    @property
    def part(self) -> str:
        """The last part of its address, "" for the contents."""
        return WHOLE if self.whole else self.chapter.slug if self.chapter else ""

    @property
    def name(self) -> str:
        """Which template shows it."""
        return "whole" if self.whole else "chapter" if self.chapter else "contents"


@dataclass(frozen=True)
class Part:
    """A chapter in the list of all, by its place from 1, with the headings that divide it."""

    chapter: Chapter
    number: int
    url: str
    # Words and anchors.
    headings: list[tuple[str, str]]


@dataclass(frozen=True)
class Text:
    """The words of a chapter as they are shown, with its footnotes."""

    part: Part
    html: SafeString
    notes: list[Note]


def reading_of(chapters: list[Chapter], part: str) -> Reading | None:
    """What the last part of an address names; None for nothing."""
    if not chapters:
        return None
    if part in ("", WHOLE):
        return Reading(chapters, whole=part == WHOLE)
    chapter = next((one for one in chapters if one.slug == part), None)
    return Reading(chapters, chapter) if chapter else None


def parts_of(reading: Reading, url: str) -> list[Part]:
    """All chapters of an edition at `url`; on the whole page each is below an anchor."""
    parts = []
    for number, chapter in enumerate(reading.chapters, 1):
        place = f"#{chapter.slug}" if reading.whole else f"{url}{chapter.slug}/"
        parts.append(Part(chapter, number, place, headings_of(chapter, reading)))
    return parts


def headings_of(chapter: Chapter, reading: Reading) -> list[tuple[str, str]]:
    raw = [(part["type"], part["value"]) for part in chapter.body.raw_data]
    found = zip(raw, anchors(raw, OWN_ANCHORS), strict=True)
    return [
        (value, within(chapter, reading) + anchor)
        for (kind, value), anchor in found
        if kind == "heading"
    ]


def within(chapter: Chapter, reading: Reading) -> str:
    """What anchors of a chapter begin with, where others are on the same page."""
    return f"{chapter.slug}--" if reading.whole else ""


def texts_of(parts: list[Part], reading: Reading, request: HttpRequest) -> list[Text]:
    """The words of the chapters that are read, with all their pictures asked for at once."""
    read = [part for part in parts if reading.whole or part.chapter is reading.chapter]
    body: Any = Chapter._meta.get_field("body")
    raw = [list(part.chapter.body.raw_data) for part in read]
    joined = iter(StreamValue(body.stream_block, list(chain(*raw)), is_lazy=True))
    return [
        text_of(part, list(islice(joined, len(blocks))), reading, request)
        for part, blocks in zip(read, raw, strict=True)
    ]


def text_of(part: Part, blocks: list[Any], reading: Reading, request: HttpRequest) -> Text:
    found = anchors(((one.block_type, one.value) for one in blocks), OWN_ANCHORS)
    before = within(part.chapter, reading)
    html = "".join(
        block.render(
            {
                "request": request,
                "anchor": anchor and before + anchor,
                "level": getattr(block.block, "level", 0) + reading.whole,
                "key": block.id,
                "is_being_previewed": getattr(request, "is_preview", False),
            }
        )
        for block, anchor in zip(blocks, found, strict=True)
    )
    return Text(part, *linked(html, from_lines(part.chapter.footnotes), before))
