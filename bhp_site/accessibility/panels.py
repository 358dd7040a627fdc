"""The status of the statement's list of documents, on the dashboard and in the page editor."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from wagtail.admin.panels import Panel
from wagtail.models import Site

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.links import may_open

from .confirmation import Confirmation, compare, get_fingerprint
from .inventory import get_inventory


def get_status_context(request: HttpRequest) -> dict[str, Any]:
    """Return the inventory, its last confirmation, and what has changed since then."""
    inventory = get_inventory()
    last = Confirmation.objects.select_related("user").first()
    return {
        "inventory": inventory,
        "last_confirmation": last,
        "changes": compare(inventory, last),
        "fingerprint": get_fingerprint(inventory),
        "may_confirm": request.user.has_perm("accessibility.add_confirmation"),
    }


def _add_url(request: HttpRequest) -> str:
    """Return where the user can add the statement, "" without a home page or permission."""
    site = Site.find_for_request(request)
    args = ["accessibility", "accessibilitystatementpage", site.root_page_id] if site else []
    url = reverse("wagtailadmin_pages:add", args=args) if site else ""
    return url if may_open(url, request.user) else ""


class StatementGroup(WaitingGroup):
    """The group of changes in the statement's list since it was last confirmed."""

    heading = "Accessibility statement"
    slug = "accessibility-statement"
    order = 100
    template_name = "admin/statement_group.html"

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the status of the statement, or the URL to create it if there is none."""
        request = parent_context["request"]
        if self.statement is None:
            return {"add_url": _add_url(request)}
        return get_status_context(request) | {
            "statement": self.statement,
            "csrf_token": get_token(request),
        }


class ListedDocumentsPanel(Panel):
    """The status at the top of the statement's form, with a link to the view that confirms it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/listed_documents_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return the template's context with the status of the listed documents."""
            return super().get_context_data(parent_context) | get_status_context(self.request)
