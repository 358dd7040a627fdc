"""How the partnership grew: who joined in which year, as far as the recorded dates prove it."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bhp_site.core.caching.process_cache import cached_aggregate
from bhp_site.core.text.date_phrases import DateRange, format_year
from bhp_site.core.text.sentences import join_names, shorten_list

from .membership import Kind, get_members
from .models import MembershipEvent

MAX_GROWTH_STEPS, MAX_SENTENCES_PER_STEP, MAX_NAMES_PER_SENTENCE = 8, 6, 4

# An event of joining, and the member's name.
Join = tuple[MembershipEvent, str]


@dataclass(frozen=True)
class GrowthStep:
    """The members who joined in a year, or by a year: a heading, and sentences that name them.

    Each sentence is about a day, or some days; for too many of them, one is about the whole year.
    """

    year: str
    sentences: tuple[str, ...]


def get_growth_steps() -> list[GrowthStep]:
    """Return at most `MAX_GROWTH_STEPS` steps of growth; the first one sums up earlier ones.

    Partners without any date of joining are left out. The steps are cached until a change.
    """
    steps: list[GrowthStep] = cached_aggregate("growth of the partnership", _build_steps)
    return steps


def _build_steps() -> list[GrowthStep]:
    joins = [
        (event, member.name)
        for member in get_members()
        for event in member.get_events(Kind.JOINED)
        if event.when
    ]
    joins.sort(key=lambda join: (join[0].latest or datetime.date.max, join[0].order or 10_000))
    steps = list(_group(joins, lambda event: event.year_text).items())
    if (surplus := len(steps) - MAX_GROWTH_STEPS) > 0:
        earlier = [join for _, step in steps[: surplus + 1] for join in step]
        heading = format_year(_get_span(event for event, _ in earlier))
        return [
            GrowthStep(heading, (_build_sentence(earlier, ""),)),
            *(_build_step(*step) for step in steps[surplus + 1 :]),
        ]
    return [_build_step(*step) for step in steps]


def _build_step(year: str, joins: list[Join]) -> GrowthStep:
    sentences = _group(joins, lambda event: event.when_beside_year)
    if len(sentences) > MAX_SENTENCES_PER_STEP:
        return GrowthStep(year, (_build_sentence(joins, ""),))
    return GrowthStep(year, tuple(_build_sentence(step, when) for when, step in sentences.items()))


def _group(joins: list[Join], get_key: Callable[[MembershipEvent], str]) -> dict[str, list[Join]]:
    """Return `joins` by the text that `get_key` returns for their events, in order."""
    groups: dict[str, list[Join]] = {}
    for event, name in joins:
        groups.setdefault(get_key(event), []).append((event, name))
    return groups


def _get_span(events: Iterable[MembershipEvent]) -> DateRange:
    """Return the range in which all of `events` happened; a side is open if one of them is."""
    ranges = [event.date_range for event in events]
    first = [dates.earliest for dates in ranges if dates.earliest]
    last = [dates.latest for dates in ranges if dates.latest]
    return DateRange(
        min(first) if len(first) == len(ranges) else None,
        max(last) if len(last) == len(ranges) else None,
    )


def _build_sentence(joins: list[Join], when: str) -> str:
    """Return “Aston and Later joined between 2020 and 2022.”; of many members, some by name."""
    names = shorten_list([name for _, name in joins], MAX_NAMES_PER_SENTENCE)
    return f"{join_names(names)} joined {when}".strip() + "."
