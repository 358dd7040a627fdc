"""Find misspelt names of the partnership and its members. Needs no Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

WORD = re.compile(r"&|[^\W_]+(?:[’'-][^\W_]+)*")
ACRONYM = re.compile(r"(?<![\w-])[A-Z]{2,6}(?=s?(?!\w))(?!-\d)")
# Words at the end of a name that may be left out.
OPTIONAL_ENDINGS = ("NHS", "Foundation", "Trust")
# Words that are often added to a name by mistake.
ADDED_ENDINGS = {"nhs", "foundation", "trust", "hospital"}
SMALL_WORDS = {"of", "and", "the", "for", "in", "to", "on"}


class Match(NamedTuple):
    """A fault from `start` to `end` of a text, with advice to the editor."""

    start: int
    end: int
    advice: str


class NameCore(NamedTuple):
    """The normalised words of a name without optional endings, and the current name."""

    keys: tuple[str, ...]
    name: str
    is_own: bool


def split_words(text: str) -> list[str]:
    """Return the words of `text`, with typographic apostrophes."""
    return WORD.findall(text.replace("'", "’"))


def normalise_word(word: str) -> str:
    """Return `word` in lower case without a plural or possessive s; “and” for “&”."""
    plain = word.casefold().replace("'", "’").removesuffix("’s").replace("’", "")
    plain = "and" if plain == "&" else plain
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def edit_distance(one: str, other: str) -> int:
    """Return how many letters to insert, delete, replace or swap turn `one` into `other`."""
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
class KnownNames:
    """All names that a page may use, prepared once for checking many pages.

    `own` is the name of the partnership. `members` holds for each member its current name, then
    its other accepted names. `acronyms` are those that need no explanation.
    """

    own: str
    members: tuple[tuple[str, ...], ...] = ()
    acronyms: frozenset[str] = frozenset()
    _corrections: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def known_acronyms(self) -> frozenset[str]:
        """All acronyms that need no explanation, including those in accepted names."""
        accepted = (name for names in self.members for name in names)
        return self.acronyms.union(*(ACRONYM.findall(name) for name in (self.own, *accepted)))

    @cached_property
    def _names(self) -> list[tuple[list[str], str, bool]]:
        """The words of each accepted name, the current name, and whether it is our own."""
        of_members = [
            (split_words(name), names[0], False) for names in self.members for name in names
        ]
        return [(split_words(self.own), self.own, True), *of_members]

    @cached_property
    def _accepted(self) -> set[tuple[str, ...]]:
        """The words of all names; of current names also with optional endings left out."""
        return {
            tuple(parts[start:end])
            for parts, name, _ in self._names
            for start in {0, int(parts[:1] == ["The"])}
            for end in range(
                len(_strip_endings(parts) if parts == split_words(name) else parts), len(parts) + 1
            )
        }

    @cached_property
    def _cores_by_first_key(self) -> dict[str, list[NameCore]]:
        """The cores of two or more words by their first word, longest first."""
        found: dict[str, set[NameCore]] = {}
        for parts, name, is_own in self._names:
            keys = tuple(normalise_word(word) for word in _strip_endings(parts) if word != "The")
            if len(keys) > 1:
                found.setdefault(keys[0], set()).add(NameCore(keys, name, is_own))
        return {
            first: sorted(cores, key=lambda core: (-len(core.keys), core))
            for first, cores in found.items()
        }

    @cached_property
    def _vocabulary(self) -> dict[str, list[str]]:
        """The normalised words of names that are long enough to correct, by first letter."""
        known = {normalise_word(word) for parts, _, _ in self._names for word in parts}
        letters: dict[str, list[str]] = {}
        for one in sorted(known):
            if len(one) > 4:
                letters.setdefault(one[0], []).append(one)
        return letters

    @cached_property
    def _joined_words(self) -> dict[str, str]:
        """Adjacent words of a name written without the spaces → with them."""
        return {
            "".join(parts[start:end]).casefold(): " ".join(parts[start:end])
            for parts, _, _ in self._names
            for start in range(len(parts))
            for end in range(start + 2, len(parts) + 1)
        }

    def _correct(self, word: str) -> str:
        """Return `word` normalised, or the normalised word of a name to which it is similar."""
        known = self._corrections.get(word)
        if known is None:
            plain = normalise_word(word)
            near = self._vocabulary.get(plain[:1], ())
            allowed = 2 if len(plain) > 7 else 1
            known = self._corrections[word] = (
                plain
                if len(plain) < 5 or plain in near
                else next((one for one in near if _is_similar(plain, one, allowed)), plain)
            )
        return known

    def find_misspelt_names(self, text: str) -> Iterator[tuple[bool, Match]]:
        """Yield whether a name is our own and its match, for each misspelt name in `text`."""
        text = text.replace("'", "’")
        tokens = list(WORD.finditer(text))
        keys = [self._correct(t[0]) if t[0][0].isupper() else normalise_word(t[0]) for t in tokens]
        at = 0
        while at < len(tokens):
            core = self._get_name_at(text, tokens, keys, at)
            end = at + (len(core.keys) if core else 1)
            while core and end < len(tokens) and keys[end] in ADDED_ENDINGS:
                if not (tokens[end][0][0].isupper() and _are_adjacent(text, tokens, end)):
                    break
                end += 1
            if core and not self._is_accepted(tokens[at:end]):
                advice = f"Write “{core.name}”."
                yield core.is_own, Match(tokens[at].start(), tokens[end - 1].end(), advice)
            at = end

    def _get_name_at(
        self, text: str, tokens: list[re.Match[str]], keys: list[str], at: int
    ) -> NameCore | None:
        """Return the longest capitalised name that begins with the token at index `at`, or None."""
        for core in self._cores_by_first_key.get(keys[at], ()):
            end = at + len(core.keys)
            if (
                tuple(keys[at:end]) == core.keys
                and all(
                    t[0][0].isupper() or k in SMALL_WORDS
                    for t, k in zip(tokens[at:end], core.keys, strict=True)
                )
                and all(_are_adjacent(text, tokens, n) for n in range(at + 1, end))
            ):
                return core
        return None

    def _is_accepted(self, tokens: list[re.Match[str]]) -> bool:
        found = [token[0] for token in tokens]
        plain = (*found[:-1], found[-1].removesuffix("’s"))
        return tuple(found) in self._accepted or plain in self._accepted

    def find_missing_spaces(self, text: str) -> Iterator[Match]:
        """Yield words of names that are written without a space between them."""
        for token in WORD.finditer(text):
            together = token[0].casefold()
            if len(together) > 6 and (apart := self._joined_words.get(together)):
                yield Match(token.start(), token.end(), f"Put a space between: “{apart}”.")


def _strip_endings(parts: list[str]) -> list[str]:
    end = len(parts)
    while end and parts[end - 1] in OPTIONAL_ENDINGS:
        end -= 1
    return parts[:end]


def _is_similar(one: str, other: str, allowed: int) -> bool:
    if abs(len(one) - len(other)) > allowed or len(set(one) ^ set(other)) > 2 * allowed:
        return False
    return edit_distance(one, other) <= allowed


def _are_adjacent(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Return True if only spaces separate the token at index `at` from the one before."""
    return text[tokens[at - 1].end() : tokens[at].start()].isspace()
