"""Check the text of a page against the house style. Needs no Django."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from . import stale_promises, text_checks
from .known_names import KnownNames, Match
from .link_checks import TYPED_ADDRESS, find_link_problem

# Code of a finding → title.
TITLES = {
    "own-name": "Our own name is misspelt",
    "member-name": "A partner’s name is not spelt as on its page",
    "doubled-words": "A word is repeated",
    "missing-space": "A space is missing in a name",
    "stale-promise": "A promised date has passed",
    "typed-size": "The size or length of a document is typed",
    "straight-marks": "Straight quotation marks",
    "acronym": "An acronym is not explained",
    "link-target": "A link does not lead straight to a public page",
}
# URLs, e-mail addresses and handles, in which no words are checked.
ADDRESSES_AND_HANDLES = re.compile(
    r"(?<!\S)\S*(?:://|@|#|www\.)\S*|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:uk|org|com|net|eu)\b\S*"
)
# Before and after the text of a finding.
MAX_CONTEXT_CHARACTERS = 45
MAX_FINDING_CHARACTERS = 250


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or field of a page, with its label in the editor.

    `whose` decides what is checked: in a quotation (“said”) only spelling and typing, in a “name”
    of the register no names. `offers_file` is True if the block belongs to a download.
    """

    label: str
    text: str
    whose: Literal["ours", "said", "name"] = "ours"
    offers_file: bool = False
    # Text and address of each link in it.
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StyleFinding:
    """A possible fault: `text` in the field `where`, with the text before and after it."""

    code: str
    where: str
    before: str
    text: str
    after: str
    advice: str

    @property
    def title(self) -> str:
        """Return the problem as a heading."""
        return TITLES[self.code]

    @property
    def snippet(self) -> str:
        """Return the text of the finding in its context."""
        return f"{self.before}{self.text}{self.after}"


def check_text_blocks(
    blocks: Sequence[TextBlock], names: KnownNames, today: datetime.date | None = None
) -> list[StyleFinding]:
    """Return the findings in the blocks of one page, in order, without duplicates.

    `today` is the date on which promises are judged; the default is the current date.
    """
    # Replaced by as many dots, so that positions stay and the words around do not become adjacent.
    texts = [
        ADDRESSES_AND_HANDLES.sub(lambda match: "·" * len(match[0]), block.text) for block in blocks
    ]
    page = "\n".join(texts)
    initials = "|".join(text_checks.get_initials(text) for text in texts)
    day = today or datetime.date.today()
    findings: dict[tuple[str, str], StyleFinding] = {}
    for block, text in zip(blocks, texts, strict=True):
        for code, match in _find_matches(block, text, names):
            _add_finding(findings, code, match, block)
        for match in find_wrong_links(block):
            _add_finding(findings, "link-target", match, block)
        if block.whose == "ours":
            for match in stale_promises.find_stale_promises(text, day):
                _add_finding(findings, "stale-promise", match, block)
            for match in text_checks.find_typed_sizes(text, block.offers_file):
                _add_finding(findings, "typed-size", match, block)
            for match in text_checks.find_unexplained_acronyms(
                text, page, initials, names.known_acronyms
            ):
                _add_finding(findings, "acronym", match, block)
    return list(findings.values())


def _find_matches(block: TextBlock, text: str, names: KnownNames) -> Iterator[tuple[str, Match]]:
    """Yield code and match of faults that are corrected in quotations too: typing and names."""
    for is_own, match in names.find_misspelt_names(text) if block.whose != "name" else ():
        yield "own-name" if is_own else "member-name", match
    for code, matches in (
        ("missing-space", names.find_missing_spaces(text)),
        ("doubled-words", text_checks.find_repeated_words(text)),
        ("straight-marks", text_checks.find_straight_quotes(text)),
    ):
        for match in matches:
            yield code, match


def find_wrong_links(block: TextBlock) -> Iterator[Match]:
    """Yield matches of links, and of addresses in plain text, that do not lead to their target."""
    for text, address in block.links:
        start = block.text.find(text)
        if start >= 0 and (advice := find_link_problem(address)):
            yield Match(start, start + len(text), advice)
    for typed in TYPED_ADDRESS.finditer(block.text):
        if advice := find_link_problem(typed[0]):
            yield Match(*typed.span(), advice)


def _add_finding(
    findings: dict[tuple[str, str], StyleFinding], code: str, match: Match, block: TextBlock
) -> None:
    before, after = block.text[: match.start], block.text[match.end :]
    text = " ".join(block.text[match.start : match.end].split())[:MAX_FINDING_CHARACTERS]
    if len(before) > MAX_CONTEXT_CHARACTERS:
        before = f"… {before[-MAX_CONTEXT_CHARACTERS:].partition(' ')[2]}"
    if len(after) > MAX_CONTEXT_CHARACTERS:
        after = f"{after[:MAX_CONTEXT_CHARACTERS].rpartition(' ')[0]} …"
    finding = StyleFinding(code, block.label, before, text, after, match.advice)
    findings.setdefault((code, text), finding)
