"""Sizes are written in one way, in our templates and in Wagtail's."""

import pytest
from django.template import engines

from bhp_site.core.text.sizes import format_size


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, ""),
        (0, ""),
        (1, "1 KB"),
        (999, "1 KB"),
        (310_400, "310 KB"),
        (999_499, "999 KB"),
        (999_500, "1 MB"),
        (1_200_000, "1.2 MB"),
        (4_508_876, "4.5 MB"),
        (100_000_000, "100 MB"),
    ],
)
def test_sizes_are_decimal_everywhere(number: int | None, words: str) -> None:
    assert format_size(number) == words
    template = engines["django"].from_string("{% load site %}{{ n|size }}|{{ n|filesizeformat }}")
    assert template.render({"n": number}) == f"{words}|{words}"
