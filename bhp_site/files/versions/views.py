"""Forms about one version of a document: withdraw it, or set when it was published."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry

from bhp_site.core.caching.invalidation import send_content_changed

from ..models import SiteDocument
from .models import DocumentVersion
from .publication_dates import get_default_date

EARLIEST_DATE = datetime.date(1900, 1, 1)


class VersionFormView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """A form about one version, for users who may change its document and withdraw versions.

    Subclasses set `page_title` and `submit_button_label`, and do the work in `form_valid`.
    """

    template_name = "admin/form_with_cancel.html"
    permission_policy = ModelPermissionPolicy(DocumentVersion)
    permission_required = "withdraw"
    submit_button_label = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response; raise PermissionDenied unless the user may change the document."""
        policy = policy_registry.get_by_type(SiteDocument)
        document = self.version.document
        if not policy.user_has_permission_for_instance(request.user, "change", document):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def version(self) -> DocumentVersion:
        """Return the version in the URL; raise Http404 if there is none."""
        versions = DocumentVersion.objects.select_related("document")
        return get_object_or_404(versions, pk=self.kwargs["pk"])

    @property
    def document_url(self) -> str:
        """Return the URL of the document's form, to which the view redirects."""
        return reverse("wagtaildocs:edit", args=[self.version.document_id])

    def get_page_subtitle(self) -> str:
        """Return the title with the version."""
        return f"{self.page_title} {self.version}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context of the form with its labels and URLs."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.path,
            "submit_button_label": self.submit_button_label,
            "cancel_url": self.document_url,
            "media": context["form"].media,
        }


class WithdrawForm(forms.Form):
    """Why a version is withdrawn."""

    reason = forms.CharField(
        max_length=250,
        help_text=(
            "Visitors see this instead of the document, for example “It contained personal data”. "
            "You cannot undo this, but you can upload a new version."
        ),
    )


class WithdrawView(VersionFormView):
    """Withdraws a version: its URL then returns 410 with the reason."""

    form_class = WithdrawForm
    page_title = "Withdraw"
    header_icon = "no-view"
    submit_button_label = "Withdraw this version"

    @cached_property
    def version(self) -> DocumentVersion:
        """Return the version, which has not been withdrawn yet; raises Http404."""
        versions = DocumentVersion.objects.select_related("document")
        return get_object_or_404(versions, pk=self.kwargs["pk"], withdrawn_at=None)

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """Withdraw the version and return a redirect to the document's form."""
        self.version.withdraw(form.cleaned_data["reason"], self.request.user)
        messages.success(self.request, f"{self.version} has been withdrawn.")
        return redirect(self.document_url)


class PublicationDateForm(forms.ModelForm):
    """The form with the publication date of a version, and its precision."""

    class Meta:
        model = DocumentVersion
        fields = ["published_date", "published_precision"]
        labels = {
            "published_date": "Published on",
            "published_precision": "How exact is this date?",
        }
        help_texts = {
            "published_precision": "If you only know the month or the year, enter its first day "
            "above.",
        }
        widgets = {"published_date": AdminDateInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = get_default_date(self.instance).in_words
        help_text = (
            f"Visitors see this date beside the version. If you leave it empty, they see {default}."
        )
        self.fields["published_date"].help_text = help_text

    def clean_published_date(self) -> datetime.date | None:
        """Return the date; raises ValidationError unless it is between 1900 and today."""
        date: datetime.date | None = self.cleaned_data["published_date"]
        if date and date > timezone.localdate():
            raise forms.ValidationError("This date is in the future. Enter a date up to today.")
        if date and date < EARLIEST_DATE:
            raise forms.ValidationError("Enter a year from 1900 onwards.")
        return date


class PublicationDateView(VersionFormView):
    """Set when a version was published; logged in the history of its document."""

    form_class = PublicationDateForm
    page_title = "Publication date"
    header_icon = "calendar"
    submit_button_label = "Save the date"

    def get_page_subtitle(self) -> str:
        """Return the title with the version."""
        return f"Publication date of {self.version}"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the form's arguments with the document version that it changes."""
        return super().get_form_kwargs() | {"instance": self.version}

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        """Save the date and return a redirect to the document's form."""
        version = self.version
        if form.has_changed():
            self._save_date()
        messages.success(self.request, f"{version}: published {version.publication.in_words}.")
        return redirect(self.document_url)

    def _save_date(self) -> None:
        version = self.version
        version.save(update_fields=["published_date", "published_precision"])
        if version.published_date:
            change = f"published {version.publication.in_words}"
        else:
            change = f"publication date by default, {version.publication.in_words}"
        data = {"version": version.number, "done": change}
        log(version.document, "files.date", user=self.request.user, data=data)
        # Search shows the date with the document.
        send_content_changed(version.document, "save")
