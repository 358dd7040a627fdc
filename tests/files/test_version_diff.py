"""Pages of two versions are matched whatever was inserted, removed or moved between them."""

import random
import time

import pytest

from bhp_site.files.version_diff import (
    PageComparison,
    compare_pages,
    describe_changes,
    name_pages,
    split_texts,
)

WORDS = ["partner", "hospital", "patient", "trial", "study", "region", "nurse", "plan", "care"]


def make_page_text(seed: int, words: int = 60, footer: str = "") -> str:
    """Some text that no page of another seed is similar to."""
    own = [f"{word}{seed}" for word in WORDS]
    text = " ".join(random.Random(seed).choices(own, k=words))
    return f"{text} {footer}".strip()


def compare(old: list[str], new: list[str], **more: bool) -> PageComparison:
    return compare_pages(
        dict(enumerate(old, 1)),
        dict(enumerate(new, 1)),
        pages_before=len(old),
        pages_after=len(new),
        **more,
    )


NINE = [make_page_text(seed) for seed in range(9)]


def test_one_changed_page_is_named_with_both_texts() -> None:
    new = [*NINE]
    new[6] = NINE[6].replace("patient6", "patients6")
    found = compare(NINE, new)
    assert found.describe() == ["1 of 9 pages differs: page 7."]
    assert (found.changed[0].text_before, found.changed[0].text_after) == (NINE[6], new[6])
    assert (found.added, found.removed, found.is_unrelated) == ([], [], False)


def test_a_page_that_says_something_else_altogether_is_changed_not_removed() -> None:
    new = [*NINE]
    new[6] = make_page_text(99)
    found = compare(NINE, new)
    assert (found.changed_numbers, found.added, found.removed) == ([7], [], [])
    assert not found.is_unrelated


@pytest.mark.parametrize("place", range(10))
def test_an_inserted_page_changes_no_other(place: int) -> None:
    found = compare(NINE, [*NINE[:place], make_page_text(99), *NINE[place:]])
    assert (found.added, found.changed, found.removed) == ([place + 1], [], [])
    assert found.new_numbers == {n: n + (n > place) for n in range(1, 10)}


@pytest.mark.parametrize("place", range(9))
def test_a_removed_page_changes_no_other(place: int) -> None:
    found = compare(NINE, [*NINE[:place], *NINE[place + 1 :]])
    assert (found.added, found.changed, found.removed) == ([], [], [place + 1])


@pytest.mark.parametrize("offset", [-2, 0, 4])
@pytest.mark.parametrize("pattern", ["Page {} of {}", "{} | Annual report", "{}"])
def test_printed_page_numbers_do_not_count(offset: int, pattern: str) -> None:
    def numbered(pages: list[str]) -> list[str]:
        return [
            f"{text} {pattern.format(number + offset, len(pages))}"
            for number, text in enumerate(pages, 1)
        ]

    found = compare(numbered(NINE), numbered([*NINE[:3], make_page_text(99), *NINE[3:]]))
    assert (found.added, found.changed, found.removed) == ([4], [], [])


def test_a_number_in_the_text_counts() -> None:
    new = [*NINE]
    new[4] = f"{NINE[4]} 13 patients died of it in the year"
    old = [*NINE]
    old[4] = f"{NINE[4]} 12 patients died of it in the year"
    assert compare(old, new).changed_numbers == [5]


def test_a_changed_page_beside_an_inserted_one_is_told_from_it() -> None:
    edited = NINE[3].replace("study3", "studies3")
    found = compare(NINE, [*NINE[:3], make_page_text(99), edited, *NINE[4:]])
    assert (found.added, found.changed_numbers, found.removed) == ([4], [5], [])
    assert (found.changed[0].before, found.changed[0].after) == (4, 5)


def test_another_file_is_recognised() -> None:
    for length in (9, 3, 12):
        found = compare(NINE, [make_page_text(100 + seed) for seed in range(length)])
        assert found.is_unrelated
        assert found.describe()[0] == (
            "No page matches the previous version. Is this the right file?"
        )


def test_a_single_page_that_was_edited_is_no_other_file() -> None:
    found = compare([NINE[0]], [f"{NINE[0]} with a correction"])
    assert found.describe() == ["1 of 1 page differs: page 1."]


def test_the_same_text_is_said_to_be_the_same() -> None:
    found = compare(NINE, [text.replace(" ", "\n  ") for text in NINE])
    assert found.has_same_text
    assert "The text of all pages is the same." in found.describe()[0]


def test_pages_without_text_are_not_called_the_same() -> None:
    found = compare(["", ""], ["", ""])
    assert found.describe() == [
        "The pages have no text, so they were not compared. Compare them yourself."
    ]
    assert not found.is_unrelated
    some = compare([NINE[0], "", NINE[1]], [NINE[0], "", NINE[1]])
    assert some.describe()[-1] == "Not compared, because they have no text: page 2."


def test_text_that_came_to_a_page_without_any_is_a_change() -> None:
    assert compare(["", NINE[0]], [NINE[1], NINE[0]]).changed_numbers == [1]


def test_a_format_without_pages_names_none() -> None:
    found = compare([NINE[0]], [f"{NINE[0]} and more"], has_pages=False)
    assert found.describe() == ["The text differs."]
    assert describe_changes(found.as_dict()) == ""


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ([7], "page 7"),
        ([2, 3], "pages 2 and 3"),
        ([2, 3, 4, 5], "pages 2 to 5"),
        ([2, 9], "pages 2 and 9"),
        ([9, 2, 5], "pages 2, 5 and 9"),
        ([2, 3, 4, 9], "pages 2 to 4 and 9"),
        ([2, 3, 9], "pages 2, 3 and 9"),
        ([1, 2, 5, 6], "pages 1, 2, 5 and 6"),
        ([*range(1, 60, 2)], "pages 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23 and 18 more"),
    ],
)
def test_pages_are_named_in_words(numbers: list[int], words: str) -> None:
    assert name_pages(numbers) == words


def test_visitors_read_which_pages_changed() -> None:
    new = [NINE[0].replace("plan0", "plans0"), *NINE[1:4], *NINE[5:], make_page_text(99)]
    stored = compare(NINE, new).as_dict()
    assert describe_changes(stored) == "Changed page 1; added page 9; removed page 5."
    assert describe_changes(None) == ""
    assert describe_changes(compare(NINE, NINE).as_dict()) == ""


def test_the_words_that_differ_are_marked_and_the_rest_is_shortened() -> None:
    before = f"{make_page_text(1, 200)} twelve of them {make_page_text(2, 200)}"
    after = f"{make_page_text(1, 200)} thirteen of them {make_page_text(2, 200)}"
    left, right = split_texts(before, after)
    assert [part.text for part in left if part.is_changed] == ["twelve"]
    assert [part.text for part in right if part.is_changed] == ["thirteen"]
    assert left[0].text.startswith("… ")
    assert left[-1].text.endswith(" …")
    assert len(left[0].text.split()) == 26


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a " * 5000] * 3, ["a " * 5001] * 3),
        ([""] * 2000, [""] * 2000),
        (
            [make_page_text(n, 20) for n in range(2000)],
            [make_page_text(n, 20) for n in range(5000, 7000)],
        ),
        (
            [make_page_text(n, 20) for n in range(500)],
            [make_page_text(n, 20) for n in range(5000, 5300)],
        ),
        ([" ".join(map(str, range(200_000)))], [" ".join(map(str, range(1, 200_001)))]),
        (["\0\u202e\ud800" * 10], ["x"]),
        ([], ["x"]),
        (["x"], []),
    ],
)
def test_hostile_texts_take_no_long_time(old: list[str], new: list[str]) -> None:
    begun = time.process_time()
    found = compare(old, new)
    for changed in found.changed[:20]:
        changed.split_texts()
    assert found.describe()
    assert time.process_time() - begun < 20
