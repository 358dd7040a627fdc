"""Turn a pasted or typed quotation into paragraphs with the right quotation marks.

Pure functions on text: the page, the quote's own page and the preview in the editor all use
`parse_quotation`, so what an editor sees while typing is what visitors get.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from .marks import Mark, find_marks
from .paragraphs import get_first_words, split_paragraphs
from .reporting import (
    AFTER_WORDS,
    ATTRIBUTION,
    FIRST_PERSON,
    LEAD_IN,
    NAME_AFTER_MARK,
    RELEASE_END,
    VERB_BEFORE_MARK,
)

# Limit of the marks removed around one paragraph.
MAX_OUTER_MARKS = 8
ENDS_SENTENCE = re.compile(r"[.!?…:;][”’)\]]*$")


@dataclass(frozen=True)
class QuotationIssue:
    """An issue of a quotation that an editor has to check, as a sentence.

    `must_confirm` is True where the published words would probably be wrong: publishing then
    waits until an editor confirms the quotation.
    """

    message: str
    must_confirm: bool = False


@dataclass(frozen=True)
class Quotation:
    """A quotation's paragraphs without the marks around them, and what is uncertain."""

    paragraphs: tuple[str, ...]
    issues: tuple[QuotationIssue, ...] = ()

    @property
    def marked_paragraphs(self) -> list[str]:
        """Return the paragraphs in curly double marks: each is opened, only the last is closed."""
        return mark_paragraphs(self.paragraphs)

    @property
    def must_confirm(self) -> bool:
        """Return True if an editor has to confirm the quotation before it is published."""
        return any(issue.must_confirm for issue in self.issues)


# A page parses each quotation twice: for its length and to show it.
@lru_cache(maxsize=256)
def parse_quotation(text: str) -> Quotation:
    """Return the paragraphs of `text`, each without its outer marks, and the uncertainties.

    Marks within the text become British: single within the quotation, double within those.
    """
    split = split_paragraphs(text)
    issues = [QuotationIssue(message) for message in split.doubts]
    parsed = [_Paragraph(part) for part in split.paragraphs]
    for paragraph, following in itertools.pairwise(parsed):
        paragraph.release_apostrophe(following)
    outer = next(
        (level for parsed_paragraph in parsed if (level := parsed_paragraph.outer_level)), "double"
    )
    for paragraph in parsed:
        paragraph.strip_outer_marks(outer)
    for index in split.after_blank_line:
        parsed[index].follows_blank_line = True
    parsed = [paragraph for paragraph in parsed if paragraph.text]
    for paragraph in parsed:
        issues += paragraph.find_issues()
    issues += _find_words_before(parsed)
    issues += _find_words_outside(parsed)
    issues += _find_unfinished([paragraph.render() for paragraph in parsed])
    return Quotation(
        tuple(paragraph.render() for paragraph in parsed),
        # The same sentence once, in the order in which it was found.
        tuple(dict.fromkeys(issues)),
    )


def get_fingerprint(text: str) -> str:
    """Return a short hash of a quotation as published, so that only this text is confirmed."""
    words = "\n\n".join(parse_quotation(text).paragraphs)
    return sha256(words.encode(errors="replace")).hexdigest()[:16]


def mark_paragraphs(paragraphs: Sequence[str]) -> list[str]:
    """Return `paragraphs` in double marks: each is opened, only the last is closed."""
    return [
        f"“{paragraph}{'”' if number == len(paragraphs) else ''}"
        for number, paragraph in enumerate(paragraphs, 1)
    ]


def _find_unfinished(paragraphs: list[str]) -> list[QuotationIssue]:
    """Return what seems to be cut off: paragraphs that end within a sentence."""
    issues = []
    for paragraph in paragraphs[:-1]:
        if not ENDS_SENTENCE.search(paragraph):
            issues.append(
                QuotationIssue(
                    f"The paragraph that ends with “{_get_tail(paragraph)}” does not end with a "
                    "full stop. Check that no words are missing and that a new paragraph starts "
                    "there."
                )
            )
    if paragraphs and paragraphs[-1].endswith(","):
        issues.append(
            QuotationIssue("The quotation ends with a comma. Check that no words are missing.")
        )
    return issues


def _find_words_before(paragraphs: "list[_Paragraph]") -> list[QuotationIssue]:
    """Return an issue for each paragraph without marks before the first one that has them.

    Without “I” or “we” it is probably the writer's. With them the speaker's, whose opening mark
    is missing, unless a blank line follows.
    """
    leading = list(itertools.takewhile(lambda paragraph: not paragraph.has_outer_marks, paragraphs))
    if len(leading) == len(paragraphs) or not paragraphs[len(leading)].is_opened:
        return []
    issues = []
    for paragraph, following in zip(leading, paragraphs[1:], strict=False):
        is_speech = bool(FIRST_PERSON.search(paragraph.text))
        if not is_speech or following.follows_blank_line:
            issues.append(
                QuotationIssue(
                    f"“{get_first_words(paragraph.text)}” is before the start of the quotation. "
                    "If the writer says it, remove it from the quotation. If the speaker does, "
                    "put a quotation mark before it.",
                    must_confirm=not is_speech,
                )
            )
    return issues


def _find_words_outside(paragraphs: "list[_Paragraph]") -> list[QuotationIssue]:
    """Return an issue for each paragraph without marks after one that closes the quotation."""
    return [
        QuotationIssue(
            f"The quotation ends before “{get_first_words(following.text)}”. If the writer says "
            "what follows, remove it from the quotation. If the speaker does, put a quotation "
            "mark before it.",
            must_confirm=True,
        )
        for paragraph, following in itertools.pairwise(paragraphs)
        if paragraph.is_closed and not (following.is_opened or following.is_closed)
    ]


def _get_tail(text: str) -> str:
    """Return the last words of `text`, to name a place in it."""
    return " ".join(text.split()[-4:]).strip("“”‘’ ")


class _Paragraph:
    """One paragraph, its quotation marks, and which of them belong together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = find_marks(text)
        self.outer_pair_stripped = False
        # Whether outer marks stood before and after it.
        self.is_opened = self.is_closed = False
        self.follows_blank_line = False

    @property
    def has_outer_marks(self) -> bool:
        """Return True if marks were removed around it."""
        return self.is_opened or self.is_closed

    @property
    def first(self) -> Mark | None:
        """Return the mark that opens the paragraph, if it begins with one."""
        mark = self.marks[0] if self.marks else None
        if mark is None or not mark.opens or mark.is_apostrophe:
            return None
        return mark if mark.position == 0 else None

    @property
    def last(self) -> Mark | None:
        """Return the mark that closes the paragraph, before or after its full stop."""
        mark = self.marks[-1] if self.marks else None
        if mark is None or mark.opens or mark.is_apostrophe:
            return None
        return mark if re.fullmatch(r"[.,;:!?…]*", self.text[mark.position + 1 :]) else None

    @property
    def outer_level(self) -> str:
        """“double” or “single”: the marks around the paragraph; "" if there are none."""
        first, last = self.first, self.last
        if first and (first.partner is None or first.partner is last):
            return first.level
        if last and last.partner is None:
            return last.level
        return ""

    def release_apostrophe(self, following: "_Paragraph") -> None:
        """Undo a pair that an apostrophe made, such as ‘It is the patients’ day.

        The next paragraph opens with the same mark, so this one's is not closed here.
        """
        first = self.first
        if (
            first
            and first.level == "single"
            and first.partner
            and first.partner.may_be_apostrophe
            and first.partner is not self.last
            and following.first
            and following.first.level == "single"
        ):
            first.partner.is_apostrophe = True
            first.partner.partner = None
            first.partner = None

    def strip_outer_marks(self, outer: str) -> None:
        """Remove the marks around the paragraph, however many were typed, at level `outer`."""
        for _ in range(MAX_OUTER_MARKS):
            first, last = self.first, self.last
            if first and first.level == outer and first.partner is None:
                self._cut(first)
            elif last and last.level == outer and last.partner is None:
                self._cut(last)
            elif first and last and first.partner is last and first.level == outer:
                self._cut(last)
                self._cut(first)
                self.outer_pair_stripped = True
                if outer == "single":
                    # What remains in single marks is quoted by the speaker.
                    break
            else:
                break
        self._trim()

    def _cut(self, mark: Mark) -> None:
        """Remove one mark at the start or the end, with a full stop that is doubled by it."""
        before, after = self.text[: mark.position], self.text[mark.position + 1 :]
        if not mark.opens and after and re.search(r"[.,;:!?…]$", before):
            after = ""
        before = before.rstrip() if not mark.opens else before
        self.text = before + after
        self.marks.remove(mark)
        self.is_opened |= mark.opens
        self.is_closed |= not mark.opens
        if mark.opens:
            self._shift(1)

    def _shift(self, by: int) -> None:
        for mark in self.marks:
            mark.position -= by

    def _trim(self) -> None:
        """Remove spaces at both ends, keeping the places of the marks right."""
        stripped = self.text.lstrip()
        self._shift(len(self.text) - len(stripped))
        self.text = stripped.rstrip()

    def find_issues(self) -> list[QuotationIssue]:
        """Return what is uncertain about this paragraph."""
        issues = []
        if words := self._find_reporting():
            issues.append(
                QuotationIssue(
                    f"“{words}” looks like the writer’s words, not the speaker’s. If so, remove "
                    "it from the quotation.",
                    must_confirm=True,
                )
            )
        for mark in self.marks:
            if mark.is_unpaired:
                verb, other = ("opened", "closed") if mark.opens else ("closed", "opened")
                issues.append(
                    QuotationIssue(
                        f"A quotation mark is {verb} near “{self._get_words_near(mark)}” and never "
                        f"{other}. Add the missing mark or remove this one.",
                        must_confirm=True,
                    )
                )
            elif mark.is_ambiguous:
                issues.append(
                    QuotationIssue(
                        f"Near “{self._get_words_near(mark)}” a closing mark and an apostrophe "
                        "look the same. Check where the inner quotation ends."
                    )
                )
        return issues

    def _find_reporting(self) -> str:
        """Return words that report speech, such as “she added”; "" if there are none.

        Within a complete pair of outer marks they are the speaker's own: “‘No,’ she said.”
        """
        patterns = [AFTER_WORDS, ATTRIBUTION] if not self.outer_pair_stripped else []
        for pattern in patterns:
            if match := pattern.search(self.text):
                return match.group().strip(" ,:.”’»\"'")
        if RELEASE_END.fullmatch(self.text):
            return self.text.strip()
        for match in LEAD_IN.finditer(self.text):
            following = self.text[match.end() :].lstrip()
            if not (self.outer_pair_stripped and following[:1] in "‘'‹"):
                return match.group().strip(" :”")
        return "" if self.has_outer_marks else self._find_words_beside()

    def _find_words_beside(self) -> str:
        """Return words beside a quotation that has no marks around the whole paragraph; "" if none.

        These are a verb that reports speech, a name after the quotation, and whatever stands
        before or after a quoted sentence.
        """
        if match := VERB_BEFORE_MARK.search(self.text):
            return match.group().strip(" ,")
        first, last = self.first, self.last
        if first and first.partner:
            end = first.partner.position
            after = self.text[end + 1 :]
            if match := NAME_AFTER_MARK.fullmatch(after):
                return match.group(1)
            if self.text[end - 1] in ".!?" and after.strip()[:1].isupper():
                return get_first_words(after)
        if last and last.partner and last.partner.position:
            start = last.partner.position
            if self.text[last.position - 1] in ".!?" and self.text[start + 1].isupper():
                return get_first_words(self.text[:start])
        return ""

    def _get_words_near(self, mark: Mark) -> str:
        """Return a few words beside `mark`."""
        if mark.opens:
            start = mark.position + 1
            words = self.text[start : start + 60].split()[:3]
        else:
            start = max(0, mark.position - 60)
            words = self.text[start : mark.position].split()[-3:]
        return " ".join(words).strip("“”‘’\"' ")

    def render(self) -> str:
        """Return the text with British marks: single, then double, then single again."""
        letters = list(self.text)
        depth = 0
        for mark in self.marks:
            if mark.is_apostrophe:
                letters[mark.position] = "’"
            elif mark.partner is None:
                letters[mark.position] = mark.unpaired_character
            elif mark.opens:
                letters[mark.position] = "‘“"[depth % 2]
                depth += 1
            else:
                depth -= 1
                letters[mark.position] = "’”"[depth % 2]
        return "".join(letters)
