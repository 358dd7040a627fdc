"""Who was a member on any day, as far as the recorded dates can prove it."""

import datetime
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import lru_cache

from django.utils import timezone

from bhp_site.core.caching import process_cache
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.text.date_phrases import DateRange
from bhp_site.core.text.sentences import join_names

from .models import MembershipEvent, PartnerKind, PartnerPage

Kind = MembershipEvent.Kind
# One, and several.
KIND_NOUNS = {
    PartnerKind.NHS_TRUST: ("NHS trust", "NHS trusts"),
    PartnerKind.UNIVERSITY: ("university", "universities"),
    PartnerKind.NETWORK: ("health innovation network", "health innovation networks"),
}
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
    # Why it is uncertain whether it was a member on the day of a list; "" if it is certain.
    doubt: str = ""

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
            other_names=tuple(page.names),
            events=tuple(page.dates),
        )

    @property
    def kind_name(self) -> str:
        """Return the kind of partner as text for visitors."""
        return str(PartnerKind(self.kind).label)

    @property
    def kind_plural(self) -> str:
        """Return what several partners of this kind are called: “NHS trusts”."""
        return KIND_NOUNS[PartnerKind(self.kind)][1]

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
    def year_of_joining(self) -> str:
        """Return the year as a figure: “2011”, “by 2017”; "" if it is not known."""
        return self.join_event.year_text if self.join_event else ""

    @property
    def former_names(self) -> list[tuple[str, str]]:
        """Return (former name, text that says until when it was used) for each former name."""
        return [(event.former_name, event.until) for event in self.events if event.former_name]

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

    def get_doubt_on(self, date: datetime.date) -> str:
        """Return why it is uncertain whether it was a member on `date`: “joined by 2025”."""
        texts = (
            f"{event.get_kind_display().lower()} {event.when}"
            for event in self.events
            if event.kind in (Kind.JOINED, Kind.LEFT)
            and event.when
            and event.is_possible_by(date)
            and not event.is_certain_by(date)
        )
        return ", ".join(texts) or "dates not known"


@dataclass(frozen=True)
class MembersOnDate:
    """The members on one day, in order of joining: all who can have been, and who certainly.

    Those who only can have been have a `doubt`.
    """

    possible: list[Member]
    certain: list[Member]

    @property
    def count(self) -> str:
        """Return the number as text: “7 members”, or “between 6 and 8 members”."""
        least, most = len(self.certain), len(self.possible)
        noun = "member" if most == 1 else "members"
        if least == most:
            return f"{most} {noun}"
        return f"between {least} and {most} {noun}" if least else f"at most {most} {noun}"

    @property
    def kinds(self) -> str:
        """Return how many there are of each kind, as far as all are certain; else ""."""
        if len(self.certain) < len(self.possible) or len(self.possible) < 2:
            return ""
        counts = Counter(member.kind for member in self.possible)
        return join_names(
            f"{count} {KIND_NOUNS[PartnerKind(kind)][count > 1]}"
            for kind, count in counts.most_common()
        )


def format_ordinal(number: int) -> str:
    """Return `number`, from 1, as an ordinal: “seventh”; from the thirteenth on “13th”."""
    if 1 <= number <= len(ORDINALS):
        return ORDINALS[number - 1]
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def get_members() -> tuple[Member, ...]:
    """Return all partners that visitors may see, in order of joining; cached until a change.

    Within a transaction they are read, because the cache version is only advanced after the commit.
    """
    if process_cache.is_in_transaction():
        return _read_members()
    return _get_cached_members(cache_version.current)


def get_member(page: PartnerPage) -> Member:
    """Return the member of `page`, from the cached list unless it is a draft or not public."""
    if not page.is_being_previewed:
        for member in get_members():
            if member.pk == page.pk:
                return member
    return Member.from_page(page)


def get_members_on(date: datetime.date) -> MembersOnDate:
    """Return the certain and possible members on `date`, by the recorded dates.

    They are cached as `get_members` is.
    """
    if process_cache.is_in_transaction():
        return _find_members_on(date, get_members())
    return _get_cached_members_on(date, cache_version.current)


def _find_members_on(date: datetime.date, members: tuple[Member, ...]) -> MembersOnDate:
    certain, possible = [], []
    for member in members:
        is_certain, is_possible = member.get_membership_on(date)
        if is_possible:
            doubt = "" if is_certain else member.get_doubt_on(date)
            possible.append(replace(member, doubt=doubt) if doubt else member)
        if is_certain:
            certain.append(member)
    return MembersOnDate(possible, certain)


def get_foundation() -> DateRange | None:
    """Return when the partnership was founded: when the member joined that joined first.

    None unless an editor recorded which member that was, with the place 1.
    """
    joins = (event for member in get_members() for event in member.get_events(Kind.JOINED))
    return next((event.date_range for event in joins if event.order == 1), None)


def get_current_members() -> list[Member]:
    """Return the certain and possible members today, in order of joining."""
    return get_members_on(timezone.localdate()).possible


@lru_cache(maxsize=1)
def _get_cached_members(version: int) -> tuple[Member, ...]:
    """Return the members as read at this cache version; unlike a pickled copy, they are shared."""
    return _read_members()


@lru_cache(maxsize=4)
def _get_cached_members_on(date: datetime.date, version: int) -> MembersOnDate:
    """Return the members on `date` as read at this cache version; they are shared, as above."""
    return _find_members_on(date, _get_cached_members(version))


def _read_members() -> tuple[Member, ...]:
    pages = PartnerPage.objects.visible().in_order_of_joining().defer_streamfields()
    return tuple(map(Member.from_page, pages.prefetch_related("events", "other_names")))
