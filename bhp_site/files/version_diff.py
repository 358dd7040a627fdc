"""Compare the page texts of two versions of a document.

Pure functions: no database, no Django. `compare_pages` aligns pages by the hash of their text, so
that an inserted or removed page does not make all later pages look changed.

A screen that offers a replacement calls `versions.review.review_upload` (bytes that are no version
yet) or `page_text.compare_versions` (two stored versions); both return a `PageComparison`.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

# Two pages are versions of one another when they share at least this part of their words.
MIN_SIMILARITY = 0.5
# Beyond so many pairs, pages are matched by their position only.
MAX_COMPARED_PAIRS = 40_000
# Beyond so many words in both texts, whole sentences are compared instead of words.
MAX_COMPARED_WORDS = 3_000
MAX_SENTENCES = 4_000
# Unchanged words shown before and after a change.
CONTEXT_WORDS = 25
# Where a page shows its own number: so many words at its beginning and at its end.
EDGE_WORDS = 4
MAX_LABEL_OFFSET = 30
MIN_LABELLED_PAGES = 3
MAX_NAMED_PAGES = 12
SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


@dataclass(frozen=True)
class TextPart:
    """A run of text, and whether the other version lacks it."""

    text: str
    is_changed: bool


@dataclass(frozen=True)
class ChangedPage:
    """A page whose text differs; numbers count from 1 in the version they belong to."""

    before: int
    after: int
    text_before: str
    text_after: str

    def split_texts(self) -> tuple[list[TextPart], list[TextPart]]:
        """Return both texts as runs of changed and unchanged text, long unchanged runs cut."""
        return split_texts(self.text_before, self.text_after)


@dataclass(frozen=True)
class PageComparison:
    """The differences between two versions of a document.

    `new_numbers` maps each page of the earlier version to its page in the later one; pages that
    were removed are missing. `without_text` lists pages of the later version that have no text in
    either version, so that nothing can be said about them. `error` is a sentence for the editor,
    set when the texts could not be read; all lists are then empty.
    """

    pages_before: int
    pages_after: int
    changed: list[ChangedPage] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    without_text: list[int] = field(default_factory=list)
    new_numbers: dict[int, int] = field(default_factory=dict)
    is_unrelated: bool = False
    is_complete: bool = True
    has_pages: bool = True
    error: str = ""

    @property
    def has_same_text(self) -> bool:
        """Return True if every page that has text is the same in both versions."""
        return not (self.error or self.changed or self.added or self.removed)

    @property
    def changed_numbers(self) -> list[int]:
        """Return the numbers of the changed pages in the later version."""
        return [page.after for page in self.changed]

    def describe(self) -> list[str]:
        """Return sentences for the editor, the most important first."""
        if self.error:
            return [self.error]
        if not self.has_pages:
            return self._describe_text()
        sentences = []
        if self.is_unrelated:
            sentences.append("No page matches the previous version. Is this the right file?")
        if self.changed:
            count, total = len(self.changed), self.pages_after
            verb = "differs" if count == 1 else "differ"
            noun = "page" if total == 1 else "pages"
            named = name_pages(self.changed_numbers)
            sentences.append(f"{count} of {total} {noun} {verb}: {named}.")
        if self.added:
            sentences.append(f"Added: {name_pages(self.added)}.")
        if self.removed:
            sentences.append(f"Removed: {name_pages(self.removed)} of the previous version.")
        if self.without_text and len(self.without_text) == self.pages_after:
            sentences.append(
                "The pages have no text, so they were not compared. Compare them yourself."
            )
        elif self.has_same_text:
            sentences.append(
                "The text of all pages is the same. Images, layout or tags for screen readers may "
                "differ."
            )
        if self.without_text and len(self.without_text) < self.pages_after:
            sentences.append(
                f"Not compared, because they have no text: {name_pages(self.without_text)}."
            )
        if not self.is_complete:
            sentences.append("The document is very long, so only part of its text was compared.")
        return sentences

    def _describe_text(self) -> list[str]:
        """Return the sentences for a format without pages, whose text is one long page."""
        if self.is_unrelated:
            return ["Nearly all of the text differs. Is this the right file?"]
        if self.changed or self.added or self.removed:
            return ["The text differs."]
        return ["The text is the same. Layout or images may differ."]

    def as_dict(self) -> dict[str, Any] | None:
        """Return the data to store with the later version; None if nothing could be compared."""
        if self.error:
            return None
        return {
            "changed": self.changed_numbers,
            "added": self.added,
            "removed": self.removed,
            "has_pages": self.has_pages,
        }


def describe_changes(stored: Mapping[str, Any] | None) -> str:
    """Return a sentence for visitors from what `PageComparison.as_dict` returned; "" for None."""
    if not stored or not stored.get("has_pages", True):
        return ""
    parts = [
        f"{label} {name_pages(stored[key])}"
        for key, label in (("changed", "changed"), ("added", "added"), ("removed", "removed"))
        if stored.get(key)
    ]
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def name_pages(numbers: Sequence[int]) -> str:
    """Return page numbers as text, runs joined: “pages 2 to 5 and 9”."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    names: list[str] = []
    for first, last in runs:
        names += [f"{first} to {last}"] if last > first + 1 else map(str, range(first, last + 1))
    if len(names) > MAX_NAMED_PAGES:
        names = [*names[:MAX_NAMED_PAGES], f"{len(names) - MAX_NAMED_PAGES} more"]
    noun = "page" if len(numbers) == 1 else "pages"
    *rest, final = names
    return f"{noun} {', '.join(rest)} and {final}" if rest else f"{noun} {final}"


def compare_pages(
    before: Mapping[int, str],
    after: Mapping[int, str],
    *,
    pages_before: int,
    pages_after: int,
    is_complete: bool = True,
    has_pages: bool = True,
) -> PageComparison:
    """Return the differences between two versions.

    `before` and `after` map page numbers from 1 to texts; pages without text may be missing.
    `pages_before` and `pages_after` count all pages. `is_complete` is False if only a part of the
    texts was read, `has_pages` for formats whose whole text is one entry.
    """
    old = [normalise(before.get(number, "")) for number in range(1, pages_before + 1)]
    new = [normalise(after.get(number, "")) for number in range(1, pages_after + 1)]
    pairs = _align_pages(_hash_pages(old), _hash_pages(new), old, new)
    changed, without_text, new_numbers = [], [], {}
    related = 0
    for old_index, new_index, is_same in pairs:
        new_numbers[old_index + 1] = new_index + 1
        if is_same:
            if old[old_index]:
                related += 1
            else:
                without_text.append(new_index + 1)
            continue
        related += _get_similarity(_count(old[old_index]), _count(new[new_index])) >= MIN_SIMILARITY
        changed.append(
            ChangedPage(
                old_index + 1,
                new_index + 1,
                before.get(old_index + 1, ""),
                after.get(new_index + 1, ""),
            )
        )
    kept = set(new_numbers.values())
    return PageComparison(
        pages_before=pages_before,
        pages_after=pages_after,
        changed=changed,
        added=[number for number in range(1, pages_after + 1) if number not in kept],
        removed=[number for number in range(1, pages_before + 1) if number not in new_numbers],
        without_text=without_text,
        new_numbers=new_numbers,
        is_unrelated=not related and any(old) and any(new),
        is_complete=is_complete,
        has_pages=has_pages,
    )


def normalise(text: str) -> str:
    """Return `text` in one Unicode form, without soft hyphens and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("\xad", "").split())


def _hash_pages(texts: list[str]) -> list[str]:
    """Return a hash per page in which the page's own number does not count.

    Otherwise an inserted page would change the footer, and so the hash, of every later page.
    """
    offset = _find_label_offset(texts)
    total = str(len(texts))
    hashes = []
    for index, text in enumerate(texts):
        words = text.split()
        label = None if offset is None else str(index + 1 + offset)
        for place in _find_edge_places(words):
            is_total = words[place] == total and words[place - 1 : place] in (["of"], ["/"])
            if words[place] == label or is_total:
                words[place] = "#"
        hashes.append(
            sha256(" ".join(words).encode(errors="surrogatepass")).hexdigest() if words else ""
        )
    return hashes


def _find_edge_places(words: Sequence[str]) -> Iterable[int]:
    count = len(words)
    return sorted({*range(min(EDGE_WORDS, count)), *range(max(0, count - EDGE_WORDS), count)})


def _find_label_offset(texts: list[str]) -> int | None:
    """Return printed page number minus real page number; None if pages show no number."""
    offset_counts: Counter[int] = Counter()
    for index, text in enumerate(texts):
        words = text.split()
        offsets = {
            int(words[place]) - index - 1
            for place in _find_edge_places(words)
            if re.fullmatch("[0-9]{1,4}", words[place])
        }
        offset_counts.update(offset for offset in offsets if abs(offset) <= MAX_LABEL_OFFSET)
    if not offset_counts:
        return None
    offset, count = offset_counts.most_common(1)[0]
    enough = max(MIN_LABELLED_PAGES, sum(map(bool, texts)) // 2)
    return offset if count >= enough else None


def _align_pages(
    old_hashes: list[str], new_hashes: list[str], old: list[str], new: list[str]
) -> list[tuple[int, int, bool]]:
    """Return pairs of page indexes, each with whether their hashes are equal, in order."""
    pairs: list[tuple[int, int, bool]] = []
    matcher = SequenceMatcher(None, old_hashes, new_hashes, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs += ((i1 + step, j1 + step, True) for step in range(i2 - i1))
        elif tag == "replace":
            pairs += ((i, j, False) for i, j in _pair_changed_pages(old, new, (i1, i2), (j1, j2)))
    return pairs


def _pair_changed_pages(
    old: list[str], new: list[str], old_range: tuple[int, int], new_range: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return pairs of pages between two unchanged ones: similar ones first, then by position."""
    (i1, i2), (j1, j2) = old_range, new_range
    if i2 - i1 == j2 - j1 and (i2 - i1 == 1 or (i2 - i1) * (j2 - j1) > MAX_COMPARED_PAIRS):
        return [(i1 + step, j1 + step) for step in range(i2 - i1)]
    anchors = _find_similar_pairs(old, new, old_range, new_range)
    pairs: list[tuple[int, int]] = []
    last_i, last_j = i1, j1
    for i, j in [*anchors, (i2, j2)]:
        if i - last_i == j - last_j:
            pairs += zip(range(last_i, i), range(last_j, j), strict=True)
        if i < i2 and j < j2:
            pairs.append((i, j))
        last_i, last_j = i + 1, j + 1
    return pairs


def _find_similar_pairs(
    old: list[str], new: list[str], old_range: tuple[int, int], new_range: tuple[int, int]
) -> list[tuple[int, int]]:
    """Return the pairs of similar pages, in order on both sides, with the most similarity in all.

    The classic alignment by dynamic programming.
    """
    (i1, i2), (j1, j2) = old_range, new_range
    rows, columns = i2 - i1, j2 - j1
    if rows * columns > MAX_COMPARED_PAIRS:
        return []
    old_counts = [_count(text) for text in old[i1:i2]]
    new_counts = [_count(text) for text in new[j1:j2]]
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    score = [[0.0] * columns for _ in range(rows)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            similarity = _get_similarity(old_counts[i], new_counts[j])
            score[i][j] = similarity if similarity >= MIN_SIMILARITY else 0.0
            together = score[i][j] + best[i + 1][j + 1] if score[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < rows and j < columns:
        if score[i][j] and best[i][j] == score[i][j] + best[i + 1][j + 1]:
            pairs.append((i1 + i, j1 + j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs


def _count(text: str) -> Counter[str]:
    return Counter(text.casefold().split())


def _get_similarity(first: Counter[str], second: Counter[str]) -> float:
    """Return the part of all words that two texts share, from 0 to 1."""
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def split_texts(before: str, after: str) -> tuple[list[TextPart], list[TextPart]]:
    """Return both texts as runs of changed and unchanged text, long unchanged runs cut."""
    old, new = normalise(before).split(), normalise(after).split()
    if len(old) + len(new) > MAX_COMPARED_WORDS:
        old, new = _split_sentences(before), _split_sentences(after)
    matcher = SequenceMatcher(None, old, new, autojunk=len(old) + len(new) > MAX_COMPARED_WORDS)
    left: list[TextPart] = []
    right: list[TextPart] = []
    opcodes = matcher.get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        if tag == "equal":
            text = _shorten(" ".join(old[i1:i2]), place == 0, place == len(opcodes) - 1)
            left.append(TextPart(text, is_changed=False))
            right.append(TextPart(text, is_changed=False))
            continue
        if i1 < i2:
            left.append(TextPart(" ".join(old[i1:i2]), is_changed=True))
        if j1 < j2:
            right.append(TextPart(" ".join(new[j1:j2]), is_changed=True))
    return left, right


def _split_sentences(text: str) -> list[str]:
    parts = (normalise(part) for part in SENTENCE_END.split(text))
    return [part for part in parts if part][:MAX_SENTENCES]


def _shorten(text: str, is_first: bool, is_last: bool) -> str:
    """Return an unchanged run with only the words near a change."""
    words = text.split()
    start = [] if is_first else words[:CONTEXT_WORDS]
    end = [] if is_last else words[-CONTEXT_WORDS:]
    if len(words) <= len(start) + len(end) + EDGE_WORDS:
        return text
    return " ".join([*start, "…", *end])
