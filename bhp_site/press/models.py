"""Models: the journalists and outlets on the press list."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils import timezone

__all__ = ["PressContact"]

MAX_NOTES_CHARACTERS = 2000


class PressContactQuerySet(models.QuerySet["PressContact"]):
    """Queries for people on the press list."""

    def outdated(self) -> "PressContactQuerySet":
        """Return the people with whom there has been no contact for longer than we keep them."""
        retention = datetime.timedelta(days=settings.PRESS_CONTACTS_KEPT_DAYS)
        last = Greatest("added_on", Coalesce("last_contact_on", "added_on"))
        limit = timezone.localdate() - retention
        return self.alias(last_activity=last).filter(last_activity__lt=limit)

    def get_by_email(self, email: str) -> "PressContact | None":
        """Return the person with this address in any case; None if nobody has it."""
        return self.filter(email__iexact=email).first()


class PressContact(models.Model):
    """A person who writes or speaks about the partnership, and how we know of them."""

    # Notes about people do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=100)
    outlet = models.CharField(
        max_length=150,
        blank=True,
        help_text="The newspaper, station or site they work for. Leave it empty for a freelancer.",
    )
    email = models.EmailField("e-mail address")
    source = models.CharField(
        max_length=200,
        help_text=(
            "How you know this address, for example “Asked to be added by e-mail” or “Published "
            "on the outlet’s website”. People can ask where we got their address."
        ),
    )
    added_on = models.DateField("added on", default=timezone.localdate)
    last_contact_on = models.DateField(
        "last contact",
        null=True,
        blank=True,
        help_text="Set automatically when you send a release from this site.",
    )
    notes = models.TextField(
        blank=True,
        max_length=MAX_NOTES_CHARACTERS,
        help_text=(
            "What you need for your work, for example their subjects. They can ask to see it."
        ),
    )

    objects = PressContactQuerySet.as_manager()

    class Meta:
        verbose_name = "person on the press list"
        verbose_name_plural = "press list"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_press_contact_per_email",
                violation_error_message="This e-mail address is already on the press list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.outlet}" if self.outlet else self.name

    def as_dict(self) -> dict[str, Any]:
        """Return all that is stored about the person, for an answer to their request."""
        return {
            "name": self.name,
            "outlet": self.outlet,
            "email": self.email,
            "source": self.source,
            "added_on": self.added_on.isoformat(),
            "last_contact_on": self.last_contact_on and self.last_contact_on.isoformat(),
            "notes": self.notes,
        }
