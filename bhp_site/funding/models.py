"""The register of funders and their awards, and the choice of them on a page."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldRowPanel, InlinePanel
from wagtail.models import Orderable
from wagtail.search import index

from bhp_site.core.caching.process_cache import cached_until_change

from .forms import FunderForm

# https://ror.readme.io/docs/identifier
ROR_ID = re.compile(r"(?:https://)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})/?")


class Funder(index.Indexed, ClusterableModel):
    """An organisation that pays for work, and the words in which it wants to be acknowledged."""

    name = models.CharField(
        max_length=200,
        unique=True,
        help_text="The full name, for example “National Institute for Health and Care Research”.",
    )
    short_name = models.CharField(max_length=40, blank=True, help_text="For example “NIHR”.")
    ror = models.CharField(
        "ROR address",
        max_length=60,
        blank=True,
        help_text=(
            "The funder’s entry in the Research Organization Registry, for example "
            "“https://ror.org/012345678”. Search engines use it."
        ),
    )
    website = models.URLField(blank=True)
    acknowledgement = models.TextField(
        max_length=1000,
        blank=True,
        help_text=(
            "The funder’s standard wording. If you leave this empty, the page says “Funded by” and "
            "the name. The site adds number and title of the award."
        ),
    )
    disclaimer = models.TextField(
        max_length=1000,
        blank=True,
        help_text="Shown below the wording, for example that the views are the authors’ own.",
    )

    base_form_class = FunderForm
    panels = [
        "name",
        FieldRowPanel(["short_name", "ror"]),
        "website",
        "acknowledgement",
        "disclaimer",
        InlinePanel("awards", label="award", heading="Awards"),
    ]
    search_fields = [
        index.SearchField("name", boost=2),
        index.AutocompleteField("name"),
        index.SearchField("short_name"),
        index.AutocompleteField("short_name"),
        index.RelatedFields("awards", [index.SearchField("number"), index.SearchField("title")]),
    ]

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.short_name})" if self.short_name else self.name

    def clean(self) -> None:
        """Normalise the ROR address; raise ValidationError if it is none."""
        super().clean()
        if not self.ror.strip():
            self.ror = ""
        elif match := ROR_ID.fullmatch(self.ror.strip().lower()):
            self.ror = f"https://ror.org/{match[1]}"
        else:
            message = "Enter an address such as https://ror.org/012345678, or leave this empty."
            raise ValidationError({"ror": message})


class Award(Orderable):
    """A grant of a funder, with its number, its title or both."""

    funder = ParentalKey(Funder, on_delete=models.CASCADE, related_name="awards")
    number = models.CharField(max_length=80, blank=True, help_text="For example “NIHR123456”.")
    title = models.CharField(max_length=250, blank=True)

    panels = [FieldRowPanel(["number", "title"])]

    class Meta(Orderable.Meta):
        ordering = ["funder__name", "sort_order"]

    def __str__(self) -> str:
        return f"{self.funder.short_name or self.funder.name}: {self.label}"

    @property
    def label(self) -> str:
        """Return number and title as one text."""
        return ", ".join(filter(None, [self.number, self.title]))

    def clean(self) -> None:
        """Raise ValidationError for an award without number and title."""
        super().clean()
        if not (self.number or self.title):
            raise ValidationError({"number": "Enter the number or the title of the award."})


class Funding(Orderable):
    """A funder, and perhaps an award, of the page in the field `page` of a subclass."""

    # Pages keep their other funders if one is deleted; the admin refuses to delete one in use.
    funder = models.ForeignKey(Funder, on_delete=models.CASCADE, related_name="+")
    award = models.ForeignKey(
        Award,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Leave this empty to acknowledge the funder without an award.",
    )

    panels = [FieldRowPanel(["funder", "award"])]

    class Meta(Orderable.Meta):
        abstract = True

    def clean(self) -> None:
        """Raise ValidationError for an award of another funder."""
        super().clean()
        award = self.award
        if award and self.funder_id and award.funder_id != self.funder_id:
            raise ValidationError({"award": f"This award is from {award.funder}."})


def get_funding(page: Any) -> list[Any]:
    """Return the rows of `Funding` of `page` in order, saved or not, with funders and awards."""
    return list(page.funding.all().select_related("funder", "award"))


def get_funded_keys() -> set[int]:
    """Return the keys of the pages that name funders, so that other pages cost no query."""
    keys: set[int] = cached_until_change("funded pages", _read_funded_keys)
    return keys


def _read_funded_keys() -> set[int]:
    rows = (model._default_manager.all() for model in list_funding_models())
    return {key for row in rows for key in row.values_list("page", flat=True)}


def list_funding_models() -> list[type[Funding]]:
    """Return the models of the choices on pages."""
    return Funding.__subclasses__()
