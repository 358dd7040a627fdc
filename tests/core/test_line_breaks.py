"""Words between which a line should not end."""

import pytest

from bhp_site.core.text.line_breaks import keep_together


@pytest.mark.parametrize(
    "text, kept",
    [
        ("“Born well” – BHP publishes a report", "“Born well”\xa0– BHP publishes a report"),
        (
            "Applications from 1 October to 28 November",
            "Applications from 1\xa0October to 28\xa0November",
        ),
        ("A fund of £9.9 million", "A fund of £9.9\xa0million"),
        ("From 2019–20 to 2024", "From 2019–20 to 2024"),
        ("Marches of 10 Mayors", "Marches of 10 Mayors"),
        ("", ""),
    ],
)
def test_no_line_begins_with_a_dash_or_a_month(text: str, kept: str) -> None:
    assert keep_together(text) == kept
