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
        "on": format_date(date) if choices.get("on") else "",
        "is_filtered": bool(choices.get("on") or choices.get("order")),
        "members": members,
        "founded": founded,
        "slice": paginate(request, ordered, MEMBERS_PER_PAGE),
        "growth": get_growth_steps(),
    }


def _describe_foundation_after(date: datetime.date) -> str:
    """Return when the partnership was founded, if that was certainly after `date`; else ""."""
    foundation = get_foundation()
    if foundation is None or foundation.earliest is None or foundation.earliest <= date:
        return ""
    return describe_dates(foundation)


def _get_kind_key(member: Member) -> tuple[int, str]:
    return KIND_ORDER.get(member.kind, len(KIND_ORDER)), member.name
