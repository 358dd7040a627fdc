"""Withdrawing a version of a file: who may, and how the admin asks why."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permission_policies import ModelPermissionPolicy

from .models import DocumentVersion
from .view_mixins import ChangesVersionMixin


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        max_length=250,
        help_text="Shown to visitors in place of the document, for example “It named a person who "
        "must not be named”. You cannot undo this, but a new version can take its place.",
    )


class WithdrawView(
    ChangesVersionMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView
):
    """Asks for the reason; from then on the version’s address answers 410 with it."""

    form_class = WithdrawForm
    template_name = "wagtaildocs/documents/version_form.html"
    permission_policy = ModelPermissionPolicy(DocumentVersion)
    permission_required = "withdraw"
    page_title = "Withdraw"
    header_icon = "no-view"
    submit_button_label = "Withdraw this version"

    @cached_property
    def version(self) -> DocumentVersion:
        versions = DocumentVersion.objects.select_related("document")
        return get_object_or_404(versions, pk=self.kwargs["pk"], withdrawn_at=None)

    @property
    def _back(self) -> str:
        return reverse("wagtaildocs:edit", args=[self.version.document_id])

    def get_page_subtitle(self) -> str:
        return f"Withdraw {self.version}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "action_url": self.request.path,
            "submit_button_label": self.submit_button_label,
            "cancel_url": self._back,
            "is_form_media_empty": True,
        }

    def form_valid(self, form: forms.Form) -> HttpResponse:
        self.version.withdraw(form.cleaned_data["reason"], self.request.user)
        messages.success(self.request, f"{self.version} has been withdrawn.")
        return redirect(self._back)
