"""The screen “Personal data” of administrators: what is stored about a person."""

import logging
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse_lazy
from django.views.generic import FormView
from wagtail.admin import messages

from ..personal_data import (
    build_data_csv_response,
    build_data_response,
    collect_data,
    delete_data,
)
from .administrators import AdministratorScreenMixin

logger = logging.getLogger(__name__)


class PersonalDataForm(forms.Form):
    """The form with the address of the person to look for."""

    address = forms.CharField(
        label="E-mail address",
        max_length=254,
        help_text="For readers of drafts, who leave no address, enter the name exactly.",
    )


class PersonalDataView(AdministratorScreenMixin, FormView):
    """Searches, exports and deletes what all parts of the site store about a person.

    Everything is sent by POST, so that no address is in a log or in the history of a browser.
    """

    template_name = "admin/personal_data.html"
    page_title = "Personal data"
    header_icon = "user"
    form_class = PersonalDataForm
    success_url = reverse_lazy("personal-data")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Return the response, which browsers may not store."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def form_valid(self, form: PersonalDataForm) -> HttpResponse:
        """Show, export or delete the data, as the button says."""
        address = form.cleaned_data["address"]
        action = self.request.POST.get("action")
        if action == "delete":
            return self._delete(form, address)
        data = collect_data(address)
        if action == "json":
            return build_data_response("personal-data.json", data)
        if action == "csv":
            return build_data_csv_response("personal-data.csv", data)
        return self.render_to_response(
            self.get_context_data(form=form, data=data, address=address, is_searched=True)
        )

    def _delete(self, form: PersonalDataForm, address: str) -> HttpResponse:
        done = delete_data(address)
        # Who deleted something is logged, but not whose data it was.
        logger.info("Personal data was deleted by user %s", self.request.user.pk)
        if done:
            messages.success(self.request, "The data below was deleted.")
        else:
            messages.warning(self.request, "Nothing is stored about this address.")
        return self.render_to_response(self.get_context_data(form=form, deletions=done))
