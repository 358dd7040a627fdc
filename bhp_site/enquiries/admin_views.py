"""Forms and views of the admin in which editors assign and answer an enquiry."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.auth import permission_required
from wagtail.admin.views.generic import DeleteView, EditView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.documents.widgets import AdminDocumentChooser
from wagtail.log_actions import log, registry

from bhp_site.core.admin.choosable import limit_choices
from bhp_site.core.admin.object_permissions import get_choosable
from bhp_site.core.models import SiteSettings, User
from bhp_site.files.models import SiteDocument

from . import emails
from .forms import PlainTextField
from .models import AccessibleCopy, Enquiry
from .outbox import retry_failing

MAX_ANSWER_CHARACTERS = 20_000


class EnquiryForm(forms.ModelForm):
    """The assignee and the status of an enquiry."""

    class Meta:
        model = Enquiry
        fields = ["assigned_to", "status"]
        help_texts = {
            "status": (
                "Changes automatically when you send an answer. If you answered by phone, choose "
                "“Answered” yourself. Personal data is deleted some time after an enquiry is "
                "closed."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        users: Any = self.fields["assigned_to"]
        users.empty_label = "Nobody"
        users.queryset = get_assignable_users()

    def save(self, commit: bool = True) -> Enquiry:
        """Save and log only what was changed in this form.

        Another user may have answered the enquiry, or its personal data may have been purged,
        since the form was shown.
        """
        enquiry: Enquiry = self.instance
        with transaction.atomic():
            current = get_object_or_404(Enquiry.objects.select_for_update(), pk=enquiry.pk)
            if "status" in self.changed_data:
                current.set_status(self.cleaned_data["status"])
            if "assigned_to" in self.changed_data:
                current.assigned_to = self.cleaned_data["assigned_to"]
            current.save(update_fields=["status", "closed_at", "assigned_to"])
        enquiry.refresh_from_db()
        changes = []
        if "assigned_to" in self.changed_data:
            changes.append(f"assigned to {enquiry.assigned_to or 'nobody'}")
        if "status" in self.changed_data:
            changes.append(f"status {enquiry.get_status_display()}")
        if changes:
            log(enquiry, "enquiries.change", data={"changes": ", ".join(changes)})
        return enquiry


class EnquiryEditView(EditView):
    """An enquiry with its emails, copies and history, and the form of its status."""

    # Wagtail's default, "request", would hide the HTTP request in templates.
    context_object_name = "enquiry"
    template_name = "admin/enquiry.html"
    success_message = "The enquiry %(object)s has been saved."

    def save_instance(self) -> Enquiry:
        """Save the form, which logs its changes itself, and return the enquiry."""
        # Wagtail would add a second entry to the log, without what has changed.
        enquiry: Enquiry = self.form.save()
        return enquiry

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with the enquiry's documents, e-mails and history."""
        return super().get_context_data(**kwargs) | get_enquiry_context(self.object)


class EnquiryDeleteView(DeleteView):
    """Deletes an enquiry with its emails."""

    context_object_name = "enquiry"


def get_assignable_users() -> QuerySet[User]:
    """Return the active users who may work on enquiries."""
    can_answer = Q(groups__permissions__codename="change_enquiry") | Q(is_superuser=True)
    return User.objects.filter(can_answer, is_active=True).distinct()


def get_enquiry_context(enquiry: Enquiry) -> dict[str, Any]:
    """Return the context of `admin/enquiry_details.html` besides the enquiry itself."""
    return {
        "page_address": f"{settings.WAGTAILADMIN_BASE_URL}{enquiry.page}",
        "emails": enquiry.emails.all(),
        "has_failed_emails": enquiry.emails.failing().exists(),
        "copies": enquiry.copies.select_related("copy"),
        "history": registry.get_logs_for_instance(enquiry).select_related("user"),
    }


class AnswerForm(forms.Form):
    """The answer to an enquiry, and the accessible copy that was made, if `user` may publish it."""

    text = PlainTextField(
        label="Your answer",
        max_length=MAX_ANSWER_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=(
            "Sent by e-mail, with the reference and the name of the site at the end. If you "
            "choose a document below, its address is added."
        ),
    )
    copy: forms.ModelChoiceField = forms.ModelChoiceField(
        SiteDocument.objects.all(),
        label="Accessible copy",
        required=False,
        widget=AdminDocumentChooser,
        help_text=(
            "Choose or upload the copy that you have made. All visitors can then download it, "
            "below the original document."
        ),
    )
    label = PlainTextField(
        label="Label for visitors",
        required=False,
        max_length=60,
        help_text=(
            "The name that visitors see instead of the format, for example “Polish” or “Large "
            "print, 18 point”."
        ),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry
        choosable = get_choosable(user, SiteDocument)
        limit_choices(self.fields["copy"], choosable)
        # A copy is public immediately, which is for publishers to decide.
        can_publish = user.has_perm("enquiries.add_accessiblecopy")
        if not can_publish or not choosable.filter(pk=enquiry.document_id).exists():
            del self.fields["copy"], self.fields["label"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error if the chosen document cannot be the copy."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("copy"):
            try:
                self.build_copy(cleaned).clean()
            except ValidationError as error:
                self.add_error("copy", error.messages)
        return cleaned

    def build_copy(self, cleaned: dict[str, Any]) -> AccessibleCopy:
        """Return the copy that the form describes, unsaved.

        If the chosen document is a copy of this original already, that copy is returned.
        """
        documents = {"original": self.enquiry.document, "copy": cleaned["copy"]}
        copy = AccessibleCopy.objects.filter(**documents).first() or AccessibleCopy(**documents)
        copy.format, copy.enquiry = self.enquiry.format, self.enquiry
        copy.label = cleaned.get("label", "")
        return copy


class AnswerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Emails an answer to the visitor, and publishes the accessible copy that was made."""

    model = Enquiry
    form_class = AnswerForm
    template_name = "admin/enquiry_answer.html"
    permission_required = "change"
    page_title = "Answer an enquiry"
    header_icon = "mail"

    @cached_property
    def enquiry(self) -> Enquiry:
        """Return the enquiry; raise Http404 if there is none with an email address."""
        return get_object_or_404(Enquiry.objects.exclude(email=""), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        """Return the title of the enquiry to answer."""
        return f"Answer {self.enquiry}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the breadcrumbs: the list of enquiries, the enquiry, this view."""
        return [
            *self.breadcrumbs_items,
            {"url": reverse("requests:index"), "label": "Enquiries"},
            {"url": get_edit_url(self.enquiry), "label": str(self.enquiry)},
            {"url": "", "label": "Answer"},
        ]

    def get_initial(self) -> dict[str, str]:
        """Return a text that greets the person who sent the enquiry."""
        name = self.enquiry.name
        return {"text": f"Dear {name},\n\n" if name else "Hello,\n\n"}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Return the form's arguments with the enquiry and the user who answers it."""
        return super().get_form_kwargs() | {"enquiry": self.enquiry, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context of the form with the enquiry."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= get_enquiry_context(self.enquiry)
        return context | {
            "media": context["form"].media,
            "enquiry": self.enquiry,
            "action_url": self.request.path,
            "submit_button_label": "Send the answer",
            "submit_button_active_label": "Sending…",
        }

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        """Save the copy and queue the answer in one transaction; redirect to the enquiry."""
        with transaction.atomic():
            enquiry = Enquiry.objects.select_for_update().get(pk=self.enquiry.pk)
            copies = []
            if form.cleaned_data.get("copy"):
                copies = [form.build_copy(form.cleaned_data)]
                copies[0].save()
            site = SiteSettings.for_request(self.request)
            emails.send_answer(enquiry, site, form.cleaned_data["text"].strip(), copies)
            enquiry.set_status(Enquiry.Status.ANSWERED)
            enquiry.assigned_to_id = enquiry.assigned_to_id or self.request.user.pk
            enquiry.save()
            log(
                enquiry,
                "enquiries.answer",
                data={"copies": [copy.display_label for copy in copies]},
            )
        messages.success(self.request, f"Your answer to {enquiry.reference} is being sent.")
        return redirect(get_edit_url(enquiry))


@require_POST
@permission_required("enquiries.change_enquiry")
def retry_emails(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the emails about an enquiry that have failed again; return a redirect to it."""
    enquiry = get_object_or_404(Enquiry, pk=pk)
    if retry_failing(enquiry):
        is_sent = not enquiry.emails.filter(sent_at=None).exists()
        state = "have been sent" if is_sent else "are being sent"
        messages.success(request, f"All e-mails about this enquiry {state}.")
    else:
        messages.error(
            request, "The e-mail still cannot be sent. The site tries again automatically."
        )
    return redirect(get_edit_url(enquiry))


def get_edit_url(enquiry: Enquiry) -> str:
    """Return the address of an enquiry in the admin."""
    return reverse("requests:edit", args=[enquiry.pk])
