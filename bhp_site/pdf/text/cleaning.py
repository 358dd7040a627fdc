"""Cleans text taken from documents: lines, hyphens, ligatures and invisible characters."""

import re
import unicodedata

# Joiners are invisible, but part of the spelling in Urdu and Punjabi.
JOINERS = "\u200c\u200d"
# A word that continues on the next line: after a hyphen, or what PDFium puts in the place of one.
BROKEN_WORD = re.compile(r"(?<=[^\W\d_])(?:[\xad\ufffe\x02]\s*|[-‐][^\S\n]*\n\s*)(?=([^\W\d_]))")
# Control and formatting characters, and private ones whose meaning only their font knows.
NOT_TEXT = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    r"\ud800-\uf8ff\ufeff\ufff0-\uffff]"
)
LIGATURES = re.compile("[\ufb00-\ufb06]")


def clean_line(text: str, max_characters: int) -> str:
    """Return `text` on one line, without invisible characters, cut to `max_characters`.

    Control characters become spaces, because some programs use them as line breaks.
    """
    spaced = (" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    visible = (sign for sign in spaced if sign.isprintable() or sign.isspace() or sign in JOINERS)
    return " ".join("".join(visible).split())[:max_characters].rstrip()


def compose_letters(text: str) -> str:
    """Return `text` on one line, with ligatures as letters and accents in one character (NFC)."""
    letters = LIGATURES.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    return " ".join(unicodedata.normalize("NFC", letters).split())


def normalise_text(text: str) -> str:
    """Return the text of a page on one line, with words joined that were broken over lines."""
    joined = BROKEN_WORD.sub(_choose_hyphen, text.replace("\r\n", "\n"))
    return compose_letters(NOT_TEXT.sub("", joined))


def _choose_hyphen(match: re.Match[str]) -> str:
    """Return what joins the halves of a word: a hyphen before a capital, as in a name, or ""."""
    return "-" if match[1].isupper() and match[0][0] != "\xad" else ""
