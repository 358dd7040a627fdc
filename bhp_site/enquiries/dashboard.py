"""The dashboard's panel of enquiries."""

from typing import Any

from laces.components import Component

from .models import Enquiry
from .outbox import EnquiryEmail

MAX_ENQUIRIES = 5


class EnquiriesPanel(Component):
    """The dashboard's panel: the open enquiries, the first due on top, and whether emails fail."""

    template_name = "admin/enquiries_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the next due enquiries and the counts of open, overdue and failed ones."""
        open_enquiries = Enquiry.objects.open().order_by("due", "pk")
        return {
            "enquiries": open_enquiries.select_related("assigned_to")[:MAX_ENQUIRIES],
            "open_count": open_enquiries.count(),
            "overdue_count": Enquiry.objects.overdue().count(),
            "failed_email": EnquiryEmail.objects.failing().order_by("created_at").first(),
        }
