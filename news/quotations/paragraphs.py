"""Split the text of a quotation into paragraphs, as it comes from Word, a web page or mail."""

import itertools
import re
from dataclasses import dataclass

from .marks import OPENING_MARKS, is_elision

# Line and paragraph separators that programs use besides the line feed.
LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028]")
# LaTeX, and mail of long ago: ``We begin.'' and `We begin.'
LATEX_OPENING = re.compile(r"(?<!\w)`(?=\w)")
INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f]")
# Lines of plain-text mail are wrapped within these widths.
MIN_WRAP_COLUMNS, MAX_WRAP_COLUMNS = 40, 100
SENTENCE_END = re.compile(r"[.!?…][”’\"'»›“‘)\]]*$")
# A full stop that does not end a sentence.
ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Prof|Mr|Mrs|Ms|Mx|St|Rev|Hon|Sir|No|vs|approx|e\.g|i\.e|cf|incl|esp|Fig)|\b[A-Z])\.$"
)


@dataclass(frozen=True)
class SplitText:
    """Paragraphs, and as sentences for the editor where the split is uncertain.

    `after_blank_line` has the indexes of paragraphs that a blank line divides from the one before.
    """

    paragraphs: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    after_blank_line: frozenset[int] = frozenset()


def split_paragraphs(text: str) -> SplitText:
    """Return the paragraphs of `text`, with single spaces for the whitespace within them.

    A blank line always starts a new paragraph. A line break does if the next line opens with a
    quotation mark or the line before ends a sentence; other line breaks are soft wraps.
    """
    paragraphs: list[str] = []
    doubts: list[str] = []
    after_blank_line: set[int] = set()
    for lines in split_blocks(normalise_text(text)):
        is_wrapped = _is_wrapped(lines)
        width = max(map(len, lines), default=0)
        joined = ""
        after_blank_line.add(len(paragraphs))
        for line in lines:
            if not joined:
                joined = previous = line
                continue
            is_full = is_wrapped and fills_width(previous, line, width)
            if not _starts_paragraph(previous, line):
                joined = _join(joined, line)
            elif is_full:
                # Wrapped by a mail program, so this break may have come about by chance.
                joined = _join(joined, line)
                doubts.append(
                    f"The line that starts with “{get_first_words(line)}” may begin a new "
                    "paragraph. If it does, put a blank line before it."
                )
            else:
                paragraphs.append(joined)
                joined = line
            previous = line
        if joined:
            paragraphs.append(joined)
    return SplitText(tuple(paragraphs), tuple(doubts), frozenset(after_blank_line - {0}))


def split_blocks(text: str) -> list[list[str]]:
    """Return the stripped lines of each block of normalised `text`; blank lines divide blocks."""
    return [
        [line.strip() for line in block.split("\n") if line.strip()]
        for block in re.split(r"\n\s*\n", text)
    ]


def fills_width(line: str, following: str, width: int) -> bool:
    """Return True if the first word of the following line would not have fitted on `line`."""
    return len(line) + 1 + len(following.split()[0]) > width


def ends_sentence(line: str) -> bool:
    """Return True if `line` ends with a full stop, or another mark that ends a sentence."""
    return bool(SENTENCE_END.search(line)) and not ABBREVIATION.search(line)


def _starts_paragraph(previous: str, line: str) -> bool:
    opens = line[0] in OPENING_MARKS and not is_elision(line, 0)
    return opens or ends_sentence(previous)


def normalise_text(text: str) -> str:
    """Return `text` with one kind of line break, and without spaces that belong to marks."""
    text = INVISIBLE.sub("", LINE_BREAKS.sub("\n", text).replace("\u2029", "\n\n"))
    lines = text.split("\n")
    if any(lines) and all(line.startswith(">") for line in lines if line.strip()):
        # A reply by mail quotes every line so.
        text = "\n".join(re.sub(r"^(?:>\s?)+", "", line) for line in lines)
    if "``" in text or text.lstrip().startswith("''"):
        text = text.replace("``", "“").replace("''", "”")
    text = LATEX_OPENING.sub("‘", text)
    # French marks are separated from the text by spaces.
    text = re.sub(r"(?<!\S)([«‹])[^\S\n]+", r"\1", text)
    text = re.sub(r"(?<!\s)[^\S\n]+([»›])(?=[\s.,;:!?)]|\Z)", r"\1", text)
    # No-break spaces within the text are kept.
    return re.sub(r"[ \t]+", " ", text)


def _is_wrapped(lines: list[str]) -> bool:
    """Return True if a mail program has wrapped `lines`: short, and broken within sentences."""
    if not lines or not MIN_WRAP_COLUMNS <= max(map(len, lines)) <= MAX_WRAP_COLUMNS:
        return False
    return any(
        not _starts_paragraph(previous, line) for previous, line in itertools.pairwise(lines)
    )


def _join(text: str, line: str) -> str:
    """Return `text` and `line` as one, without a space after a hyphen at the line's end."""
    at_hyphen = re.search(r"\w-$", text) and line[0].islower()
    return f"{text}{line}" if at_hyphen else f"{text} {line}"


def get_first_words(text: str) -> str:
    """Return the first words of `text`, to identify a paragraph in a message."""
    return " ".join(text.split()[:4]).strip("“”‘’\"' ")
