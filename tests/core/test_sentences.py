"""Lists of names within sentences."""

import pytest

from bhp_site.core.text.sentences import join_names, shorten_list


@pytest.mark.parametrize(
    "names, text",
    [
        ([], ""),
        (["Aston"], "Aston"),
        (["Aston", "Birmingham"], "Aston and Birmingham"),
        (["Aston", "Birmingham", "Warwick"], "Aston, Birmingham and Warwick"),
    ],
)
def test_names_are_joined_as_in_a_sentence(names: list[str], text: str) -> None:
    assert join_names(names) == text


@pytest.mark.parametrize(
    "count, shortened",
    [(0, []), (2, ["0", "1"]), (3, ["0", "1", "2"]), (4, ["0", "1", "2 others"])],
)
def test_a_list_is_shortened_if_several_are_left_out(count: int, shortened: list[str]) -> None:
    assert shorten_list([str(number) for number in range(count)], 2, "others") == shortened
