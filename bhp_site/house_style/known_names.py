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
# Shorter words are not corrected, because too many are similar.
MIN_CORRECTED_CHARACTERS = 5
# Shorter words are not checked for a missing space.
MIN_JOINED_CHARACTERS = 7
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
    """Return the words in `text`, with typographic apostrophes."""
    return WORD.findall(text.replace("'", "’"))


def normalise_word(word: str) -> str:
    """Return `word` in lower case without a plural or possessive s; “and” for “&”."""
    plain = word.casefold().replace("'", "’").removesuffix("’s").replace("’", "")
    plain = "and" if plain == "&" else plain
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


def edit_distance(source: str, target: str) -> int:
    """Return the number of insertions, deletions, replacements and swaps between two words."""
    before_last: list[int] = []
    last = list(range(len(target) + 1))
    for i, a in enumerate(source):
        row = [i + 1]
        for j, b in enumerate(target):
            row.append(min(last[j + 1] + 1, row[j] + 1, last[j] + (a != b)))
            if i and j and a == target[j - 1] and b == source[i - 1]:
                row[-1] = min(row[-1], before_last[j - 1] + 1)
        before_last, last = last, row
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
        """Return all acronyms that need no explanation, including those in accepted names."""
        accepted = (name for names in self.members for name in names)
        return self.acronyms.union(*(ACRONYM.findall(name) for name in (self.own, *accepted)))

    @cached_property
    def _names(self) -> list[tuple[list[str], str, bool]]:
        """Return the words of each accepted name, the current name, and whether it is our own."""
        of_members = [
            (split_words(name), names[0], False) for names in self.members for name in names
        ]
        return [(split_words(self.own), self.own, True), *of_members]

    @cached_property
    def _accepted(self) -> set[tuple[str, ...]]:
        """Return the words of all names; of current names also with optional endings left out."""
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
        """Return the cores of two or more words by their first word, longest first."""
        cores_by_word: dict[str, set[NameCore]] = {}
        for parts, name, is_own in self._names:
            keys = tuple(normalise_word(word) for word in _strip_endings(parts) if word != "The")
            if len(keys) > 1:
                cores_by_word.setdefault(keys[0], set()).add(NameCore(keys, name, is_own))
        return {
            first: sorted(cores, key=lambda core: (-len(core.keys), core))
            for first, cores in cores_by_word.items()
        }

    @cached_property
    def _vocabulary(self) -> dict[str, list[str]]:
        """Return the normalised words of names that are long enough to correct, by first letter."""
        words = {normalise_word(word) for parts, _, _ in self._names for word in parts}
        letters: dict[str, list[str]] = {}
        for word in sorted(words):
            if len(word) >= MIN_CORRECTED_CHARACTERS:
                letters.setdefault(word[0], []).append(word)
        return letters

    @cached_property
    def _joined_words(self) -> dict[str, str]:
        """Return adjacent words of a name, joined without spaces, by their correct spelling."""
        return {
            "".join(parts[start:end]).casefold(): " ".join(parts[start:end])
            for parts, _, _ in self._names
            for start in range(len(parts))
            for end in range(start + 2, len(parts) + 1)
        }

    def _correct(self, word: str) -> str:
        """Return `word` normalised, or the normalised word of a name to which it is similar."""
        correction = self._corrections.get(word)
        if correction is None:
            normalised = normalise_word(word)
            candidates = self._vocabulary.get(normalised[:1], ())
            correction = normalised
            if len(normalised) >= MIN_CORRECTED_CHARACTERS and normalised not in candidates:
                max_edits = 2 if len(normalised) > 7 else 1
                similar = (name for name in candidates if _is_similar(normalised, name, max_edits))
                correction = next(similar, normalised)
            self._corrections[word] = correction
        return correction

    def find_misspelt_names(self, text: str) -> Iterator[tuple[bool, Match]]:
        """Yield (whether it is our own name, match) for each misspelt name in `text`."""
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
        words = [token[0] for token in tokens]
        without_possessive = (*words[:-1], words[-1].removesuffix("’s"))
        return tuple(words) in self._accepted or without_possessive in self._accepted

    def find_missing_spaces(self, text: str) -> Iterator[Match]:
        """Yield matches of names in `text` that lack a space between their words."""
        for token in WORD.finditer(text):
            word = token[0].casefold()
            if len(word) >= MIN_JOINED_CHARACTERS and (parts := self._joined_words.get(word)):
                yield Match(token.start(), token.end(), f"Add a space: “{parts}”.")


def _strip_endings(parts: list[str]) -> list[str]:
    end = len(parts)
    while end and parts[end - 1] in OPTIONAL_ENDINGS:
        end -= 1
    return parts[:end]


def _is_similar(word: str, other: str, max_edits: int) -> bool:
    # The cheap comparisons rule out most words.
    if abs(len(word) - len(other)) > max_edits or len(set(word) ^ set(other)) > 2 * max_edits:
        return False
    return edit_distance(word, other) <= max_edits


def _are_adjacent(text: str, tokens: list[re.Match[str]], at: int) -> bool:
    """Return True if only spaces separate the token at index `at` from the one before."""
    return text[tokens[at - 1].end() : tokens[at].start()].isspace()
