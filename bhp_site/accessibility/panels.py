"""How the statement's list of files stands, on the dashboard and in the statement's editor."""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from laces.components import Component
from wagtail.admin.panels import Panel
from wagtail.models import Site

from bhp_site.core.admin.links import may_open

from .confirmation import Confirmation, difference, seal
from .inventory import inventory


def standing(request: HttpRequest) -> dict[str, Any]:
    """How many files are listed, what has changed since somebody confirmed it, and who may."""
    found = inventory()
    last = Confirmation.objects.select_related("user").first()
    return {
        "inventory": found,
        "last": last,
        "difference": difference(found, last),
        "seal": seal(found),
        "may_confirm": request.user.has_perm("accessibility.add_confirmation"),
    }


def _add_url(request: HttpRequest) -> str:
    """Return the address for writing the statement, "" without a home page or permission."""
    site = Site.find_for_request(request)
    args = ["accessibility", "accessibilitystatementpage", site.root_page_id] if site else []
    url = reverse("wagtailadmin_pages:add", args=args) if site else ""
    return url if may_open(url, request.user) else ""


class StatementPanel(Component):
    """The dashboard's panel: what has changed in the list since it was confirmed."""

    template_name = "admin/statement_panel.html"
    order = 30

    def __init__(self, statement: Any) -> None:
        self.statement = statement

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        request = parent_context["request"]
        if self.statement is None:
            return {"add_url": _add_url(request)}
        return standing(request) | {
            "statement": self.statement,
            "csrf_token": get_token(request),
        }


class ListedFilesPanel(Panel):
    """The same at the top of the statement's form; it is confirmed on a screen of its own."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "admin/listed_files_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return super().get_context_data(parent_context) | standing(self.request)
