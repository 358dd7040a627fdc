"""Words of sign-offs in templates."""

import re
from difflib import SequenceMatcher
from typing import Any

from django import template
from django.conf import settings

register = template.Library()

TOKEN = re.compile(r"\s+|\S+")


@register.filter
def differences(new: str, old: str) -> list[tuple[str, str]]:
    """Return the parts of two texts, word by word: (“same”, “added” or “removed”, text)."""
    before, after = TOKEN.findall(old.replace("\r", "")), TOKEN.findall(new.replace("\r", ""))
    parts: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            parts.append(("same", "".join(after[c:d])))
            continue
        removed, added = "".join(before[a:b]), "".join(after[c:d])
        parts += [p for p in (("removed", removed), ("added", added)) if p[1]]
    return parts


@register.filter
def shows_email(user: Any, sign_off: Any) -> bool:
    """Return True if `user` may see the private address: who may edit people, or who typed it."""
    may_edit: bool = user.has_perm("partners.change_person")
    return may_edit or sign_off.requested_by_id == user.pk


@register.simple_tag
def sign_offs_kept_days() -> int:
    """Return after how many days the personal data of an ended sign-off is deleted."""
    days: int = settings.SIGN_OFFS_KEPT_DAYS
    return days
