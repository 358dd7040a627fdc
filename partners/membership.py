"""Who was a member on any day, as far as the recorded dates can prove it."""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import timezone

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.text.dates import format_interval

from .models import MembershipEvent, PartnerKind, PartnerPage

Kind = MembershipEvent.Kind
MAX_GROWTH_STEPS, MAX_NAMES_PER_STEP = 8, 4
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
)


@dataclass(frozen=True)
class Member:
    """One partner with its names and membership events; `pk` is that of its page."""

    pk: int
    name: str
    kind: str
    short_name: str
    website: str
    url: str
    other_names: tuple[str, ...] = ()
    events: tuple[MembershipEvent, ...] = field(default=(), repr=False)

    @classmethod
    def from_page(cls, page: PartnerPage) -> "Member":
        """Return the member described by `page`, live or draft; events in the editor's order."""
        return cls(
            pk=page.pk,
            name=page.title,
            kind=page.kind,
            short_name=page.short_name,
            website=page.website,
            url=page.get_url() or "",
            other_names=tuple(other.name for other in page.names),
            events=tuple(page.dates),
        )

    @property
    def kind_name(self) -> str:
        """Return the kind of partner as text for visitors."""
        return str(PartnerKind(self.kind).label)

    def get_events(self, kind: str) -> list[MembershipEvent]:
        """Return the events of this `kind`, in the editor's order."""
        return [event for event in self.events if event.kind == kind]

    @property
    def join_event(self) -> MembershipEvent | None:
        """Return the event by which it first joined; None if none is recorded."""
        return next(iter(self.get_events(Kind.JOINED)), None)

    @property
    def leave_event(self) -> MembershipEvent | None:
        """Return the event by which it last left; None if it never left or certainly rejoined."""
        joins, leaves = self.get_events(Kind.JOINED), self.get_events(Kind.LEFT)
        last = [leave for leave in leaves if not any(map(leave.is_certainly_before, joins))]
        return last[-1] if last else None

    @property
    def former_names(self) -> list[tuple[str, str]]:
        """Return (former name, text that says until when it was used) for each former name."""
        return [(event.former_name, event.when) for event in self.events if event.former_name]

    @property
    def place(self) -> str:
        """Return “the seventh member”, or "" if the order of joining is not known."""
        order = self.join_event.order if self.join_event else None
        return f"the {format_ordinal(order)} member" if order else ""

    def get_membership_on(self, date: datetime.date) -> tuple[bool, bool]:
        """Return whether it certainly was a member on `date`, and whether it can have been.

        A partner is no longer a member on the day it leaves. One without a recorded event can
        have been a member on any day.
        """
        certain = possible = False
        leaves = self.get_events(Kind.LEFT)
        for join in self.get_events(Kind.JOINED) or [MembershipEvent(kind=Kind.JOINED)]:
            following = [leave for leave in leaves if not leave.is_certainly_before(join)]
            if join.is_certain_by(date):
                certain |= not any(leave.is_possible_by(date) for leave in following)
            if join.is_possible_by(date):
                possible |= not any(leave.is_certain_by(date) for leave in following)
        return certain, possible


@dataclass(frozen=True)
class MembersOnDate:
    """The members on one day, in order of joining: all who can have been, and who certainly."""

    possible: list[Member]
    certain: list[Member]

    @property
    def uncertain(self) -> list[Member]:
        """Return the possible members on that date, without the certain ones."""
        certain = {member.pk for member in self.certain}
        return [member for member in self.possible if member.pk not in certain]

    @property
    def count(self) -> str:
        """Return the number as text: “7 members”, or “at least 6, at most 8 members”."""
        least, most = len(self.certain), len(self.possible)
        if least == most:
            return "1 member" if most == 1 else f"{most} members"
        return f"at least {least}, at most {most} member{'' if most == 1 else 's'}"


def format_ordinal(number: int) -> str:
    """Return `number`, from 1, as an ordinal: “seventh”; from the thirteenth on “13th”."""
    if 1 <= number <= len(ORDINALS):
        return ORDINALS[number - 1]
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def get_members() -> tuple[Member, ...]:
    """Return all partners that visitors may see, in order of joining; cached until a change."""
    return _load_members(cache_version.current)


def get_members_on(date: datetime.date) -> MembersOnDate:
    """Return the certain and possible members on `date`, by the recorded dates."""
    members = [(member, *member.get_membership_on(date)) for member in get_members()]
    return MembersOnDate(
        possible=[member for member, _, possible in members if possible],
        certain=[member for member, certain, _ in members if certain],
    )


def get_current_members() -> list[Member]:
    """Return the certain and possible members today, in order of joining."""
    return get_members_on(timezone.localdate()).possible


@dataclass(frozen=True)
class GrowthStep:
    """The members who joined at one time: some by name, and how many `more`."""

    when: str
    names: tuple[str, ...]
    more: int = 0


def get_growth_steps() -> list[GrowthStep]:
    """Return at most `MAX_GROWTH_STEPS` steps of growth; the first one sums up earlier ones.

    Partners without any date of joining are left out.
    """
    joins = [
        (event, member.name) for member in get_members() for event in member.get_events(Kind.JOINED)
    ]
    joins.sort(key=lambda join: (join[0].latest or datetime.date.max, join[0].order or 10_000))
    joins_by_date: dict[str, list[tuple[MembershipEvent, str]]] = {}
    for event, name in joins:
        if event.when:
            joins_by_date.setdefault(event.when, []).append((event, name))
    steps = list(joins_by_date.values())
    if len(steps) > MAX_GROWTH_STEPS:
        cut = len(steps) - MAX_GROWTH_STEPS + 1
        steps = [[join for step in steps[:cut] for join in step], *steps[cut:]]
    return [_build_step(step) for step in steps]


def _build_step(joins: list[tuple[MembershipEvent, str]]) -> GrowthStep:
    first, last = joins[0][0], joins[-1][0]
    when = last.when if first.when == last.when else format_interval(None, last.latest)
    # “and 1 more” would be as long as the name.
    is_long = len(joins) > MAX_NAMES_PER_STEP + 1
    named = joins[:MAX_NAMES_PER_STEP] if is_long else joins
    return GrowthStep(when, tuple(name for _, name in named), len(joins) - len(named))


@lru_cache(maxsize=1)
def _load_members(cache_version: int) -> tuple[Member, ...]:
    """Read the members from the database; `cache_version` is the key of the cache."""
    pages = PartnerPage.objects.visible().in_order_of_joining().defer_streamfields()
    return tuple(map(Member.from_page, pages.prefetch_related("events", "other_names")))
