"""Names as they should stand, and what stands there instead. Pure Python, no Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

WORD = re.compile(r"&|[^\W_]+(?:[’'-][^\W_]+)*")
ACRONYM = re.compile(r"(?<![\w-])[A-Z]{2,6}(?=s?(?!\w))(?!-\d)")
# Words that a name may end in, and that people leave out when they write.
ENDINGS = ("NHS", "Foundation", "Trust")
# What drifts onto a name's end besides.
ADDED = {"nhs", "foundation", "trust", "hospital"}
SMALL = {"of", "and", "the", "for", "in", "to", "on"}


class Hit(NamedTuple):
    """A fault from `start` to `end` of a text, and what to do about it."""

    start: int
    end: int
    advice: str


class Core(NamedTuple):
    """A name without what people leave out: its keys, the name as it is now, and whose it is."""

    keys: tuple[str, ...]
    name: str
    is_own: bool


def words(text: str) -> list[str]:
    return WORD.findall(text.replace("'", "’"))


def key(word: str) -> str:
    """What stays of a word when number, possession, case and “&” are left aside."""
    plain = word.casefold().replace("'", "’").removesuffix("’s").replace("’", "")
    plain = "and" if plain == "&" else plain
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def distance(one: str, other: str) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to make `one` `other`."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one):
        row = [i + 1]
        for j, b in enumerate(other):
            row.append(min(last[j + 1] + 1, row[j] + 1, last[j] + (a != b)))
            if i and j and a == other[j - 1] and b == one[i - 1]:
                row[-1] = min(row[-1], before[j - 1] + 1)
        before, last = last, row
    return last[-1]


@dataclass(frozen=True)
class Names:
    """All names that a page may use, compiled once for as many pages as are checked.

    `members` holds for each its name of today first, then every other one that is accepted;
    `acronyms` are those that need no expansion.
    """

    own: str
    members: tuple[tuple[str, ...], ...] = ()
    acronyms: frozenset[str] = frozenset()
    _spelt: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def known_acronyms(self) -> frozenset[str]:
        accepted = (name for names in self.members for name in names)
        return self.acronyms.union(*(ACRONYM.findall(name) for name in (self.own, *accepted)))

    @cached_property
    def _names(self) -> list[tuple[list[str], str, bool]]:
        """Each accepted name's words, the name to use today, and whether it is our own."""
        of_members = [(words(name), names[0], False) for names in self.members for name in names]
        return [(words(self.own), self.own, True), *of_members]

    @cached_property
    def _accepted(self) -> set[tuple[str, ...]]:
        """Words of all names; of a name of today also with some of its endings left out."""
        return {
            tuple(parts[start:end])
            for parts, name, _ in self._names
            for start in {0, int(parts[:1] == ["The"])}
            for end in range(len(_core(parts) if parts == words(name) else parts), len(parts) + 1)
        }

    @cached_property
    def _starts(self) -> dict[str, list[Core]]:
        """Cores of two or more words by their first key, longest first."""
        found: dict[str, set[Core]] = {}
        for parts, name, is_own in self._names:
            keys = tuple(key(word) for word in _core(parts) if word != "The")
            if len(keys) > 1:
                found.setdefault(keys[0], set()).add(Core(keys, name, is_own))
        return {
            first: sorted(cores, key=lambda core: (-len(core.keys), core))
            for first, cores in found.items()
        }

    @cached_property
    def _vocabulary(self) -> dict[str, list[str]]:
        """Keys of the names' words that can be recognised when misspelt, by first letter."""
        known = {key(word) for parts, _, _ in self._names for word in parts}
        letters: dict[str, list[str]] = {}
        for one in sorted(known):
            if len(one) > 4:
                letters.setdefault(one[0], []).append(one)
        return letters

    @cached_property
    def _run_together(self) -> dict[str, str]:
        """Neighbouring words of a name without the space between → with it."""
        return {
            "".join(parts[start:end]).casefold(): " ".join(parts[start:end])
            for parts, _, _ in self._names
            for start in range(len(parts))
            for end in range(start + 2, len(parts) + 1)
        }

    def _spell(self, word: str) -> str:
        """The key of `word`, or of the word of a name that it nearly is."""
        known = self._spelt.get(word)
        if known is None:
            plain = key(word)
            near = self._vocabulary.get(plain[:1], ())
            allowed = 2 if len(plain) > 7 else 1
            known = self._spelt[word] = (
                plain
                if len(plain) < 5 or plain in near
                else next((one for one in near if _is_near(plain, one, allowed)), plain)
            )
        return known

    def drifted(self, text: str) -> Iterator[tuple[bool, Hit]]:
        """Names in `text` that are nearly one we know, and whether that is our own."""
        text = text.replace("'", "’")
        tokens = list(WORD.finditer(text))
        keys = [self._spell(t[0]) if t[0][0].isupper() else key(t[0]) for t in tokens]
        at = 0
        while at < len(tokens):
            core = self._core_at(text, tokens, keys, at)
            end = at + (len(core.keys) if core else 1)
            while core and end < len(tokens) and keys[end] in ADDED:
                if not (tokens[end][0][0].isupper() and _touch(text, tokens, end)):
                    break
                end += 1
            if core and not self._is_accepted(tokens[at:end]):
                advice = f"Write “{core.name}”."
                yield core.is_own, Hit(tokens[at].start(), tokens[end - 1].end(), advice)
            at = end

    def _core_at(
        self, text: str, tokens: list[re.Match[str]], keys: list[str], at: int
    ) -> Core | None:
        """The longest name that begins with the word at `at`, written with capitals."""
        for core in self._starts.get(keys[at], ()):
            end = at + len(core.keys)
            if (
                tuple(keys[at:end]) == core.keys
                and all(
                    t[0][0].isupper() or k in SMALL
                    for t, k in zip(tokens[at:end], core.keys, strict=True)
                )
                and all(_touch(text, tokens, n) for n in range(at + 1, end))
            ):
                return core
        return None

    def _is_accepted(self, tokens: list[re.Match[str]]) -> bool:
        found = [token[0] for token in tokens]
        plain = (*found[:-1], found[-1].removesuffix("’s"))
        return tuple(found) in self._accepted or plain in self._accepted

    def without_space(self, text: str) -> Iterator[Hit]:
        """Words of names that have run together."""
        for token in WORD.finditer(text):
            together = token[0].casefold()
            if len(together) > 6 and (apart := self._run_together.get(together)):
                yield Hit(token.start(), token.end(), f"Put a space between: “{apart}”.")


def _core(parts: list[str]) -> list[str]:
    end = len(parts)
    while end and parts[end - 1] in ENDINGS:
        end -= 1
    return parts[:end]


def _is_near(one: str, other: str, allowed: int) -> bool:
    if abs(len(one) - len(other)) > allowed or len(set(one) ^ set(other)) > 2 * allowed:
        return False
    return distance(one, other) <= allowed


def _touch(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Whether nothing but space stands before the word at `at`."""
    return text[tokens[at - 1].end() : tokens[at].start()].isspace()
