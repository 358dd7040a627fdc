"""What page types with funding have in common: panel, search fields and statements."""

from typing import Any, ClassVar

from django.utils.functional import cached_property
from wagtail.admin.panels import InlinePanel
from wagtail.search import index

from .models import get_funded_keys, get_funding
from .statements import FundingStatement, build_statements

FUNDING_PANEL = InlinePanel(
    "funding",
    label="funder",
    heading="Funding",
    help_text="The page shows the wording of each funder once. New funders: menu “Funders”.",
    classname="collapsed",
)


class FundedPageMixin:
    """A page with rows of `Funding` in the relation `funding`."""

    funding_search_fields: ClassVar[list[Any]] = [
        index.RelatedFields(
            "funding",
            [
                index.RelatedFields(
                    "funder", [index.SearchField("name"), index.SearchField("short_name")]
                ),
                index.RelatedFields(
                    "award", [index.SearchField("number"), index.SearchField("title")]
                ),
            ],
        )
    ]

    @property
    def funded_pages(self) -> list[Any]:
        """Return the pages whose funding this one shows."""
        return [self]

    @cached_property
    def funding_statements(self) -> list[FundingStatement]:
        """Return what the page says about its funders, each once."""
        funded = get_funded_keys()
        return build_statements(
            row
            for page in self.funded_pages
            if page.is_being_previewed or page.pk in funded
            for row in get_funding(page)
        )
