"""Find promises whose date has passed: “due to open in 2022”. Needs no Django."""

import datetime
import re
from calendar import monthrange
from collections.abc import Iterator

from .known_names import Match

MONTHS = "January February March April May June July August September October November December"
MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS.split(), 1)}
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]}|t)?" if name[3:] else name for name in MONTHS.split())
_DATE = (
    rf"(?:(?:(\d{{1,2}})(?:st|nd|rd|th)?\s+)?({_MONTH})\s+(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?)?"
    r"(20\d\d)(?:[–/-](20\d\d|\d\d))?(?!\w|[.,]\d)"
)
# Words that make a year a date rather than a part of a name.
_LEAD_IN = (
    r"(?:in|by|on|until|till|before|during|between|from|early|late|later|mid|this|end|"
    r"(?:end|start|beginning|middle|half|quarter|course|spring|summer|autumn|winter)\s+of|"
    r"spring|summer|autumn|winter|Q[1-4])[\s-]+(?:the\s+)?"
)
TIME = re.compile(
    rf"\b{_LEAD_IN}{_DATE}(?:(?:\s+(?:to|and|or|until)\s+|[–-]){_DATE})?", re.IGNORECASE
)

_DOING = (
    "open|reopen|launch|relaunch|start|begin|close|end|finish|complete|be|report|publish|appear|"
    "join|leave|move|arrive|run|take|become|go|come|expand|deliver|recruit|merge|return|build"
)
_PAST = r"(?<!\bwas )(?<!\bwere )(?<!\bhad )(?<!\bbeen )"
FUTURE = re.compile(
    rf"\b(?:will|shall)\b|’ll\b|{_PAST}\bdue\s+to\s+(?={_DOING})|"
    rf"{_PAST}\b(?:due|expected|scheduled)\s+(?=(?:in|by|on|for)\b)|{_PAST}\bplanned\s+(?=(?:for|by)\b)|"
    rf"{_PAST}\b(?:expected|scheduled|planned|set|intended|hoped|on\s+(?:track|course)|going|hoping|"
    r"hopes?|planning|plans?|aiming|aims?|intends?|expects?)\s+to\b|"
    r"\b(?:is|are)\s+to\s+(?!the\b|an?\b|our\b|its\b|their\b|this\b)",
    re.IGNORECASE,
)
# Words after which a date belongs to another verb: “work begun in 2011”.
NEW_CLAUSE = re.compile(
    r"\b(?:that|which|who|whose|when|where|since|after|because|than)\b|"
    r"(?<!\bbe )(?<!\band )\b(?:\w{3,}ed|begun|made|held|set|given|written)\b",
    re.IGNORECASE,
)
# “By the end of 2023 it will …”: a clause begins with the time, and a subject follows.
CLAUSE_START = re.compile(r"(?:.*[,–—])?\s*(?:(?:by|in|at|from)\s+(?:the\s+)?)?", re.IGNORECASE)
FUTURE_AFTER_TIME = re.compile(
    r",?\s+((?:[\w’-]+\s+){1,5}?)(?:will|shall|(?:is|are)\s+(?:due|expected|set|scheduled|to))\b"
)
TWO_CLAUSES = re.compile(r"\b(?:and|but|so|as)\b", re.IGNORECASE)
SENTENCE = re.compile(r"[^.!?;:]+(?:[.!?;:](?=\S)[^.!?;:]*)*")
QUOTED = re.compile(r"“[^”]*(?:”|$)")
# Between the verb and the date.
MAX_DISTANCE_CHARACTERS = 120


def find_stale_promises(text: str, today: datetime.date) -> Iterator[Match]:
    """Yield future wording in `text` with a date before `today`, except in quotations."""
    text = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    for sentence in SENTENCE.finditer(text):
        times = [
            time for time in TIME.finditer(text, *sentence.span()) if _get_last_day(time) < today
        ]
        for time in times:
            if span := _get_promise(text, sentence, time):
                advice = f"{_get_last_day(time):%B %Y} has passed. Say what has happened since."
                yield Match(*span, advice)


def _get_promise(text: str, sentence: re.Match[str], time: re.Match[str]) -> tuple[int, int] | None:
    """Return start and end of the text that promises something for `time`, None if none does."""
    begin = max(sentence.start(), time.start() - MAX_DISTANCE_CHARACTERS)
    for future in FUTURE.finditer(text, begin, time.end()):
        if future.end() > time.start():
            break
        if not NEW_CLAUSE.search(text, future.end(), time.start()):
            return future.start(), time.end()
    opens = CLAUSE_START.fullmatch(text, sentence.start(), time.start())
    ahead = FUTURE_AFTER_TIME.match(text, time.end(), sentence.end()) if opens else None
    if ahead and not NEW_CLAUSE.search(ahead[1]) and not TWO_CLAUSES.search(ahead[1]):
        return time.start(), ahead.end()
    return None


def _get_last_day(time: re.Match[str]) -> datetime.date:
    """Return the last day of a date, which may be a month, a year or a range."""
    groups = time.groups()
    day, month, day_after, year, to = groups[5:] if groups[8] else groups[:5]
    last = int(year) if not to else int(to) if len(to) == 4 else int(year[:2] + to)
    number = MONTH_NUMBERS[month[:3].title()] if month else 12
    most = monthrange(last, number)[1]
    return datetime.date(last, number, min(int(day or day_after or most) or most, most))
