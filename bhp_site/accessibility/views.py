"""The view of the admin in which editors review and confirm the statement's list of documents."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permissions import policy_registry

from bhp_site.files.models import SiteDocument

from .confirmation import confirm, get_fingerprint
from .inventory import get_inventory
from .models import AccessibilityStatementPage
from .panels import get_status_context


class ListedDocumentsView(WagtailAdminTemplateMixin, TemplateView):
    """All documents with problems, and what has changed since the list was confirmed.

    A POST request confirms the list that was shown; the statement then shows today as its review
    date.
    """

    template_name = "admin/listed_documents.html"
    page_title = "Documents with problems"
    header_icon = "warning"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    @cached_property
    def statement(self) -> AccessibilityStatementPage:
        """Return the accessibility statement; raise Http404 if there is none."""
        page: AccessibilityStatementPage = get_object_or_404(AccessibilityStatementPage)
        return page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response; raise PermissionDenied for users who may not edit the statement."""
        if not self.statement.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Confirm the list if it is still the one that was shown, and return a redirect.

        Raises PermissionDenied unless the user may add confirmations.
        """
        if not request.user.has_perm("accessibility.add_confirmation"):
            raise PermissionDenied
        inventory = get_inventory()
        if request.POST.get("fingerprint") == get_fingerprint(inventory):
            confirm(inventory, self.statement, request.user)
            messages.success(request, "Confirmed. The statement says that it was reviewed today.")
        else:
            messages.warning(
                request, ("The list was not confirmed, because it has changed. Check it again.")
            )
        return redirect("listed-files")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the inventory and the keys of the documents the user may edit."""
        context = super().get_context_data(**kwargs)
        policy = policy_registry.get_by_type(SiteDocument)
        editable = policy.instances_user_has_permission_for(self.request.user, "change")
        return (
            context
            | get_status_context(self.request)
            | {"statement": self.statement, "editable": {*editable.values_list("pk", flat=True)}}
        )
