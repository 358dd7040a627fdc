"""Views in which administrators invite users, and in which invited people accept."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages as site_messages
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.permission_policies import ModelPermissionPolicy

from bhp_site.core.private_links import private_link_view, render_privately
from bhp_site.core.roles import member_areas

from .invitations import (
    MEMBER,
    accept,
    find_invitation,
    invite,
    list_role_choices,
    send_invitation,
    withdraw,
)
from .models import Invitation
from .password_rules import get_provider_name, may_use_password

ACCOUNT_READY = "Your account is ready. Sign in with your e-mail address and your new password."
user_policy = ModelPermissionPolicy(get_user_model())


class InvitationForm(forms.ModelForm):
    """Name, address and role of somebody to invite."""

    first_name = forms.CharField(label="First name", max_length=150)
    last_name = forms.CharField(label="Last name", max_length=150)
    email = forms.EmailField(label="E-mail address", help_text="They sign in with it.")
    role = forms.ChoiceField(label="Role", widget=forms.RadioSelect)
    partner = forms.ChoiceField(
        label="Partner", required=False, help_text="Only for a Member’s editor."
    )

    class Meta:
        model = Invitation
        fields = ["first_name", "last_name", "email"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = list_role_choices(user.is_superuser)  # type: ignore[attr-defined]
        if partners := member_areas.list_choices():
            self.fields["partner"].choices = [("", "None"), *partners]  # type: ignore[attr-defined]
        else:
            del self.fields["partner"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if a Member's editor has no partner."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") == MEMBER and "partner" in cleaned and not cleaned["partner"]:
            self.add_error("partner", "Choose the partner whose page this person edits.")
        return cleaned

    def clean_email(self) -> str:
        """Return the address in lower case; raise ValidationError if it is in use.

        An account or another invitation may have it.
        """
        email: str = self.cleaned_data["email"].lower()
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user and user.is_active:
            raise forms.ValidationError("There is already an account with this e-mail address.")
        if user:
            raise forms.ValidationError(
                "The account with this e-mail address is deactivated. Activate it under “Users”."
            )
        if Invitation.objects.filter(email=email).exists():
            raise forms.ValidationError(
                "This person is already invited. Choose “Send again” below, or withdraw the "
                "invitation first."
            )
        return email


class InvitationsView(WagtailAdminTemplateMixin, FormView):
    """Invites somebody, and lists the invitations that nobody has accepted yet."""

    template_name = "sign_in/invitations.html"
    page_title = "Invite a user"
    header_icon = "user"
    form_class = InvitationForm
    success_url = reverse_lazy("invitations")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response; raise PermissionDenied unless the user may add accounts."""
        _check_permission(request)
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the way to this screen: home, users."""
        users = {"url": reverse("wagtailusers_users:index"), "label": "Users"}
        return [*super().get_breadcrumbs_items(), users, {"url": "", "label": self.page_title}]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the arguments of the form, which offers the roles that the user may give."""
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the pending invitations."""
        invitations = Invitation.objects.select_related("group", "created_by")
        return super().get_context_data(**kwargs) | {
            "invitations": invitations.prefetch_related("emails")
        }

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        """Send the invitation; return a redirect to this screen."""
        invitation = invite(form, self.request)
        messages.success(
            self.request,
            f"{invitation.name} is invited. The link in the e-mail works for seven days.",
        )
        return super().form_valid(form)


@require_POST
def change_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an invitation again or withdraw it; return a redirect to the list.

    Raises PermissionDenied unless the user may invite, and Http404.
    """
    _check_permission(request)
    invitation = get_object_or_404(Invitation, pk=pk)
    if invitation.is_administrator and not request.user.is_superuser:  # type: ignore[union-attr]
        raise PermissionDenied
    if request.POST.get("action") == "withdraw":
        withdraw(invitation, request)
        messages.success(
            request, f"The invitation of {invitation.name} is withdrawn. Its link no longer works."
        )
    else:
        send_invitation(invitation)
        messages.success(
            request, f"We are sending a new link to {invitation.name}. The old one does not work."
        )
    return redirect("invitations")


def _check_permission(request: HttpRequest) -> None:
    if not user_policy.user_has_permission(request.user, "add"):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
@private_link_view
def accept_invitation(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show the form for a password to an invited person; a POST of it creates the account."""
    invitation = find_invitation(token)
    if invitation is None:
        return _render_ended(request)
    user = get_user_model()(
        email=invitation.email, first_name=invitation.first_name, last_name=invitation.last_name
    )
    is_sent = request.method == "POST" and may_use_password(invitation.email)
    form = SetPasswordForm(user, request.POST if is_sent else None)
    for name, label in (("new_password1", "Password"), ("new_password2", "Password again")):
        form.fields[name].label = label
    if form.is_bound and form.is_valid():
        if not accept(invitation, form.cleaned_data["new_password1"], request):
            return _render_ended(request)
        site_messages.success(request, ACCOUNT_READY)
        return redirect("wagtailadmin_login")
    context = {
        "invitation": invitation,
        "form": form,
        "provider_name": get_provider_name(),
        "may_use_password": may_use_password(invitation.email),
    }
    return render_privately(request, "sign_in/invitation.html", context)


def _render_ended(request: HttpRequest) -> HttpResponse:
    return render_privately(request, "sign_in/invitation_ended.html", {}, HTTPStatus.GONE)
