"""Looking through what has changed in the statement's list of files, and confirming it."""

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

from .confirmation import confirm, seal
from .inventory import inventory
from .models import AccessibilityStatementPage
from .panels import standing


class ListedFilesView(WagtailAdminTemplateMixin, TemplateView):
    """All files with problems, and what has become of the list since it was confirmed.

    Posted, the list as it was shown is confirmed; the statement then says it was reviewed today.
    """

    template_name = "admin/listed_files.html"
    page_title = "Files with problems"
    header_icon = "warning"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    @cached_property
    def statement(self) -> AccessibilityStatementPage:
        page: AccessibilityStatementPage = get_object_or_404(AccessibilityStatementPage)
        return page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.statement.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("accessibility.add_confirmation"):
            raise PermissionDenied
        found = inventory()
        if request.POST.get("seal") == seal(found):
            confirm(found, self.statement, request.user)
            messages.success(request, "Confirmed. The statement says that it was reviewed today.")
        else:
            messages.warning(request, "The list has changed meanwhile. Please look at it again.")
        return redirect("listed-files")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        policy = policy_registry.get_by_type(SiteDocument)
        mine = policy.instances_user_has_permission_for(self.request.user, "change")
        return (
            context
            | standing(self.request)
            | {"statement": self.statement, "editable": {*mine.values_list("pk", flat=True)}}
        )
