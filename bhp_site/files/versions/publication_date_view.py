"""Setting when a version of a document was published."""

import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
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

from bhp_site.core.caching.invalidation import send_content_changed

from .models import DocumentVersion
from .publication_dates import get_default_date
from .view_mixins import ChangesVersionMixin

EARLIEST = datetime.date(1900, 1, 1)


class PublicationDateForm(forms.ModelForm):
    """When a version was published, and how exact that is."""

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
        help_text = f"Visitors see this date beside the version. Leave it empty for {default}."
        self.fields["published_date"].help_text = help_text

    def clean_published_date(self) -> datetime.date | None:
        date: datetime.date | None = self.cleaned_data["published_date"]
        if date and date > timezone.localdate():
            raise forms.ValidationError("This date is in the future. Enter a date up to today.")
        if date and date < EARLIEST:
            raise forms.ValidationError("Enter a year from 1900 on.")
        return date


class PublicationDateView(
    ChangesVersionMixin, PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView
):
    """Asks when a version was published; logged in the history of its document."""

    form_class = PublicationDateForm
    template_name = "wagtaildocs/documents/version_form.html"
    permission_policy = ModelPermissionPolicy(DocumentVersion)
    permission_required = "withdraw"
    page_title = "Publication date"
    header_icon = "calendar"

    @cached_property
    def version(self) -> DocumentVersion:
        versions = DocumentVersion.objects.select_related("document")
        return get_object_or_404(versions, pk=self.kwargs["pk"])

    @property
    def _back(self) -> str:
        return reverse("wagtaildocs:edit", args=[self.version.document_id])

    def get_page_subtitle(self) -> str:
        return f"Publication date of {self.version}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.path,
            "submit_button_label": "Save the date",
            "cancel_url": self._back,
            "media": context["form"].media,
        }

    def form_valid(self, form: forms.ModelForm) -> HttpResponse:
        if form.has_changed():
            self._save(form)
        messages.success(
            self.request, f"{self.version}: published {self.version.publication.in_words}."
        )
        return redirect(self._back)

    def _save(self, form: forms.ModelForm) -> None:
        self.version.save(update_fields=["published_date", "published_precision"])
        document, number = self.version.document, self.version.number
        if self.version.published_date:
            done = f"published {self.version.publication.in_words}"
        else:
            done = f"publication date by default, {self.version.publication.in_words}"
        log(
            document,
            "files.date",
            user=self.request.user,
            data={"version": number, "done": done},
        )
        # Search shows the date with the document.
        send_content_changed(document, "save")
