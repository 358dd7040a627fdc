"""The list of members as a visitor asks for it: in which order, and as of which day."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from bhp_site.core.dates import in_words
from bhp_site.core.paging import page_of

from .forms import RegisterForm
from .models import PartnerKind, PartnerPage
from .register import Member, growth, members_on

PER_PAGE = 12
KINDS = {kind: place for place, kind in enumerate(PartnerKind.values)}


def listing(request: HttpRequest) -> dict[str, Any]:
    """Context of the list: the form, the day, who was a member then, and this part of them."""
    form = RegisterForm(request.GET, label_suffix="")
    chosen = form.cleaned_data if form.is_valid() else {}
    today = timezone.localdate()
    date: datetime.date = chosen.get("on") or today
    found = members_on(date)
    by_kind = chosen.get("order") == "kind"
    everybody = sorted(found.everybody, key=_by_kind) if by_kind else found.everybody
    shown = page_of(request, everybody, PER_PAGE)
    pages = PartnerPage.objects.in_bulk([member.pk for member in shown])
    possible = {member.pk for member in found.possible}
    return {
        "form": form,
        "by_kind": by_kind,
        "on": in_words(date) if chosen.get("on") else "",
        "asked": bool(chosen.get("on") or chosen.get("order")),
        "members": found,
        "slice": shown,
        "rows": [
            (one, pages[one.pk], chosen.get("on") and one.pk in possible)
            for one in shown
            if one.pk in pages
        ],
        "growth": growth(),
    }


def _by_kind(member: Member) -> tuple[int, str]:
    return KINDS.get(member.kind, len(KINDS)), member.name
