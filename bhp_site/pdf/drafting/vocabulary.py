"""Joins words that were broken over lines, as the rest of the document writes them."""

import re
from collections import Counter

from bhp_site.pdf.text.cleaning import BROKEN_WORD, compose_letters

BREAK_MARK = "\ufffc"  # stands for a break, to tell halves of words from words
HALF_WORDS = re.compile(rf"[\w‐-]*{BREAK_MARK}[\w‐{BREAK_MARK}-]*")
WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
LAST_WORD, FIRST_WORD = re.compile(r"[^\W\d_]+$"), re.compile(r"[^\W\d_]+")
# A dash or slash at the end of a line. A hyphen there was not put in by the line break.
DASH_AT_LINE_END = re.compile(r"(?<=\S)([-‐–—/])[^\S\n]*\n\s*(?=\S)")
# What PDFium writes for hyphens at line ends; they are kept until words are joined.
LINE_END_HYPHENS = re.compile(r"[\xad\ufffe\x02]")


class Vocabulary:
    """The unbroken words of a document, which tell how broken ones are joined."""

    def __init__(self) -> None:
        self.words: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Add the words in a text, and the parts of hyphenated words."""
        unbroken = HALF_WORDS.sub(" ", BROKEN_WORD.sub(BREAK_MARK, text))
        for word in WORD.findall(unbroken.lower()):
            parts = re.split("[-‐]", word)
            self.words.update([word, *(parts if len(parts) > 1 else ())])

    def normalise(self, text: str) -> str:
        """Return text on one line, with words joined that were broken, and letters composed."""
        joined = BROKEN_WORD.sub(self._choose_hyphen, text.replace("\r\n", "\n"))
        joined = DASH_AT_LINE_END.sub(r"\1", joined)
        return compose_letters(
            LINE_END_HYPHENS.sub(lambda match: "-" if match[0] != "\xad" else "", joined)
        )

    def _choose_hyphen(self, match: re.Match[str]) -> str:
        """Return what joins the halves of a word: "-" or "".

        Before a capital the hyphen is part of a name.
        """
        if match[0][0] == "\xad":
            return ""
        if match[1].isupper():
            return "-"
        before = LAST_WORD.search(match.string, 0, match.start())
        after = FIRST_WORD.match(match.string, match.end())
        if not before or not after:
            return ""
        first, second = before[0].lower(), after[0].lower()
        if self.words[first + second]:
            return ""
        if self.words[f"{first}-{second}"]:
            return "-"
        return "-" if self.words[first] and self.words[second] else ""
