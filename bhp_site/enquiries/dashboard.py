"""The dashboard's group of enquiries."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup

from .models import Enquiry
from .outbox import EnquiryEmail

MAX_ENQUIRIES = 5


class EnquiriesGroup(WaitingGroup):
    """The group of open enquiries, the first due on top, with the reason if emails fail."""

    heading = "Enquiries from visitors"
    slug = "requests"
    order = 50
    template_name = "admin/enquiries_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the next due enquiries and the counts of open, overdue and failed ones."""
        open_enquiries = Enquiry.objects.open().order_by("due", "pk")
        return {
            "enquiries": open_enquiries.select_related("assigned_to")[:MAX_ENQUIRIES],
            "open_count": open_enquiries.count(),
            "overdue_count": Enquiry.objects.overdue().count(),
            "failed_email": EnquiryEmail.objects.failing().order_by("created_at").first(),
        }
