"""The house-style check: what in a page's words an editor should look at again. No Django."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bhp_site.pasting.addresses import clean_address

from . import promises, wording
from .names import Hit, Names

# Code → what is wrong, in plain words.
TITLES = {
    "own-name": "Our own name is misspelt",
    "member-name": "A member’s name is not as the register has it",
    "doubled-words": "The same words stand there twice",
    "missing-space": "A space is missing in a name",
    "stale-promise": "A promised date has passed",
    "typed-size": "A file’s size or length is typed by hand",
    "straight-marks": "Straight quotation marks",
    "acronym": "An acronym is not explained",
    "link-target": "A link leads into the admin or through another site",
}
# Addresses of pages and mailboxes, and handles: not words.
MACHINE = re.compile(
    r"(?<!\S)\S*(?:://|@|#|www\.)\S*|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:uk|org|com|net|eu)\b\S*"
)
AROUND = 45


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or a field of a page, and what the editor calls it.

    Whose words they are says what is looked for: in what somebody “said” only spelling is ours,
    and a “name” is the register’s own. `offers_file`: it belongs to a download.
    """

    label: str
    text: str
    whose: Literal["ours", "said", "name"] = "ours"
    offers_file: bool = False
    # The words and the address of each link in it.
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing to look at: `words` as they stand in `where`, with what is around them."""

    code: str
    where: str
    before: str
    words: str
    after: str
    advice: str

    @property
    def title(self) -> str:
        return TITLES[self.code]

    @property
    def snippet(self) -> str:
        return f"{self.before}{self.words}{self.after}"


def findings(
    blocks: Sequence[TextBlock], names: Names, today: datetime.date | None = None
) -> list[Finding]:
    """What is to be looked at in `blocks`, in their order; the same words once for each fault."""
    # As long as before, and no space: what stands around them are no neighbours.
    texts = [MACHINE.sub(lambda found: "·" * len(found[0]), block.text) for block in blocks]
    page = "\n".join(texts)
    letters = "|".join(wording.initials(text) for text in texts)
    day = today or datetime.date.today()
    found: dict[tuple[str, str], Finding] = {}
    for block, text in zip(blocks, texts, strict=True):
        for code, hit in _hits(block, text, names):
            _keep(found, code, hit, block)
        for hit in find_wrong_links(block):
            _keep(found, "link-target", hit, block)
        if block.whose == "ours":
            for hit in promises.stale(text, day):
                _keep(found, "stale-promise", hit, block)
            for hit in wording.typed_sizes(text, block.offers_file):
                _keep(found, "typed-size", hit, block)
            for hit in wording.unexplained(text, page, letters, names.known_acronyms):
                _keep(found, "acronym", hit, block)
    return list(found.values())


def _hits(block: TextBlock, text: str, names: Names) -> Iterator[tuple[str, Hit]]:
    """Faults of typing and of names, which are ours in other people's words too."""
    for is_own, hit in names.drifted(text) if block.whose != "name" else ():
        yield "own-name" if is_own else "member-name", hit
    for code, hits in (
        ("missing-space", names.without_space(text)),
        ("doubled-words", wording.twice(text)),
        ("straight-marks", wording.straight_marks(text)),
    ):
        for hit in hits:
            yield code, hit


def find_wrong_links(block: TextBlock) -> Iterator[Hit]:
    """Yield the words of links that lead into the admin, nowhere, or through a redirector."""
    for words, address in block.links:
        target = clean_address(address)
        start = block.text.find(words)
        if target == address or start < 0:
            continue
        if target:
            advice = f"It leads through another site. Link straight to {target} instead."
        else:
            advice = "Visitors cannot open its target. Remove the link or choose another target."
        yield Hit(start, start + len(words), advice)


def _keep(found: dict[tuple[str, str], Finding], code: str, hit: Hit, block: TextBlock) -> None:
    text = block.text
    words = " ".join(text[hit.start : hit.end].split())[:250]
    before, after = text[: hit.start], text[hit.end :]
    if len(before) > AROUND:
        before = f"… {before[-AROUND:].partition(' ')[2]}"
    if len(after) > AROUND:
        after = f"{after[:AROUND].rpartition(' ')[0]} …"
    finding = Finding(code, block.label, before, words, after, hit.advice)
    found.setdefault((code, words), finding)
