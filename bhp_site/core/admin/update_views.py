"""Change or delete an update that a page lists."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log

from bhp_site.core.page_updates import PageUpdate

from .links import get_edit_url


class UpdateForm(forms.ModelForm):
    """The note of an update, and whether it is shown at the top of the page."""

    class Meta:
        model = PageUpdate
        fields = ["note", "is_correction"]
        labels = {
            "note": "What changed",
            "is_correction": "Correction: show it at the top of the page",
        }

    delete = forms.BooleanField(
        label="Delete this update",
        required=False,
        help_text="Only for a mistake: readers rely on the list. You cannot undo this.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True


class UpdateFormatter(LogFormatter):
    """Describes a changed update in the history of its page."""

    label = "Change an update"

    def format_message(self, log_entry: Any) -> str:
        """Return what was done with which update."""
        data = log_entry.data
        done = "Deleted" if data["deleted"] else "Changed"
        return f"{done} the update of {data['date']}, “{data['before']}”"


class UpdateView(WagtailAdminTemplateMixin, FormView):
    """The form with an update of a page, for users who may publish the page."""

    form_class = UpdateForm
    template_name = "admin/form_with_cancel.html"
    page_title = "Change an update"
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Return the response; raise PermissionDenied unless the user may publish the page."""
        if not self.update.page.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def update(self) -> PageUpdate:
        """Return the update in the URL; raise Http404 if there is none."""
        return get_object_or_404(PageUpdate.objects.select_related("page"), pk=self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the arguments of the form with the update."""
        return super().get_form_kwargs() | {"instance": self.update}

    def get_page_subtitle(self) -> str:
        """Return the title of the page."""
        return str(self.update.page)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context of the form with its labels and URLs."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.path,
            "submit_button_label": "Save",
            "cancel_url": get_edit_url(self.update.page),
            "media": context["form"].media,
        }

    def form_valid(self, form: UpdateForm) -> HttpResponse:
        """Save or delete the update, and return a redirect to the editor of the page."""
        date, before = self.update.published_at, form.initial["note"]
        page, is_deleted = self.update.page, form.cleaned_data["delete"]
        if is_deleted:
            self.update.delete()
        else:
            form.save()
        data = {"deleted": is_deleted, "date": f"{date:%Y-%m-%d}", "before": before}
        log(instance=page.specific, action="core.change_update", user=self.request.user, data=data)
        done = "deleted. Readers no longer see it." if is_deleted else "changed for all readers."
        messages.success(self.request, f"The update has been {done}")
        return redirect(get_edit_url(page))
