"""Dates are worded no more exactly than they are known."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from bhp_site.core.text.dates import (
    Precision,
    format_date,
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


def test_an_interval_does_not_end_before_it_begins() -> None:
    validate_date_order(DAY, DAY, "latest")
    with pytest.raises(ValidationError) as refused:
        validate_date_order(DAY, DAY - datetime.timedelta(days=1), "latest")
    assert "latest" in refused.value.message_dict
