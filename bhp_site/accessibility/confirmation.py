"""What an editor has confirmed of the list of files, and what has changed in it since."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import models, transaction
from wagtail.log_actions import log
from wagtail.models import Page

from .inventory import Inventory


class Confirmation(models.Model):
    """That somebody has looked through the statement's list of files, as it was then."""

    # Rows of {"key", "title", "codes"}, as `snapshot` makes them.
    files = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Confirmed on {self.created_at:%-d %B %Y}"


@dataclass(frozen=True)
class Difference:
    """Titles of files by what has become of them since the list was confirmed last."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    mended: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(titles for _, titles in self.parts)

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        return [
            ("added", self.added),
            ("with other problems", self.changed),
            ("mended", self.mended),
            ("no longer offered", self.gone),
        ]

    def __str__(self) -> str:
        """“2 files added, 1 mended”."""
        counted = [f"{len(titles)} {what}" for what, titles in self.parts if titles]
        if counted:
            number, _, rest = counted[0].partition(" ")
            counted[0] = f"{number} file{'' if number == '1' else 's'} {rest}"
        return ", ".join(counted)


def snapshot(found: Inventory) -> list[dict[str, Any]]:
    rows = sorted(found.found, key=lambda file: file.key)
    return [{"key": one.key, "title": one.title, "codes": one.codes} for one in rows]


def seal(found: Inventory) -> str:
    """The same list has the same seal: what is confirmed is what was seen."""
    return hashlib.sha256(json.dumps(snapshot(found)).encode()).hexdigest()


def difference(found: Inventory, last: Confirmation | None) -> Difference:
    """What is otherwise now than in the `last` confirmation; all of it where there is none."""
    before = {row["key"]: row for row in last.files} if last else {}
    now = {row["key"]: row for row in snapshot(found)}
    left = [row for key, row in before.items() if key not in now]
    return Difference(
        added=[row["title"] for key, row in now.items() if key not in before],
        changed=[
            row["title"]
            for key, row in now.items()
            if key in before and before[key]["codes"] != row["codes"]
        ],
        mended=[row["title"] for row in left if row["key"] in found.public],
        gone=[row["title"] for row in left if row["key"] not in found.public],
    )


def confirm(found: Inventory, page: Page, user: Any) -> Confirmation:
    """Keep the list as it is now, and who has looked through it; logged."""
    since = difference(found, Confirmation.objects.first())
    with transaction.atomic():
        confirmation = Confirmation.objects.create(files=snapshot(found), user=user)
        log(page, "accessibility.confirm", user=user, data={"difference": str(since)})
    return confirmation
