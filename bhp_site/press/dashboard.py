"""The dashboard's group of people on the press list who should be kept or deleted."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup

from .models import PressContact


class OutdatedContactsGroup(WaitingGroup):
    """The number of people with whom there has been no contact for a long time."""

    heading = "Press list"
    slug = "press-list"
    order = 65
    template_name = "admin/outdated_contacts_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return how many people there are to review."""
        return {"count": PressContact.objects.outdated().count()}
