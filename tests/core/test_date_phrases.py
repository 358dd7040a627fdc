"""Uncertain dates are phrased as briefly as is true of every date that they can be."""

import datetime
import random
import re
from collections.abc import Callable

import pytest

from bhp_site.core.text.date_phrases import DateRange, describe_dates, format_year
from bhp_site.core.text.dates import get_first_day, get_last_day

TODAY = datetime.date(2026, 11, 24)


def parse_range(text: str) -> DateRange:
    """Return the range written as “2011..2012-05”; a side left out is open, one date is exact."""
    first, separator, last = text.partition("..")
    return DateRange(
        parse_bound(first, last_day=False), parse_bound(last if separator else first, True)
    )


def parse_bound(text: str, last_day: bool) -> datetime.date | None:
    """Return a date written as “2011”, “2011-05” or “2011-05-03”, its first or its last day."""
    if not text:
        return None
    day = datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    precision = {4: "year", 7: "month", 10: "day"}[len(text)]
    return get_last_day(day, precision) if last_day else get_first_day(day, precision)


@pytest.mark.parametrize(
    ("happened", "phrase", "year"),
    [
        ("..", "", ""),
        ("2021-05-03", "on 3 May 2021", "2021"),
        ("2021-05", "in May 2021", "2021"),
        ("2021-05-03..2021-05-09", "in May 2021", "2021"),
        ("2021", "in 2021", "2021"),
        ("2021-03..2021-09", "in 2021", "2021"),
        ("2021-12-31..2022-01-01", "between 2021 and 2022", "by 2022"),
        ("2020-09..2022-08", "between 2020 and 2022", "by 2022"),
        ("2011-12..2017-01", "between 2011 and 2017", "by 2017"),
        ("1999..2000", "between 1999 and 2000", "by 2000"),
        ("..2025-03", "by 2025", "by 2025"),
        ("..2025", "by 2025", "by 2025"),
        ("..2020-09-12", "by 2020", "by 2020"),
        ("2020-09..", "in 2020 or later", "2020 or later"),
        ("2020-12-31..", "in 2020 or later", "2020 or later"),
        ("2030-05-03", "on 3 May 2030", "2030"),
    ],
)
def test_the_date_of_an_event(happened: str, phrase: str, year: str) -> None:
    assert describe_dates(parse_range(happened), today=TODAY) == phrase
    assert format_year(parse_range(happened)) == year


@pytest.mark.parametrize(
    ("start", "end", "phrase"),
    [
        # It goes on.
        ("..", "..", ""),
        ("2018-05-03", "..", "since 3 May 2018"),
        ("2018-05", "..", "since May 2018"),
        ("2018", "..", "since 2018"),
        ("2018-02..2018-11", "..", "since 2018"),
        ("..2025-03", "..", "since 2025 at the latest"),
        ("2016..2018", "..", "since 2018 at the latest"),
        ("..2026-11-24", "..", "since 2026 at the latest"),
        # Whether it has begun is not certain, or it has not.
        ("..2026-11-25", "..", "from 2026 at the latest"),
        ("2026-11-25", "..", "from 25 November 2026"),
        ("2026", "..", "from 2026"),
        ("2027", "..", "from 2027"),
        ("2025-09..", "..", "from 2025 at the earliest"),
        ("2030..", "..", "from 2030 at the earliest"),
        # Its end alone is known, or more exactly than its start.
        ("..", "2018-05-03", "until 3 May 2018"),
        ("..", "2018-05", "until May 2018"),
        ("..", "2018", "until 2018"),
        ("..", "..2018-05", "until 2018 at the latest"),
        ("..", "2022-09..2025-09", "until 2025 at the latest"),
        ("..", "2022-09..", "until at least 2022"),
        ("..2015", "2018", "until 2018"),
        ("2016..2017", "2018-05", "until May 2018"),
        ("2022-09..2025-09", "2025-09", "until September 2025"),
        ("..2022", "2022-09..2025-09", "until 2025 at the latest"),
        ("..2018-01-01", "2022-09..", "until at least 2022"),
        ("2015..2016", "2018..2020", "until 2020 at the latest"),
        ("2015..", "..2020", "until 2020 at the latest"),
        # Its start is known.
        ("2015", "2018", "from 2015 to 2018"),
        ("2015-05", "2018-05-03", "from May 2015 to 3 May 2018"),
        ("2015-01-01", "2018-12-31", "from 1 January 2015 to 31 December 2018"),
        ("2015", "..2020-05", "from 2015 to 2020 at the latest"),
        ("2015", "2018..2020", "from 2015 to 2020 at the latest"),
        ("2018", "2022-09..", "from 2018 until at least 2022"),
        ("2018-05", "2019-01-01..", "from May 2018 until at least 2019"),
        # All of it, or the part that is certain, lies within a year, month or day.
        ("2011", "2011", "in 2011"),
        ("2011-03-05", "2011-10", "in 2011"),
        ("2011-03-05", "2011-03-20", "in March 2011"),
        ("2011-03-05", "2011-03-05", "on 5 March 2011"),
        ("2011..", "..2011", "in 2011"),
        ("2011-02..", "2011", "in 2011"),
        ("2011", "2011-01-01..", "in 2011"),
        ("2011-03-05", "2010..", "in 2011"),
        ("..2022-11-24", "2022-11-24..", "in 2022"),
        # By December 2022 it had begun, but in September 2022 it may have ended.
        ("..2022-12", "2022-09..", "until at least 2022"),
        # Nothing ends before it begins.
        ("2018..", "2015..2018-06", "in 2018"),
        ("2023..", "2022..", "until at least 2023"),
        ("2027", "2030", "from 2027 to 2030"),
    ],
)
def test_the_dates_of_a_period(start: str, end: str, phrase: str) -> None:
    assert describe_dates(parse_range(start), parse_range(end), today=TODAY) == phrase


def test_today_is_the_default() -> None:
    yesterday = datetime.date.today() - datetime.timedelta(days=2)
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)
    assert describe_dates(DateRange(yesterday, yesterday), DateRange()).startswith("since ")
    assert describe_dates(DateRange(tomorrow, tomorrow), DateRange()).startswith("from ")


MONTHS = {datetime.date(2000, month, 1).strftime("%B"): month for month in range(1, 13)}
DATE = r"(?:(?P<{0}_day>\d+) )?(?:(?P<{0}_month>[A-Z][a-z]+) )?(?P<{0}_year>\d{{4}})"
Claim = Callable[[datetime.date, datetime.date], bool]


def read(found: re.Match[str], name: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of the date that `found` has under `name`."""
    year, month, day = (found[f"{name}_{unit}"] for unit in ("year", "month", "day"))
    first = datetime.date(int(year), MONTHS[month] if month else 1, int(day or 1))
    precision = "day" if day else "month" if month else "year"
    return get_first_day(first, precision), get_last_day(first, precision)


def understand(phrase: str) -> Claim:
    """Return what `phrase` claims about the day something began and the day it ended."""
    one, two = DATE.format("one"), DATE.format("two")

    def within(found: re.Match[str], name: str, day: datetime.date) -> bool:
        first, last = read(found, name)
        return first <= day <= last

    claims: dict[str, Callable[[re.Match[str], datetime.date, datetime.date], bool]] = {
        "": lambda found, start, end: True,
        rf"(?:in|on) {one}": lambda found, start, end: (
            start <= read(found, "one")[1] and end >= read(found, "one")[0]
        ),
        rf"in {one} or later": lambda found, start, end: start >= read(found, "one")[0],
        rf"between {one} and {two}": lambda found, start, end: (
            read(found, "one")[0] <= start <= read(found, "two")[1]
        ),
        rf"by {one}": lambda found, start, end: start <= read(found, "one")[1],
        rf"since {one}": lambda found, start, end: within(found, "one", start) and start <= TODAY,
        rf"from {one}": lambda found, start, end: within(found, "one", start),
        rf"since {one} at the latest": lambda found, start, end: (
            start <= min(TODAY, read(found, "one")[1])
        ),
        rf"from {one} at the latest": lambda found, start, end: start <= read(found, "one")[1],
        rf"from {one} at the earliest": lambda found, start, end: start >= read(found, "one")[0],
        rf"until {one}": lambda found, start, end: within(found, "one", end),
        rf"until {one} at the latest": lambda found, start, end: end <= read(found, "one")[1],
        rf"until at least {one}": lambda found, start, end: end >= read(found, "one")[0],
        rf"from {one} to {two}": lambda found, start, end: (
            within(found, "one", start) and within(found, "two", end)
        ),
        rf"from {one} to {two} at the latest": lambda found, start, end: (
            within(found, "one", start) and end <= read(found, "two")[1]
        ),
        rf"from {one} until at least {two}": lambda found, start, end: (
            within(found, "one", start) and end >= read(found, "two")[0]
        ),
    }
    for pattern, claim in claims.items():
        if found := re.fullmatch(pattern, phrase):
            return lambda start, end: claim(found, start, end)
    pytest.fail(f"No reader knows what “{phrase}” means.")


def draw_range(chance: random.Random) -> DateRange:
    """Return a range of up to three years around today, with ends of months and years often."""
    days = sorted(
        datetime.date(2023, 1, 1) + datetime.timedelta(days=chance.randrange(6 * 365))
        for _ in range(2)
    )
    if chance.random() < 0.4:
        precision = chance.choice(["day", "month", "year"])
        days = [get_first_day(days[0], precision), get_last_day(days[0], precision)]
    earliest, latest = (day if chance.random() < 0.7 else None for day in days)
    return DateRange(earliest, latest)


def draw_day(chance: random.Random, dates: DateRange) -> datetime.date:
    """Return a day within `dates`, often one of its ends; an open side reaches twenty years."""
    first = dates.earliest or (dates.latest or TODAY) - datetime.timedelta(days=7300)
    last = dates.latest or (dates.earliest or TODAY) + datetime.timedelta(days=7300)
    inner = first + datetime.timedelta(days=chance.randrange((last - first).days + 1))
    return chance.choice([first, last, inner])


def test_no_date_within_its_range_contradicts_a_phrase() -> None:
    chance = random.Random(20111201)
    periods = 0
    for _ in range(6000):
        start, end = draw_range(chance), draw_range(chance)
        event = understand(describe_dates(start, today=TODAY))
        period = (
            understand(describe_dates(start, end, today=TODAY)) if is_possible(start, end) else None
        )
        for _ in range(6):
            began, ended = draw_day(chance, start), draw_day(chance, end)
            assert event(began, began), (start, began)
            if period and began <= ended:
                periods += 1
                assert period(began, ended), (start, end, began, ended)
    assert periods > 5000


def is_possible(start: DateRange, end: DateRange) -> bool:
    """Return True if the form accepts these ranges: some end is not before some start."""
    return not (start.earliest and end.latest and end.latest < start.earliest)
