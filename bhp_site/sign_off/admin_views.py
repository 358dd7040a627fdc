"""The screen with the sign-offs of a page, and what editors and publishers do there."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Page

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.admin.page_screens import PageScreenView
from bhp_site.core.publishing.publication import PublishingRefused

from .forms import OverrideForm, RequestForm
from .models import SignOff
from .requests import accept_suggestion, get_draft, override, request_sign_off
from .retention import collect_personal_data, delete_personal_data
from .statuses import list_statuses
from .subjects import find_subject
from .templatetags.sign_off import shows_email


class SignOffsView(PageScreenView):
    """The screen of a page's sign-offs: requests, their answers, and a form to ask somebody."""

    template_name = "sign_off/admin_sign_offs.html"
    page_title = "Sign-off"
    header_icon = "check"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the page; raise PermissionDenied unless the user may edit it."""
        super().setup(request, *args, **kwargs)
        self.page = get_object_or_404(Page, pk=kwargs["page_id"])
        self.permissions = self.page.specific.permissions_for_user(request.user)
        if not self.permissions.can_edit():
            raise PermissionDenied
        initial = {"subject": request.GET.get("subject", "")}
        self.form = RequestForm(request.POST or None, draft=self.draft, initial=initial)

    @cached_property
    def draft(self) -> Any:
        """Return the latest draft of the page."""
        return get_draft(self.page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with each sign-off and its status, and the forms."""
        return super().get_context_data(**kwargs) | {
            "page": self.page,
            "edit_url": get_page_edit_url(self.page.pk),
            "statuses": list_statuses(self.draft),
            "form": self.form,
            "override_form": OverrideForm(),
            "may_override": self.permissions.can_publish(),
        }

    def post(self, request: HttpRequest, page_id: int) -> HttpResponse:
        """Ask a person, or show the form with its errors."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        subject = find_subject(self.draft, self.form.block_id)
        data = {name: self.form.cleaned_data[name] for name in ("name", "email", "message")}
        request_sign_off(self.page, subject, kind=self.form.kind, user=request.user, **data)  # type: ignore[arg-type]
        messages.success(
            request,
            f"{data['name']} is asked by e-mail. The page cannot be published before the answer.",
        )
        return redirect("sign-offs", self.page.pk)


def _get_sign_off(request: HttpRequest, pk: int, permission: str) -> SignOff:
    """Return the sign-off; raise PermissionDenied unless the user has a permission on its page."""
    sign_off = get_object_or_404(SignOff.objects.current().select_related("page"), pk=pk)
    permissions = sign_off.page.specific.permissions_for_user(request.user)
    if not getattr(permissions, permission)():
        raise PermissionDenied
    return sign_off


@require_POST
def accept_words(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the words that a person suggested into the draft; redirect to the sign-offs."""
    sign_off = _get_sign_off(request, pk, "can_edit")
    try:
        accept_suggestion(sign_off, request.user)
    except PublishingRefused as refusal:
        messages.error(request, f"The words were not accepted, and nothing has changed. {refusal}")
    else:
        messages.success(
            request, f"The draft has the words of {sign_off.name}. They count as approved."
        )
    return redirect("sign-offs", sign_off.page_id)


@require_POST
def go_ahead(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a publisher goes ahead without approval; redirect to the sign-offs."""
    sign_off = _get_sign_off(request, pk, "can_publish")
    form = OverrideForm(request.POST)
    if form.is_valid():
        override(sign_off, form.cleaned_data["reason"], request.user)
        messages.success(
            request, "Your reason is recorded. The page can be published as it is now."
        )
    else:
        messages.error(request, "Nothing was recorded. Enter the reason for going ahead.")
    return redirect("sign-offs", sign_off.page_id)


@require_POST
def delete_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete the personal data of a sign-off on request; redirect to the sign-offs."""
    sign_off = _get_sign_off(request, pk, "can_edit")
    delete_personal_data(SignOff.objects.filter(pk=pk))
    log(sign_off.page, "sign_off.delete_data", data={"name": sign_off.name})
    messages.success(
        request,
        f"The address of {sign_off.name}, the comment and the suggested words have been deleted. "
        "Who answered what and when stays recorded.",
    )
    return redirect("sign-offs", sign_off.page_id)


def export_data(request: HttpRequest, pk: int) -> JsonResponse:
    """Return all that is stored about the person of a sign-off, for that person.

    Raises PermissionDenied unless the user may see the private address.
    """
    sign_off = _get_sign_off(request, pk, "can_edit")
    if not shows_email(request.user, sign_off):
        raise PermissionDenied
    return JsonResponse(collect_personal_data(sign_off), json_dumps_params={"indent": 2})
