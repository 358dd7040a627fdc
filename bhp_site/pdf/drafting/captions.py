"""Moves captions into tables and figures, whether tagged as captions or not."""

import re

from bhp_site.pdf.drafting.blocks import ParsedBlock
from bhp_site.pdf.drafting.inline import format_text
from bhp_site.pdf.drafting.vocabulary import Vocabulary

MAX_CAPTION_CHARACTERS = 250
LABEL_WORDS = "Table|Figure|Fig\\.?|Chart|Graph|Diagram|Map|Box|Exhibit"
LABEL = rf"\s*(?P<word>{LABEL_WORDS})\s+(?:[A-Z]?\d+(?:[.–-]\d+)*[a-z]?|[A-Z]|[IVX]+)"
LABEL_ALONE = re.compile(rf"{LABEL}\s*[.:–—-]?\s*")
LABEL_WITH_SIGN = re.compile(rf"{LABEL}\s*[.:–—-]")
# “Table 1 Births by week” is a caption, “Table 1 shows births by week” a sentence.
LABEL_WITH_TITLE = re.compile(rf"{LABEL}\s+(?=[A-Z\d“‘(])")
NEW_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")
TARGETS = ("table", "figure")


def place_captions(blocks: list[ParsedBlock], vocabulary: Vocabulary) -> list[ParsedBlock]:
    """Return the blocks without the captions that were moved into an adjacent table or figure.

    Captions without one become paragraphs, so that none is lost.
    """
    for place, block in enumerate(blocks):
        text = _get_text(block, vocabulary)
        is_caption = block.kind == "caption" or _is_caption(text)
        if not is_caption or block.kind not in ("caption", "paragraph", "heading"):
            continue
        title = _find_title(blocks, place, text, vocabulary)
        target = _find_target(blocks, place, text) if title is None else blocks[place + 2]
        if target:
            target.caption = (
                text if title is None else _join_label(text, _get_text(title, vocabulary))
            )
            target.notes += [note for note in block.notes if note not in target.notes]
            block.kind = "moved"
            if title:
                target.notes += [note for note in title.notes if note not in target.notes]
                title.kind = "moved"
        elif block.kind == "caption":
            block.kind = "paragraph"
    return [block for block in blocks if block.kind != "moved"]


def _get_text(block: ParsedBlock, vocabulary: Vocabulary) -> str:
    if block.html:
        return ""
    return block.text or (format_text(block.inline, vocabulary) if block.inline else "")


def _is_caption(text: str) -> bool:
    """Return True if text looks like a caption, although no tag says so."""
    if len(text) > MAX_CAPTION_CHARACTERS:
        return False
    if LABEL_WITH_SIGN.match(text) or LABEL_ALONE.fullmatch(text):
        return True
    return bool(LABEL_WITH_TITLE.match(text)) and not NEW_SENTENCE.search(text)


def _find_title(
    blocks: list[ParsedBlock], place: int, text: str, vocabulary: Vocabulary
) -> ParsedBlock | None:
    """Return the title between a label on its own and what it labels; None if there is none."""
    if not LABEL_ALONE.fullmatch(text) or place + 2 >= len(blocks):
        return None
    title, target = blocks[place + 1 : place + 3]
    title_text = _get_text(title, vocabulary)
    is_title = (
        title.kind in ("paragraph", "caption") and 0 < len(title_text) <= MAX_CAPTION_CHARACTERS
    )
    if not is_title or target.kind not in TARGETS or target.caption:
        return None
    same_page = blocks[place].page == title.page == target.page
    return title if same_page and not _is_caption(title_text) else None


def _join_label(label: str, title: str) -> str:
    return f"{label.rstrip(' .:–—-')}: {title}"


def _find_target(blocks: list[ParsedBlock], place: int, text: str) -> ParsedBlock | None:
    """Return the table or figure beside a caption that it belongs to; None if there is none."""
    block = blocks[place]
    before, after = blocks[max(place - 1, 0) : place], blocks[place + 1 : place + 2]
    match = LABEL_WITH_SIGN.match(text) or LABEL_ALONE.fullmatch(text)
    match = match or LABEL_WITH_TITLE.match(text)
    is_table = bool(match and match["word"] == "Table")
    kind = ("table" if is_table else "figure") if match else ""
    # A table's title is usually above it, a figure's below.
    beside = [*after, *before] if is_table else [*before, *after]
    if block.kind == "heading":
        beside = after
    free = [other for other in beside if other.kind in TARGETS and not other.caption]
    if not free:
        return None
    return min(
        free,
        key=lambda other: (other.parent != block.parent, bool(kind) and other.kind != kind),
    )
