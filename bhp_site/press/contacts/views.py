"""Views of the press list besides Wagtail's own: import, export, and what is known of a person."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from bhp_site.core.personal_data import build_data_response
from bhp_site.core.text.sentences import count_noun
from bhp_site.core.text.spreadsheets import build_csv_response

from ..models import PressContact
from .csv_import import COLUMN_LABELS, ImportPreview, ImportRefused, build_preview, save_new
from .forms import ImportConfirmForm, ImportFileForm


class ImportView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Import people from a CSV file in two steps; nothing is stored before the second."""

    model = PressContact
    form_class = ImportFileForm
    template_name = "admin/press_import.html"
    permission_required = "add"
    page_title = "Import people"
    header_icon = "upload"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the breadcrumbs: the press list, this view."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("press_list:index"), "label": "Press list"},
            {"url": "", "label": "Import"},
        ]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show what a file would add, or add it."""
        if "text" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = ImportConfirmForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was imported. Choose the file again.")
            return redirect(request.path)
        return self._import(form)

    def form_valid(self, form: ImportFileForm) -> HttpResponse:
        """Return the preview of the file, or the form with the reason why it cannot be read."""
        try:
            preview = build_preview(form.cleaned_data["file"], form.cleaned_data["source"])
        except ImportRefused as refusal:
            form.add_error("file", str(refusal))
            return self.form_invalid(form)
        confirm_form = ImportConfirmForm(
            initial={"text": form.cleaned_data["file"], "source": form.cleaned_data["source"]}
        )
        self.template_name = "admin/press_import_preview.html"
        return self.render_to_response(
            self.get_context_data(form=confirm_form, **_get_preview_context(preview))
        )

    def _import(self, form: ImportConfirmForm) -> HttpResponse:
        try:
            with transaction.atomic():
                preview = build_preview(form.cleaned_data["text"], form.cleaned_data["source"])
                count = save_new(preview)
        except ImportRefused as refusal:
            messages.error(self.request, f"Nothing was imported. {refusal}")
            return redirect(self.request.path)
        left_out = len(preview.known) + len(preview.invalid) + len(preview.new) - count
        note = f" {count_noun(left_out, 'row')} left out." if left_out else ""
        messages.success(self.request, f"{count_noun(count, 'person', 'people')} added.{note}")
        return redirect("press_list:index")


def _get_preview_context(preview: ImportPreview) -> dict[str, Any]:
    """Return the context of the preview with the number of rows of each kind in words."""
    return {
        "preview": preview,
        "new_count": count_noun(len(preview.new), "new person", "new people"),
        "known_count": count_noun(len(preview.known), "person", "people"),
        "invalid_count": count_noun(len(preview.invalid), "row"),
    }


@require_safe
@permission_required("press.change_presscontact")
def export_list(request: HttpRequest) -> HttpResponse:
    """Return the whole press list as CSV; an import understands its columns."""
    rows = PressContact.objects.values_list(*COLUMN_LABELS)
    return build_csv_response("press-list.csv", COLUMN_LABELS.values(), rows.iterator())


@require_safe
@permission_required("press.change_presscontact")
def export_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Return all that is stored about one person as a JSON file, to answer their request."""
    contact = get_object_or_404(PressContact, pk=pk)
    return build_data_response(f"press-contact-{pk}.json", contact.as_dict())
