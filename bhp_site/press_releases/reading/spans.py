"""Finds what stands in quotation marks on a line, and the reporter's sentences around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from news.quotations.marks import find_marks, is_elision
from news.quotations.paragraphs import ends_sentence

# Longer lines are not searched for quotations.
MAX_SEARCHED_CHARACTERS = 5_000
MIN_SPEECH_WORDS = 3
SENTENCE_BREAK = re.compile(r"[.!?…][”’\"'»›)\]]*\s+(?=[\"“‘'«„(\[]*[A-Z0-9£À-Þ])")


@dataclass(frozen=True)
class Span:
    """The characters from `start` to `end` of a line, its marks included.

    `is_closed` is False if it goes on in the next paragraph.
    """

    start: int
    end: int
    is_closed: bool = True

    def cut(self, text: str) -> str:
        """Return the characters of the span."""
        return text[self.start : self.end]


def find_spans(text: str) -> list[Span]:
    """Return the outermost quoted spans of a line that are long enough to be speech."""
    if len(text) > MAX_SEARCHED_CHARACTERS:
        return []
    spans: list[Span] = []
    position = 0
    for mark in find_marks(text):
        if mark.position < position or not mark.opens:
            continue
        if mark.is_apostrophe and not _opens_speech(text, mark.position):
            continue
        if mark.partner:
            position = mark.partner.position + 1
            spans.append(Span(mark.position, position))
        elif mark.level == "double" or _begins_speech(text, mark.position):
            spans.append(Span(mark.position, len(text), is_closed=False))
            break
    return [span for span in spans if _is_speech(text, span)]


def closes_speech(text: str) -> bool:
    """Return True if a mark closes at the end of `text` that does not open on it."""
    if len(text) > MAX_SEARCHED_CHARACTERS:
        return False
    marks = [mark for mark in find_marks(text) if not mark.is_apostrophe]
    if not marks or marks[-1].opens or marks[-1].partner:
        return False
    return not re.search(r"\w", text[marks[-1].position :])


def _opens_speech(text: str, position: int) -> bool:
    """Return True if what looks like an apostrophe may open a quotation: said: 'We …"""
    return text[:position].rstrip().endswith(":") and not is_elision(text, position)


def _begins_speech(text: str, position: int) -> bool:
    before = text[:position].rstrip()
    return not before or before.endswith((":", ","))


def _is_speech(text: str, span: Span) -> bool:
    """Return True for a span of words that can be said: a sentence, or what follows a colon."""
    if not span.is_closed:
        return True
    words = span.cut(text)[1:-1].strip()
    if len(words.split()) < MIN_SPEECH_WORDS:
        # “Yes.” can be said, “open days” cannot.
        return bool(re.search(r"[.!?]$", words)) and text[: span.start].rstrip().endswith(":")
    if re.search(r"[.!?…,;][”’»\"']*$", words) or re.match(r"\s*[.!?,]", text[span.end :]):
        return True
    before = text[: span.start].strip()
    return not before or before.endswith((":", ","))


def split_sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence of `text[start:end]`, without the spaces around it."""
    end = len(text) if end is None else end
    position = start
    for match in SENTENCE_BREAK.finditer(text, start, end):
        if ends_sentence(text[position : match.end()].rstrip()):
            yield from _trim(text, position, match.end())
            position = match.end()
    yield from _trim(text, position, end)


def _trim(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        yield start, end
