"""The form of an announcement, in which a Member's editor writes about their own partner."""

from typing import Any

from bhp_site.core.page_forms import SitePageForm
from partners.member_areas import get_partner_keys


class NewsPageForm(SitePageForm):
    """Selects the partner of a Member's editor, who must leave it selected."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_partners = get_partner_keys(self.for_user) if self.for_user else []
        if self.own_partners and self.instance.pk is None:
            self.initial["partners"] = self.own_partners

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if the user's partner is not selected."""
        cleaned = super().clean()
        if self.own_partners and "partners" in cleaned:
            keys = {page.pk for page in cleaned["partners"]}
            if keys.isdisjoint(self.own_partners):
                self.add_error(
                    "partners", "Select your organisation. You submit news about it only."
                )
        return cleaned
