from typing import Any

from laces.components import Component

from .models import Request
from .outbox import Message

SHOWN = 5


class RequestsPanel(Component):
    """What visitors are waiting for, what is due first on top; and whether mail fails to go."""

    template_name = "admin/requests_panel.html"
    order = 20

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        waiting = Request.objects.open().order_by("due", "pk")
        failing = Message.objects.failing().order_by("created_at").first()
        return {
            "waiting": waiting.select_related("assigned_to")[:SHOWN],
            "open": waiting.count(),
            "overdue": Request.objects.overdue().count(),
            "failing": failing,
        }
