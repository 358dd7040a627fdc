"""Recognises runs of paragraphs that are typed lists, chart labels or a table of contents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.inline import InlineText, format_html, format_text
from bhp_site.pdf.drafting.page_text import get_gap
from bhp_site.pdf.drafting.vocabulary import Vocabulary

# These characters are typed only before items of a list.
BULLETS = "•◦▪▫‣⁃∙●○■□➢➤✓✔"
# A typed list may use these too, but a single paragraph that begins with one is no list.
WEAK_BULLETS = "–—*o-"
BULLET = re.compile(rf"\s*([{BULLETS}])\s*(?=\S|$)")
WEAK_BULLET = re.compile(rf"\s*([{WEAK_BULLETS}])\s+(?=\S)")
BULLET_LINE_START = re.compile(rf"(?:\r?\n)\s*(?=[{BULLETS}])")
DOTTED_LEADERS = re.compile(r"(?:\.\s?){4,}\s*(?:\d+|[ivxlc]+)\s*$|…{2,}\s*\d+\s*$", re.I)
MIN_CONTENTS_LINES = 3
CONTENTS_LEFT_OUT = (
    "A table of contents was left out here, because the chapters have their own. Compare page "
    "{page}."
)
MIN_LABELS = 6
MAX_LABEL_CHARACTERS = 40
# A chart has this share of labels, and this number, that are numbers or next to the previous one.
MIN_SCATTERED_SHARE, MIN_SCATTERED = 0.3, 3
NUMBERS = re.compile(r"[\s\d.,%£$€()<>+–-]*\d[\s\d.,%£$€()<>+–-]*")
SENTENCE_END = re.compile(r"[.!?;:]\s*$")
LABELS_MERGED = (
    "This text seems to be the labels of a chart or the cells of a table. Replace it with the "
    "image or table from page {page}, or delete it."
)


@dataclass
class TypedItem:
    """An item of a typed list: its bullet, its text, and the items below it."""

    bullet: str
    runs: list[InlineText]
    items: list["TypedItem"] = field(default_factory=list)


def drop_typed_contents(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return blocks with a typed table of contents replaced by one of the kind "contents"."""
    result: list[ParsedBlock] = []
    for is_contents, group in groupby(blocks, key=lambda block: _has_leaders(block, vocabulary)):
        run = list(group)
        lines = sum(
            len(DOTTED_LEADERS.findall(line)) for paragraph in run for line in _get_lines(paragraph)
        )
        if is_contents and max(lines, len(run)) >= MIN_CONTENTS_LINES:
            block = ParsedBlock("contents", run[0].page)
            block.add_note(CONTENTS_LEFT_OUT)
            run = [block]
        result += run
    return result


def _has_leaders(block: ParsedBlock, vocabulary: Vocabulary) -> bool:
    if block.kind != "paragraph" or not block.inline or block.html:
        return False
    return bool(DOTTED_LEADERS.search(format_text(block.inline, vocabulary)))


def _get_lines(block: ParsedBlock) -> list[str]:
    return "".join(run.span.text for run in block.inline).splitlines()


def merge_labels(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return blocks with the labels of each chart merged into one paragraph, which has a note."""
    result: list[ParsedBlock] = []
    for page, group in groupby(blocks, key=lambda block: _get_label_page(block, vocabulary)):
        run = list(group)
        if page and len(run) >= MIN_LABELS and _are_scattered(run, vocabulary):
            run = [_merge_labels(run)]
        result += run
    return result


def _get_label_page(block: ParsedBlock, vocabulary: Vocabulary) -> int:
    """Return the page of a paragraph that may be a label; 0 for other blocks."""
    if block.kind != "paragraph" or not block.inline or block.html:
        return 0
    text = format_text(block.inline, vocabulary)
    is_item = BULLET.match(text) or WEAK_BULLET.match(text)
    if not text or len(text) > MAX_LABEL_CHARACTERS or is_item or SENTENCE_END.search(text):
        return 0
    return block.page


def _are_scattered(run: list[ParsedBlock], vocabulary: Vocabulary) -> bool:
    """Return True if many of the paragraphs are numbers, or stand beside one another."""
    numbers = sum(bool(NUMBERS.fullmatch(format_text(block.inline, vocabulary))) for block in run)
    spans = [block.inline[0].span for block in run]
    beside = sum(
        abs(span.top - following.top) < 0.5 * following.size
        or following.top > span.top + following.size
        for span, following in pairwise(spans)
    )
    return max(numbers, beside) >= max(MIN_SCATTERED_SHARE * len(run), MIN_SCATTERED)


def _merge_labels(run: list[ParsedBlock]) -> ParsedBlock:
    first, *others = run
    for block in others:
        last = first.inline[-1]
        text = f"{last.span.text.rstrip()};"
        first.inline[-1] = replace(last, span=replace(last.span, text=text), ends=True)
        first.inline += block.inline
        first.notes += [note for note in block.notes if note not in first.notes]
    first.add_note(LABELS_MERGED)
    return first


def write_lists(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> Iterator[ParsedBlock]:
    """Yield blocks with paragraphs that begin with typed bullets written as lists in HTML."""
    parts = [part for block in blocks for part in _split_at_bullets(block)]
    for is_list, group in groupby(parts, key=lambda part: bool(part[1])):
        run = list(group)
        is_typed = any(bullet in BULLETS for _, bullet in run) or len(run) > 1
        if not is_list or not is_typed:
            yield from (block for block, _ in run)
            continue
        first = run[0][0]
        for block, _ in run[1:]:
            first.notes += [note for note in block.notes if note not in first.notes]
        items = [TypedItem(bullet, _remove_bullet(block.inline, bullet)) for block, bullet in run]
        first.html, first.inline = _write_items(_nest_items(items), vocabulary), []
        yield first


def _split_at_bullets(block: ParsedBlock) -> list[tuple[ParsedBlock, str]]:
    """Return the parts of a paragraph whose lines begin with bullets, each with its bullet."""
    if block.kind != "paragraph" or not block.inline or block.html:
        return [(block, "")]
    parts: list[list[InlineText]] = [[]]
    last: InlineText | None = None
    for run in block.inline:
        starts_line = last is not None and (last.ends or "\n" in get_gap(last.span, run.span))
        if starts_line and BULLET.match(run.span.text):
            parts.append([])
        spans = BULLET_LINE_START.split(run.span.text)
        for number, text in enumerate(spans):
            if number:
                parts.append([])
            ends = run.ends and number == len(spans) - 1
            parts[-1].append(InlineText(replace(run.span, text=text), run.style, ends))
        last = run
    nonempty = [runs for runs in parts if any(inline.span.text.strip() for inline in runs)]
    if len(nonempty) == 1:
        return [(block, _get_bullet(nonempty[0]))]
    notes = [block.notes, *([] for _ in nonempty[1:])]
    return [
        (replace(block, inline=runs, notes=own), _get_bullet(runs))
        for runs, own in zip(nonempty, notes, strict=True)
    ]


def _get_bullet(runs: list[InlineText]) -> str:
    text = "".join(inline.span.text for inline in runs[:3])
    match = BULLET.match(text) or WEAK_BULLET.match(text)
    return match[1] if match else ""


def _remove_bullet(runs: list[InlineText], bullet: str) -> list[InlineText]:
    """Return the text of an item without the bullet that it begins with."""
    runs = [replace(inline) for inline in runs]
    while runs and not runs[0].span.text.strip():
        runs.pop(0)
    runs[0].cut(runs[0].span.text.index(bullet) + 1)
    return [inline for inline in runs if inline.span.text.strip()]


def _nest_items(items: list[TypedItem]) -> list[TypedItem]:
    """Return the items of the first bullet, with those of other bullets below them."""
    result: list[TypedItem] = []
    bullets: list[str] = []
    stack: list[list[TypedItem]] = [result]
    for item in items:
        if item.bullet in bullets:
            depth = bullets.index(item.bullet)
        else:
            bullets.append(item.bullet)
            depth = len(bullets) - 1
        del bullets[depth + 1 :], stack[depth + 1 :]
        stack[depth].append(item)
        stack.append(item.items)
    return result


def _write_items(items: list[TypedItem], vocabulary: Vocabulary) -> str:
    html = ""
    for item in items:
        text = format_html(item.runs, vocabulary) if item.runs else ""
        below = _write_items(item.items, vocabulary) if item.items else ""
        html += f"<li>{text}{below}</li>" if text or below else ""
    return f"<ul>{html}</ul>" if html else ""
