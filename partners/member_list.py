"""The list of members in the order, and as of the day, that a visitor chose."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bhp_site.core.paging import paginate
from bhp_site.core.text.dates import format_date

from .forms import MemberListForm
from .membership import Member, get_growth_steps, get_members_on
from .models import PartnerKind, PartnerPage

MEMBERS_PER_PAGE = 12
KIND_ORDER = {kind: position for position, kind in enumerate(PartnerKind.values)}


def build_member_list(request: HttpRequest) -> dict[str, Any]:
    """Return the template context: the form, the day, the members then, and one page of them."""
    form = MemberListForm(request.GET, label_suffix="")
    choices = form.cleaned_data if form.is_valid() else {}
    date: datetime.date = choices.get("on") or timezone.localdate()
    by_kind = choices.get("order") == "kind"
    members = get_members_on(date)
    ordered = sorted(members.possible, key=_get_kind_key) if by_kind else members.possible
    current_page = paginate(request, ordered, MEMBERS_PER_PAGE)
    pages = PartnerPage.objects.in_bulk([member.pk for member in current_page])
    uncertain = {member.pk for member in members.uncertain} if choices.get("on") else set()
    return {
        "form": form,
        "by_kind": by_kind,
        "on": format_date(date) if choices.get("on") else "",
        "is_filtered": bool(choices.get("on") or choices.get("order")),
        "members": members,
        "slice": current_page,
        "rows": [
            (member, pages[member.pk], member.pk in uncertain)
            for member in current_page
            if member.pk in pages
        ],
        "growth": get_growth_steps(),
    }


def _get_kind_key(member: Member) -> tuple[int, str]:
    return KIND_ORDER.get(member.kind, len(KIND_ORDER)), member.name
