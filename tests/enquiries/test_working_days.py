"""By when a request is answered."""

import datetime

import pytest

from bhp_site.enquiries.working_days import add_working_days, is_working_day


@pytest.mark.parametrize(
    "asked, due, why",
    [
        ("2026-09-01", "2026-09-22", "three weeks where nothing is in the way"),
        ("2026-09-05", "2026-09-25", "Saturday counts as little as Sunday"),
        ("2026-03-30", "2026-04-22", "Good Friday and Easter Monday"),
        ("2026-12-18", "2027-01-13", "Christmas Day, Boxing Day on the Monday after it, New Year"),
        ("2027-12-20", "2028-01-13", "both days of Christmas are made up for, as is New Year’s"),
        ("2026-08-28", "2026-09-21", "the last Monday of August"),
    ],
)
def test_fifteen_working_days_after(asked: str, due: str, why: str) -> None:
    found = add_working_days(datetime.date.fromisoformat(asked), 15)
    assert found == datetime.date.fromisoformat(due), why


def test_it_is_england_whose_holidays_count() -> None:
    # St Andrew's Day is a bank holiday in Scotland, the twelfth of July in Northern Ireland.
    assert is_working_day(datetime.date(2026, 11, 30))
    assert is_working_day(datetime.date(2027, 7, 12))
