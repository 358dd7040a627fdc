"""The register of members: who they were on any day, as far as the dates known can prove."""

import datetime
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils import timezone

from bhp_site.core.dates import interval_in_words
from bhp_site.core.generation import generation

from .models import MembershipEvent, PartnerKind, PartnerPage

Kind = MembershipEvent.Kind
# How many steps of growth are told, and how many names in each.
STEPS, NAMED = 8, 4
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
class Happening:
    """A membership event, known to lie between two days (both included, None: open)."""

    kind: str
    earliest: datetime.date | None
    latest: datetime.date | None
    when: str
    order: int | None
    former_name: str

    def can_have_happened_by(self, date: datetime.date) -> bool:
        return self.earliest is None or self.earliest <= date

    def had_happened_by(self, date: datetime.date) -> bool:
        return self.latest is not None and self.latest <= date

    def certainly_before(self, other: "Happening") -> bool:
        return None not in (self.latest, other.earliest) and self.latest < other.earliest  # type: ignore[operator]


# How a partner joined of which nothing has been recorded.
UNKNOWN = Happening(Kind.JOINED, None, None, "", None, "")


@dataclass(frozen=True)
class Member:
    """One partner, with all its names and dates; `pk` is that of its page."""

    pk: int
    name: str
    kind: str
    short_name: str
    website: str
    url: str
    other_names: tuple[str, ...] = ()
    happenings: tuple[Happening, ...] = field(default=(), repr=False)

    @property
    def kind_name(self) -> str:
        return str(PartnerKind(self.kind).label)

    def of(self, kind: str) -> list[Happening]:
        return [one for one in self.happenings if one.kind == kind]

    @property
    def joined(self) -> Happening | None:
        """How it first joined."""
        return next(iter(self.of(Kind.JOINED)), None)

    @property
    def left(self) -> Happening | None:
        """How it last left, if it has not certainly joined again."""
        joins, ends = self.of(Kind.JOINED), self.of(Kind.LEFT)
        last = [end for end in ends if not any(end.certainly_before(join) for join in joins)]
        return next(iter(last[-1:]), None)

    @property
    def former_names(self) -> list[tuple[str, str]]:
        """Each name it had, and in honest words until when."""
        return [(one.former_name, one.when) for one in self.happenings if one.former_name]

    @property
    def place(self) -> str:
        """“the seventh member”, "" where the order is not known."""
        order = self.joined.order if self.joined else None
        return f"the {ordinal(order)} member" if order else ""

    def on(self, date: datetime.date) -> tuple[bool, bool]:
        """Whether it certainly was a member on `date`, and whether it can have been.

        The day of leaving is no day of membership.
        """
        certain = possible = False
        for join in self.of(Kind.JOINED) or [UNKNOWN]:
            ends = [end for end in self.of(Kind.LEFT) if not end.certainly_before(join)]
            if join.had_happened_by(date):
                certain |= not any(end.can_have_happened_by(date) for end in ends)
            if join.can_have_happened_by(date):
                possible |= not any(end.had_happened_by(date) for end in ends)
        return certain, possible


@dataclass(frozen=True)
class Members:
    """Who was a member on a day, in order of joining: all who can have been, and who certainly."""

    everybody: list[Member]
    certain: list[Member]

    @property
    def possible(self) -> list[Member]:
        """Those of whom it is not certain."""
        certain = {member.pk for member in self.certain}
        return [member for member in self.everybody if member.pk not in certain]

    @property
    def count(self) -> str:
        """“7 members”, or “at least 6, at most 8 members” where dates are open."""
        least, most = len(self.certain), len(self.everybody)
        if least == most:
            return "1 member" if most == 1 else f"{most} members"
        return f"at least {least}, at most {most} member{'' if most == 1 else 's'}"


def ordinal(number: int) -> str:
    """“seventh”; from the thirteenth on “13th”."""
    if 1 <= number <= len(ORDINALS):
        return ORDINALS[number - 1]
    last = (
        "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    )
    return f"{number}{last}"


def members() -> tuple[Member, ...]:
    """All partners that visitors may see, in order of joining; kept until something changes."""
    # Not by `until_changed`: nobody can change these, so nobody needs a copy.
    return _read(generation.current)


def members_on(date: datetime.date) -> Members:
    """What the dates prove about the membership on `date`."""
    found = [(member, *member.on(date)) for member in members()]
    return Members(
        everybody=[member for member, _, possible in found if possible],
        certain=[member for member, certain, _ in found if certain],
    )


def members_now() -> list[Member]:
    """Who is a member today, as far as is known, in order of joining."""
    return members_on(timezone.localdate()).everybody


def member_of(page: PartnerPage) -> Member:
    """The partner of `page`, a draft too, with its names and dates in the editor's order."""
    return Member(
        pk=page.pk,
        name=page.title,
        kind=page.kind,
        short_name=page.short_name,
        website=page.website,
        url=page.get_url() or "",
        other_names=tuple(other.name for other in page.names),
        happenings=tuple(
            Happening(e.kind, e.earliest, e.latest, e.when, e.order, e.former_name)
            for e in page.dates
        ),
    )


@dataclass(frozen=True)
class Step:
    """Who joined at one time, told in honest words; `more` besides those named."""

    when: str
    names: tuple[str, ...]
    more: int = 0


def growth() -> list[Step]:
    """How the partnership grew; of a long story the beginning is told in one step."""
    joins = [(one, member.name) for member in members() for one in member.of(Kind.JOINED)]
    joins.sort(key=lambda join: (join[0].latest or datetime.date.max, join[0].order or 10_000))
    grown: dict[str, list[tuple[Happening, str]]] = {}
    for join in joins:
        if join[0].when:
            grown.setdefault(join[0].when, []).append(join)
    steps = list(grown.values())
    if len(steps) > STEPS:
        cut = len(steps) - STEPS + 1
        steps = [[join for step in steps[:cut] for join in step], *steps[cut:]]
    return [_told(step) for step in steps]


def _told(joins: list[tuple[Happening, str]]) -> Step:
    first, last = joins[0][0], joins[-1][0]
    when = last.when if first.when == last.when else interval_in_words(None, last.latest)
    # One more is named rather than counted.
    many = len(joins) > NAMED + 1
    named = joins[:NAMED] if many else joins
    return Step(when, tuple(name for _, name in named), len(joins) - len(named))


@lru_cache(maxsize=1)
def _read(state: int) -> tuple[Member, ...]:
    """The register in a `state` of the site."""
    pages = PartnerPage.objects.visible().in_order_of_joining()
    return tuple(map(member_of, pages.prefetch_related("events", "other_names")))
