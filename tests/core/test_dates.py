"""Dates are worded no more exactly than they are known."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from bhp_site.core.text.dates import (
    Precision,
    format_date,
    format_interval,
    format_iso_date,
    validate_date_order,
)

DAY = datetime.date(2022, 11, 24)


@pytest.mark.parametrize(
    "precision, words, machine",
    [
        (Precision.DAY, "24 November 2022", "2022-11-24"),
        (Precision.MONTH, "November 2022", "2022-11"),
        (Precision.YEAR, "2022", "2022"),
    ],
)
def test_a_date_says_what_is_known(precision: str, words: str, machine: str) -> None:
    assert format_date(DAY, precision) == words
    assert format_iso_date(DAY, precision) == machine


@pytest.mark.parametrize(
    "earliest, latest, words",
    [
        (None, None, ""),
        (None, "2020-08-31", "by August 2020"),
        (None, "2020-08-30", "by 30 August 2020"),
        ("2025-03-01", None, "in or after March 2025"),
        ("2025-03-02", None, "in or after 2 March 2025"),
        ("2022-11-24", "2022-11-24", "24 November 2022"),
        ("2021-01-01", "2021-12-31", "2021"),
        ("2021-02-01", "2021-02-28", "February 2021"),
        ("2024-02-01", "2024-02-29", "February 2024"),
        ("2020-01-01", "2021-12-31", "between January 2020 and December 2021"),
        ("2020-09-01", "2022-08-31", "between September 2020 and August 2022"),
        ("2020-09-02", "2020-09-29", "between 2 September 2020 and 29 September 2020"),
    ],
)
def test_an_interval_is_worded_honestly(
    earliest: str | None, latest: str | None, words: str
) -> None:
    first, last = (d and datetime.date.fromisoformat(d) for d in (earliest, latest))
    assert format_interval(first, last) == words


def test_an_interval_does_not_end_before_it_begins() -> None:
    validate_date_order(DAY, DAY, "latest")
    with pytest.raises(ValidationError) as refused:
        validate_date_order(DAY, DAY - datetime.timedelta(days=1), "latest")
    assert "latest" in refused.value.message_dict
