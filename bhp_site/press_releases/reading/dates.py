"""Finds dates, times and periods in the words of a release."""

import calendar
import datetime
import re
from dataclasses import dataclass

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
MONTHS["sept"] = 9
MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\.?"
YEAR = r"(?:19|20)\d\d"
DAY = r"[0-3]?\d(?:st|nd|rd|th)?"
WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?\.?,?\s+)"
DATE = re.compile(
    rf"\b{WEEKDAY}?(?:the\s+)?(?:"
    rf"(?P<day>{DAY})(?:\s+of)?\s+(?P<month>{MONTH}),?\s+(?P<year>{YEAR})"
    rf"|(?P<month_first>{MONTH})\s+(?P<day_second>{DAY}),?\s+(?P<year_third>{YEAR})"
    rf"|(?P<iso>{YEAR}-\d\d-\d\d)"
    rf"|(?P<day_number>[0-3]?\d)[./](?P<month_number>[01]?\d)[./](?P<year_number>{YEAR})"
    r")(?!\w)",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?P<hour>[0-2]?\d)(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<hour_24>[0-2]?\d)[:.](?P<minute_24>[0-5]\d)(?:\s*(?:hrs?|hours?|h)\b)?"
    r"|\b(?P<military>[0-2]\d[0-5]\d)\s*(?:hrs?|hours?|h)\b"
    r"|\b(?P<word>(?:a|one)\s+minute\s+past\s+midnight|midnight|noon|midday)\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"[A-Z][\w’-]+(?:\s[A-Z][\w’-]+){0,2},\s+")
WORD_TIMES = {"midnight": (0, 0), "noon": (12, 0), "midday": (12, 0)}
JOINT = r"\s*(?:to|until|till|and|through|[-–—])\s*"
# “September 2020 to August 2022”, “1 April 2023 – 31 March 2024”, “April to June 2024”.
PERIOD = re.compile(
    rf"\b(?:(?P<start_day>{DAY})\s+)?(?P<start_month>{MONTH})(?:,?\s+(?P<start_year>{YEAR}))?{JOINT}"
    rf"(?:(?P<end_day>{DAY})\s+)?(?P<end_month>{MONTH}),?\s+(?P<end_year>{YEAR})\b",
    re.IGNORECASE,
)
FINANCIAL_YEAR = re.compile(
    r"\b(?:financial|reporting|fiscal)\s+year\s+(?P<start>(?:19|20)\d\d)\s*[-–/]\s*(?:20)?(?P<end>\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Period:
    """The first and the last day of a period; `words` are those that name it."""

    start: datetime.date
    end: datetime.date
    words: str
    # A financial year is named by its years only, so its months are a guess.
    is_guess: bool = False


def find_date(text: str) -> datetime.date | None:
    """Return the first date in `text`, read in British order; None if there is none."""
    for match in DATE.finditer(text):
        if date := _read_date(match):
            return date
    return None


def _read_date(match: re.Match[str]) -> datetime.date | None:
    try:
        if match["iso"]:
            return datetime.date.fromisoformat(match["iso"])
        if match["day_number"]:
            numbers = (match["year_number"], match["month_number"], match["day_number"])
            return datetime.date(*map(int, numbers))
        month = match["month"] or match["month_first"]
        day = match["day"] or match["day_second"]
        year = match["year"] or match["year_third"]
        return datetime.date(int(year), _read_month(month), _read_day(day))
    except ValueError:
        # No such day, for example 31 June.
        return None


def _read_month(word: str) -> int:
    return MONTHS[word.lower().rstrip(".")]


def _read_day(word: str) -> int:
    return int(re.sub(r"\D", "", word))


def is_date_line(text: str) -> bool:
    """Return True if `text` is a date and nothing else of substance."""
    match = DATE.search(text)
    if match is None:
        return False
    rest = text[: match.start()] + text[match.end() :]
    rest = re.sub(r"(?i)\b(?:date|dated|issued?|published|released?|on|for|of)\b", "", rest)
    # “Northtown, 6 June 2026”
    is_place = PLACE.fullmatch(text[: match.start()]) and not text[match.end() :].strip(" .")
    return bool(is_place) or not re.search(r"\w", rest)


def find_time(text: str) -> datetime.time | None:
    """Return the first time of day in `text`; None if there is none."""
    # A date such as 12.03.2026 is no time.
    for match in TIME.finditer(DATE.sub(" ", text)):
        try:
            return _read_time(match)
        except ValueError:
            continue
    return None


def _read_time(match: re.Match[str]) -> datetime.time:
    if word := match["word"]:
        return datetime.time(*WORD_TIMES.get(word.lower(), (0, 1)))
    if military := match["military"]:
        return datetime.time(int(military[:2]), int(military[2:]))
    if match["hour_24"]:
        return datetime.time(int(match["hour_24"]), int(match["minute_24"]))
    hour = int(match["hour"])
    if not 1 <= hour <= 12:
        raise ValueError
    is_afternoon = match["half"].lower() == "p"
    return datetime.time(hour % 12 + 12 * is_afternoon, int(match["minute"] or 0))


def find_period(text: str) -> Period | None:
    """Return the first period in `text` that is named by months; None if there is none.

    Years alone (“2020 to 2022”) do not tell the months, so they are no period.
    """
    for match in PERIOD.finditer(text):
        try:
            period = _read_period(match)
        except ValueError:
            continue
        if period.start <= period.end:
            return period
    if named := FINANCIAL_YEAR.search(text):
        year = int(named["start"])
        if (year + 1) % 100 == int(named["end"]):
            start, end = datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31)
            return Period(start, end, named[0], is_guess=True)
    return None


def _read_period(match: re.Match[str]) -> Period:
    end_year, end_month = int(match["end_year"]), _read_month(match["end_month"])
    start_year = int(match["start_year"] or end_year)
    start_month = _read_month(match["start_month"])
    start_day = _read_day(match["start_day"]) if match["start_day"] else 1
    last_day = calendar.monthrange(end_year, end_month)[1]
    end_day = _read_day(match["end_day"]) if match["end_day"] else last_day
    start = datetime.date(start_year, start_month, start_day)
    return Period(start, datetime.date(end_year, end_month, end_day), match[0])
