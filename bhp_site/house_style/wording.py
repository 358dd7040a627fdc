"""Faults of typing: words twice, sizes by hand, straight marks, unexplained acronyms. No Django."""

import re
from collections.abc import Iterator

from .names import ACRONYM, SMALL, WORD, Hit

# A word or up to six, and the same again.
TWICE = re.compile(
    r"(?<![\w’'-])([^\W\d_][\w’'-]*(?:[ \t]+\w[\w’'-]*){0,5}?)[ \t]+\1\b(?![’'-]\w)", re.IGNORECASE
)
RIGHTLY_TWICE = {"had", "that"}
SIZE = re.compile(
    r"(?<![\w.,£$€])\d+(?:[.,]\d+)?\s?(?:[kmg]i?b|(?:kilo|mega|giga)bytes?)\b", re.IGNORECASE
)
PAGES = re.compile(r"(?<![\w.,£$€])\d+(?:\s|-)?(?:pages?|pp)\b", re.IGNORECASE)
FILE = re.compile(
    r"\b(?:pdf|download|docx?|odt|xlsx?|csv|file|attachment|spreadsheet)s?\b", re.IGNORECASE
)
# Feet, inches and minutes stand after a figure, and are meant.
STRAIGHT = re.compile(r"\"[^\"\n]*\"|[^\W\d]{0,40}(?:(?<!\d)[\"']|(?<=\d)'(?=[a-z]))\w*")
NO_ACRONYM = re.compile(r"[IVX]+|[KMGT]B")


def twice(text: str) -> Iterator[Hit]:
    """Words and phrases that stand there twice."""
    for match in TWICE.finditer(text):
        if match[1].casefold() not in RIGHTLY_TWICE:
            yield Hit(*match.span(), f"Say “{match[1]}” once.")


def typed_sizes(text: str, offers_file: bool) -> Iterator[Hit]:
    """Sizes and numbers of pages of a file: the site writes them itself, and keeps them right."""
    about_a_file = offers_file or FILE.search(text) is not None
    for pattern in (SIZE, PAGES):
        for match in pattern.finditer(text):
            bracketed = pattern is SIZE and "(" in text[max(0, match.start() - 12) : match.start()]
            if about_a_file or bracketed:
                advice = "Take it out: the site writes format, size and pages beside a download."
                yield Hit(*match.span(), advice)


def straight_marks(text: str) -> Iterator[Hit]:
    """Typewriter's quotation marks and apostrophes."""
    for match in STRAIGHT.finditer(text) if "'" in text or '"' in text else ():
        yield Hit(*match.span(), "Use curly marks: “ ” ‘ ’.")


def initials(text: str) -> str:
    """First letters of the capitalised words, small ones left out, “.” for any other word."""
    found = (word[0] for word in WORD.finditer(text))
    return "".join(
        word[0] if word[0].isupper() and not word.isupper() else "."
        for word in found
        if word not in SMALL and word != "&"
    )


def unexplained(text: str, page: str, first_letters: str, known: frozenset[str]) -> Iterator[Hit]:
    """Acronyms that are neither `known` nor written out anywhere on the `page`."""
    if text.isupper():
        return
    for match in ACRONYM.finditer(text):
        acronym = match[0]
        if acronym in known or NO_ACRONYM.fullmatch(acronym):
            continue
        if not _is_spelt_out(acronym, page, first_letters):
            advice = f"Write it out once, “Full Name ({acronym})”, or add it to the site’s list."
            yield Hit(*match.span(), advice)


def _is_spelt_out(acronym: str, page: str, first_letters: str) -> bool:
    """Whether the page has “Full Name (ACR)”, “ACR (full name)” or a name of these initials."""
    if acronym in first_letters or re.search(rf"\b{acronym}s?\s*\(\s*[^\s()]+\s[^()]+\)", page):
        return True
    return any(
        word[0].upper() == acronym[0]
        for bracket in re.finditer(rf"\(\s*{acronym}s?\b", page)
        for word in WORD.findall(page[max(0, bracket.start() - 120) : bracket.start()])[-10:]
    )
