"""How an editor works on a request: who does it, how it stands, and the answer."""

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

from bhp_site.core.choosable import limit_choices
from bhp_site.core.models import SiteSettings, User
from bhp_site.core.object_permissions import get_choosable
from bhp_site.files.models import SiteDocument

from . import letters
from .forms import Words
from .models import AccessibleCopy, Request
from .outbox import send_at_once

LONGEST_ANSWER = 20_000


class RequestForm(forms.ModelForm):
    """Who works on a request, and how it stands."""

    class Meta:
        model = Request
        fields = ["assigned_to", "status"]
        help_texts = {
            "status": "An answer sets it by itself. Choose “Answered” where you have answered by "
            "telephone, for example; nothing personal is kept for long after that."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["assigned_to"]
        people.empty_label = "Nobody yet"
        people.queryset = get_workers()

    def save(self, commit: bool = True) -> Request:
        request: Request = self.instance
        with transaction.atomic():
            # Somebody may have answered, or the personal data been deleted, since it was read:
            # only what this form has changed is written.
            now = get_object_or_404(Request.objects.select_for_update(), pk=request.pk)
            if "status" in self.changed_data:
                now.move_to(self.cleaned_data["status"])
            if "assigned_to" in self.changed_data:
                now.assigned_to = self.cleaned_data["assigned_to"]
            now.save(update_fields=["status", "closed_at", "assigned_to"])
        request.refresh_from_db()
        done = []
        if "assigned_to" in self.changed_data:
            done.append(f"assigned to {request.assigned_to or 'nobody'}")
        if "status" in self.changed_data:
            done.append(f"status {request.get_status_display()}")
        if done:
            log(request, "enquiries.change", data={"done": ", ".join(done)})
        return request


class RequestView(EditView):
    """A request with all that is known of it, and what was done."""

    # Wagtail would give it the name that the visitor's request has in templates.
    context_object_name = "enquiry"
    template_name = "admin/request.html"
    success_message = "The request %(object)s has been saved."

    def save_instance(self) -> Request:
        # The form says in the history what has changed; Wagtail would say that something has.
        found: Request = self.form.save()
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | told_of(self.object)


class RemoveView(DeleteView):
    context_object_name = "enquiry"


def get_workers() -> QuerySet[User]:
    """Return the people who may work on requests."""
    allowed = Q(groups__permissions__codename="change_request") | Q(is_superuser=True)
    return User.objects.filter(allowed, is_active=True).distinct()


def told_of(request: Request) -> dict[str, Any]:
    """What the screens of a request show beside their forms."""
    logs = registry.get_logs_for_instance(request).select_related("user")
    return {
        "page_address": f"{settings.WAGTAILADMIN_BASE_URL}{request.page}",
        "mails": request.messages.all(),
        "failing": request.messages.failing().exists(),
        "copies": request.copies.select_related("copy"),
        "history": logs,
    }


class AnswerForm(forms.Form):
    words = Words(
        label="Your answer",
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Sent as a mail, with the name of the site and the reference below it. Where you "
        "choose a file, its address is added.",
    )
    copy: forms.ModelChoiceField = forms.ModelChoiceField(
        SiteDocument.objects.all(),
        label="Accessible copy",
        required=False,
        widget=AdminDocumentChooser,
        help_text="Choose or upload the file that you have made. It will be offered below the "
        "original, for everybody, wherever that is.",
    )
    called = Words(
        label="Called",
        required=False,
        max_length=60,
        help_text="What visitors read in place of the format, for example “Polish” or “Large "
        "print, 18 point”.",
    )

    def __init__(self, *args: Any, enquiry: Request, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.enquiry = enquiry
        choosable = get_choosable(user, SiteDocument)
        limit_choices(self.fields["copy"], choosable)
        # A copy is public at once, which is for publishers to decide.
        may_offer = user.has_perm("enquiries.add_accessiblecopy")
        if not may_offer or not choosable.filter(pk=enquiry.document_id).exists():
            del self.fields["copy"], self.fields["called"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("copy"):
            try:
                self.accessible_copy(cleaned).clean()
            except ValidationError as error:
                self.add_error("copy", error.messages)
        return cleaned

    def accessible_copy(self, cleaned: dict[str, Any]) -> AccessibleCopy:
        """The copy that the form describes, or the one there is of the same file; not saved."""
        of = {"original": self.enquiry.document, "copy": cleaned["copy"]}
        found = AccessibleCopy.objects.filter(**of).first() or AccessibleCopy(**of)
        found.format, found.request = self.enquiry.format, self.enquiry
        found.called = cleaned.get("called", "")
        return found


class AnswerView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):
    """Writes to who has asked, and offers the copy that was made for them to everybody."""

    model = Request
    form_class = AnswerForm
    template_name = "admin/request_answer.html"
    permission_required = "change"
    page_title = "Answer"
    header_icon = "mail"

    @cached_property
    def enquiry(self) -> Request:
        return get_object_or_404(Request.objects.exclude(email=""), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return f"Answer {self.enquiry}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        here = [
            {"url": reverse("requests:index"), "label": "Requests"},
            {"url": screen_of(self.enquiry), "label": str(self.enquiry)},
            {"url": "", "label": "Answer"},
        ]
        return [*self.breadcrumbs_items, *here]

    def get_initial(self) -> dict[str, str]:
        name = self.enquiry.name
        return {"words": f"Dear {name},\n\n" if name else "Hello,\n\n"}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"enquiry": self.enquiry, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context |= told_of(self.enquiry)
        return context | {
            "media": context["form"].media,
            "enquiry": self.enquiry,
            "action_url": self.request.path,
            "submit_button_label": "Send the answer",
            "submit_button_active_label": "Sending …",
        }

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        with transaction.atomic():
            enquiry = Request.objects.select_for_update().get(pk=self.enquiry.pk)
            copies = []
            if form.cleaned_data.get("copy"):
                copies = [form.accessible_copy(form.cleaned_data)]
                copies[0].save()
            site = SiteSettings.for_request(self.request)
            letters.answer(enquiry, site, form.cleaned_data["words"].strip(), copies)
            enquiry.move_to(Request.Status.ANSWERED)
            enquiry.assigned_to_id = enquiry.assigned_to_id or self.request.user.pk
            enquiry.save()
            log(enquiry, "enquiries.answer", data={"copies": [copy.label for copy in copies]})
        messages.success(self.request, f"The answer to {enquiry.reference} is on its way.")
        return redirect(screen_of(enquiry))


@require_POST
@permission_required("enquiries.change_request")
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Tries at once what could not be sent about a request."""
    enquiry = get_object_or_404(Request, pk=pk)
    for message in enquiry.messages.failing():
        message.try_again()
    for message in enquiry.messages.due():
        send_at_once(message.pk)
    if enquiry.messages.filter(sent_at=None).exists():
        messages.error(request, "Mail still cannot be sent. It is tried again by itself.")
    else:
        messages.success(request, "All mail about this request has been sent.")
    return redirect(screen_of(enquiry))


def screen_of(request: Request) -> str:
    return reverse("requests:edit", args=[request.pk])
