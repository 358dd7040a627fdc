"""Confirm the statement's list of documents, and compare it with the last confirmed list."""

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
    """An editor's confirmation of the statement's list of documents as it was at that time."""

    # Rows of {"key", "title", "codes"}: see `build_snapshot`.
    documents = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Confirmed on {self.created_at:%-d %B %Y}"


@dataclass(frozen=True)
class InventoryChanges:
    """Titles of documents by what has changed since the list was confirmed last."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any(titles for _, titles in self.parts)

    @property
    def parts(self) -> list[tuple[str, list[str]]]:
        """Return (kind of change as text, titles of its documents) for each kind."""
        return [
            ("added", self.added),
            ("with different problems", self.changed),
            ("fixed", self.fixed),
            ("no longer published", self.removed),
        ]

    def __str__(self) -> str:
        """Return a summary: “2 documents added, 1 fixed”."""
        counts = [f"{len(titles)} {what}" for what, titles in self.parts if titles]
        if counts:
            number, _, rest = counts[0].partition(" ")
            counts[0] = f"{number} document{'' if number == '1' else 's'} {rest}"
        return ", ".join(counts)


def build_snapshot(inventory: Inventory) -> list[dict[str, Any]]:
    """Return key, title and codes of the problems of each document, in the order of keys."""
    rows = sorted(inventory.documents, key=lambda document: document.key)
    return [{"key": row.key, "title": row.title, "codes": row.codes} for row in rows]


def get_fingerprint(inventory: Inventory) -> str:
    """Return a hash of the list, which shows whether the editor confirms the list they saw."""
    return hashlib.sha256(json.dumps(build_snapshot(inventory)).encode()).hexdigest()


def compare(inventory: Inventory, last: Confirmation | None) -> InventoryChanges:
    """Return what has changed since the `last` confirmation; all is new if there is none."""
    before = {row["key"]: row for row in last.documents} if last else {}
    now = {row["key"]: row for row in build_snapshot(inventory)}
    missing = [row for key, row in before.items() if key not in now]
    return InventoryChanges(
        added=[row["title"] for key, row in now.items() if key not in before],
        changed=[
            row["title"]
            for key, row in now.items()
            if key in before and before[key]["codes"] != row["codes"]
        ],
        fixed=[row["title"] for row in missing if row["key"] in inventory.public],
        removed=[row["title"] for row in missing if row["key"] not in inventory.public],
    )


def confirm(inventory: Inventory, page: Page, user: Any) -> Confirmation:
    """Save that `user` confirmed the current list, and return the confirmation.

    What has changed since the last one is logged on `page`.
    """
    changes = compare(inventory, Confirmation.objects.first())
    with transaction.atomic():
        confirmation = Confirmation.objects.create(documents=build_snapshot(inventory), user=user)
        log(page, "accessibility.confirm", user=user, data={"changes": str(changes)})
    return confirmation
