"""Captions of tables and figures, whether they are tagged as such or only look like one."""

import re

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.inline import format_text
from bhp_site.pdf.drafting.vocabulary import Vocabulary

MAX_CAPTION_LENGTH = 250  # characters
LABEL_WORDS = "Table|Figure|Fig\\.?|Chart|Graph|Diagram|Map|Box|Exhibit"
LABEL = rf"\s*(?P<word>{LABEL_WORDS})\s+(?:[A-Z]?\d+(?:[.–-]\d+)*[a-z]?|[A-Z]|[IVX]+)"
LABEL_ALONE = re.compile(rf"{LABEL}\s*[.:–—-]?\s*")
LABEL_WITH_SIGN = re.compile(rf"{LABEL}\s*[.:–—-]")
# “Table 1 Births by week” is a caption, “Table 1 shows births by week” a sentence.
LABEL_WITH_TITLE = re.compile(rf"{LABEL}\s+(?=[A-Z\d“‘(])")
NEW_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
TARGETS = ("table", "figure")


def place_captions(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return the blocks without captions that went into a table or figure beside them.

    Captions without one become paragraphs, so that none is lost.
    """
    for place, block in enumerate(blocks):
        text = _text(block, vocabulary)
        is_caption = block.kind == "caption" or _is_caption(text)
        if not is_caption or block.kind not in ("caption", "paragraph", "heading"):
            continue
        title = _title_below(blocks, place, text, vocabulary)
        target = _target(blocks, place, text) if title is None else blocks[place + 2]
        if target:
            target.caption = text if title is None else _joined(text, _text(title, vocabulary))
            target.notes += [one for one in block.notes if one not in target.notes]
            block.kind = "placed"
            if title:
                target.notes += [one for one in title.notes if one not in target.notes]
                title.kind = "placed"
        elif block.kind == "caption":
            block.kind = "paragraph"
    return [block for block in blocks if block.kind != "placed"]


def _text(block: ParsedBlock, vocabulary: Vocabulary) -> str:
    if block.html:
        return ""
    return block.text or (format_text(block.inline, vocabulary) if block.inline else "")


def _is_caption(text: str) -> bool:
    """Return True if words are the caption of something, although nothing tags them so."""
    if len(text) > MAX_CAPTION_LENGTH:
        return False
    if LABEL_WITH_SIGN.match(text) or LABEL_ALONE.fullmatch(text):
        return True
    return bool(LABEL_WITH_TITLE.match(text)) and not NEW_SENTENCE.search(text)


def _title_below(
    blocks: list[ParsedBlock], place: int, text: str, vocabulary: Vocabulary
) -> ParsedBlock | None:
    """Return the title between a label that stands alone and what it labels; None if none is."""
    if not LABEL_ALONE.fullmatch(text) or place + 2 >= len(blocks):
        return None
    title, target = blocks[place + 1 : place + 3]
    title_text = _text(title, vocabulary)
    is_title = title.kind in ("paragraph", "caption") and 0 < len(title_text) <= MAX_CAPTION_LENGTH
    if not is_title or target.kind not in TARGETS or target.caption:
        return None
    same_page = blocks[place].page == title.page == target.page
    return title if same_page and not _is_caption(title_text) else None


def _joined(label: str, title: str) -> str:
    return f"{label.rstrip(' .:–—-')}: {title}"


def _target(blocks: list[ParsedBlock], place: int, text: str) -> ParsedBlock | None:
    """Return the table or figure beside a caption that it belongs to; None if there is none."""
    block = blocks[place]
    before, after = blocks[max(place - 1, 0) : place], blocks[place + 1 : place + 2]
    found = LABEL_WITH_SIGN.match(text) or LABEL_ALONE.fullmatch(text)
    found = found or LABEL_WITH_TITLE.match(text)
    is_table = bool(found and found["word"] == "Table")
    wanted = ("table" if is_table else "figure") if found else ""
    # A table's title usually stands above it, a figure's below.
    beside = [*after, *before] if is_table else [*before, *after]
    if block.kind == "heading":
        beside = after
    free = [one for one in beside if one.kind in TARGETS and not one.caption]
    if not free:
        return None
    return min(
        free, key=lambda one: (one.parent != block.parent, bool(wanted) and one.kind != wanted)
    )
