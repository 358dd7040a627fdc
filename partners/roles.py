"""The roles that people hold or held, at the partnership or elsewhere."""

import datetime
from typing import Any

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from bhp_site.core.text.sentences import join_list

from .uncertain_dates import UncertainPeriod


class Role(UncertainPeriod, Orderable):
    """A role of a person: its title, organisation and period, as far as known."""

    person = ParentalKey("partners.Person", on_delete=models.CASCADE, related_name="roles")
    title = models.CharField("role", max_length=120, help_text="For example “Chair”.")
    partner = models.ForeignKey(
        "partners.PartnerPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="roles",
        help_text="The partner where they hold this role.",
    )
    organisation = models.CharField(
        max_length=150,
        blank=True,
        help_text=(
            "Another organisation, if it is not a partner. For a role in the partnership itself, "
            "leave both empty."
        ),
    )

    panels = [
        "title",
        FieldRowPanel([FieldPanel("partner"), "organisation"]),
        *UncertainPeriod.period_panels,
    ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organisation_name}"

    @property
    def is_at_partnership(self) -> bool:
        """Return True if the role is one of the partnership itself."""
        return not self.partner_id and not self.organisation

    def describe(self) -> str:
        """Return the role with its dates, and where it is if elsewhere.

        “Chair until 2025 at the latest”, “Dean, Aston University, since 2018”.
        """
        if self.is_at_partnership:
            return f"{self.title} {self.when}".strip()
        return self.full_text

    @property
    def full_text(self) -> str:
        """Return title, organisation and dates: “Chair, BHP, until 2025 at the latest”."""
        return join_list([self.title, self.organisation_name, self.when])

    def get_recency_key(self) -> tuple[datetime.date, datetime.date]:
        """Return a key to sort roles by: the end, then the beginning; ongoing roles sort last."""
        ended = self.end_latest or self.end_earliest
        began = self.start_latest or self.start_earliest
        return ended or datetime.date.max, began or datetime.date.min

    @property
    def organisation_name(self) -> str:
        """Return the organisation's name; the partnership's own if none is given."""
        if self.partner:
            return self.partner.title
        return self.organisation or "BHP"


def keep_role_organisation(instance: Any, **kwargs: Any) -> None:
    """Keep the name of a deleted partner in the roles held there.

    Receiver of `pre_delete`.
    """
    Role.objects.filter(partner=instance.pk, organisation="").update(organisation=instance.title)
