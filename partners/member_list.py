"""The list of members in the order, and as of the day, that a visitor chose."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bhp_site.core.paging import paginate
from bhp_site.core.text.date_phrases import describe_dates
from bhp_site.core.text.dates import format_date

from .forms import MemberListForm
from .growth import get_growth_steps
from .membership import Member, MembersOnDate, get_foundation, get_members_on
from .models import PartnerKind

MEMBERS_PER_PAGE = 24
KIND_ORDER = {kind: position for position, kind in enumerate(PartnerKind.values)}


def build_member_list(request: HttpRequest) -> dict[str, Any]:
    """Return the template context: the form, the day, the members then, and one page of them."""
    form = MemberListForm(request.GET, label_suffix="")
    choices = form.cleaned_data if form.is_valid() else {}
    date: datetime.date = choices.get("on") or timezone.localdate()
    by_kind = choices.get("order") == "kind"
    founded = _describe_foundation_after(date)
    members = MembersOnDate([], []) if founded else get_members_on(date)
    ordered = sorted(members.possible, key=_get_kind_key) if by_kind else members.possible
    return {
        "form": form,
        "by_kind": by_kind,
        "has_day": bool(choices.get("on")),
        "status": _describe_members(members, choices.get("on")),
        "is_filtered": bool(choices.get("on") or choices.get("order")),
        "founded": founded,
        "slice": paginate(request, ordered, MEMBERS_PER_PAGE),
        "growth": get_growth_steps(),
    }


def _describe_members(members: MembersOnDate, date: datetime.date | None) -> str:
    """Return how many members of each kind there are, or were on a `date` that was chosen."""
    text = f"{members.count}: {members.kinds}" if members.kinds else members.count
    if date is None:
        return text
    if date > timezone.localdate():
        return f"As far as we know, the partnership will have {text} on {format_date(date)}"
    return f"On {format_date(date)} the partnership had {text}"


def _describe_foundation_after(date: datetime.date) -> str:
    """Return when the partnership was founded, if that was certainly after `date`; else ""."""
    foundation = get_foundation()
    if foundation is None or foundation.earliest is None or foundation.earliest <= date:
        return ""
    return describe_dates(foundation)


def _get_kind_key(member: Member) -> tuple[int, str]:
    return KIND_ORDER.get(member.kind, len(KIND_ORDER)), member.name
