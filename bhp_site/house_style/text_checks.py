"""Find typing faults and unexplained acronyms in a text. Needs no Django."""

import re
from collections.abc import Iterator

from .known_names import ACRONYM, SMALL_WORDS, WORD, Match

# One to six words, and the same again.
REPEATED_WORDS = re.compile(
    r"(?<![\w’'-])([^\W\d_][\w’'-]*(?:[ \t]+\w[\w’'-]*){0,5}?)[ \t]+\1\b(?![’'-]\w)", re.IGNORECASE
)
ALLOWED_REPETITIONS = {"had", "that"}
FILE_SIZE = re.compile(
    r"(?<![\w.,£$€])\d+(?:[.,]\d+)?\s?(?:[kmg]i?b|(?:kilo|mega|giga)bytes?)\b", re.IGNORECASE
)
PAGE_COUNT = re.compile(r"(?<![\w.,£$€])\d+(?:\s|-)?(?:pages?|pp)\b", re.IGNORECASE)
FILE_WORD = re.compile(
    r"\b(?:pdf|download|docx?|odt|xlsx?|csv|file|attachment|spreadsheet)s?\b", re.IGNORECASE
)
# Not after a figure: there they mean feet, inches and minutes.
STRAIGHT_QUOTES = re.compile(r"\"[^\"\n]*\"|[^\W\d]{0,40}(?:(?<!\d)[\"']|(?<=\d)'(?=[a-z]))\w*")
NOT_AN_ACRONYM = re.compile(r"[IVX]+|[KMGT]B")


def find_repeated_words(text: str) -> Iterator[Match]:
    """Yield words and phrases that are written twice in a row."""
    for match in REPEATED_WORDS.finditer(text):
        if match[1].casefold() not in ALLOWED_REPETITIONS:
            yield Match(*match.span(), f"Write “{match[1]}” only once.")


def find_typed_sizes(text: str, offers_file: bool) -> Iterator[Match]:
    """Yield typed file sizes and page counts, which the site shows itself.

    `offers_file` is True if the text belongs to a download.
    """
    about_a_file = offers_file or FILE_WORD.search(text) is not None
    for pattern in (FILE_SIZE, PAGE_COUNT):
        for match in pattern.finditer(text):
            bracketed = (
                pattern is FILE_SIZE and "(" in text[max(0, match.start() - 12) : match.start()]
            )
            if about_a_file or bracketed:
                advice = "Remove it. The site adds format, size and pages to every download."
                yield Match(*match.span(), advice)


def find_straight_quotes(text: str) -> Iterator[Match]:
    """Yield straight quotation marks and apostrophes, with the words that they enclose."""
    for match in STRAIGHT_QUOTES.finditer(text) if "'" in text or '"' in text else ():
        yield Match(*match.span(), "Use curly quotation marks: “ ” ‘ ’.")


def get_initials(text: str) -> str:
    """Return the initials of the capitalised words in `text`, “.” for any other word.

    Small words such as “of” are left out.
    """
    words = (match[0] for match in WORD.finditer(text))
    return "".join(
        word[0] if word[0].isupper() and not word.isupper() else "."
        for word in words
        if word not in SMALL_WORDS and word != "&"
    )


def find_unexplained_acronyms(
    text: str, page: str, initials: str, known_acronyms: frozenset[str]
) -> Iterator[Match]:
    """Yield acronyms in `text` that are neither `known_acronyms` nor explained on the page.

    `page` is the text of the whole page, `initials` what `get_initials` returns for it.
    """
    if text.isupper():
        return
    for match in ACRONYM.finditer(text):
        acronym = match[0]
        if acronym in known_acronyms or NOT_AN_ACRONYM.fullmatch(acronym):
            continue
        if not _is_explained(acronym, page, initials):
            advice = (
                f"Write it in full the first time: “Full name ({acronym})”. If everybody knows "
                "it, ask a publisher to add it to the list in the house style settings."
            )
            yield Match(*match.span(), advice)


def _is_explained(acronym: str, page: str, initials: str) -> bool:
    """Return True if the page has “Full Name (ACR)”, “ACR (full name)” or a name like that."""
    if acronym in initials or re.search(rf"\b{acronym}s?\s*\(\s*[^\s()]+\s[^()]+\)", page):
        return True
    return any(
        word[0].upper() == acronym[0]
        for bracket in re.finditer(rf"\(\s*{acronym}s?\b", page)
        for word in WORD.findall(page[max(0, bracket.start() - 120) : bracket.start()])[-10:]
    )
