"""Replacing the file of a document: the editor sees what differs before the bytes are public."""

from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.template.response import TemplateResponse
from wagtail.admin import messages

from bhp_site.core.publishing.second_person import REASON_FIELD
from bhp_site.pdf.findings import explain_findings

from ..models import SiteDocument
from .review import find_affected_places, review_upload

CONFIRMATION_SALT = "replacement"
MAX_SHOWN_PAGES = 30
# Fields of the form that the review screen sends itself.
REVIEW_FIELDS = (
    *("csrfmiddlewaretoken", "confirmed", "version_reason", "file-kept", "action-back"),
    REASON_FIELD,
)
CHANGED_MEANWHILE = (
    "Somebody else has replaced this document since you opened this page. Compare your file with "
    "the current version."
)


class ReplacementReviewMixin:
    """For the edit view of a document: show a replacement for review before it is saved."""

    request: Any
    object: Any
    form: Any
    template_name: str
    review_template_name = "wagtaildocs/documents/review.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Save the form, or show the review if it replaces the file and is not confirmed yet."""
        if not form.replaces_file:
            return super().form_valid(form)  # type: ignore[misc]
        if "action-back" in self.request.POST:
            form.fields["file"].widget.is_kept_always = True
            return self._render_form(form)
        if not self._is_confirmed(form):
            return self._render_review(form)
        if form.needs_reason and not form.cleaned_data["version_reason"]:
            form.add_error("version_reason", "Enter the reason for publishing this version.")
            return self._render_review(form)
        return super().form_valid(form)  # type: ignore[misc]

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the review again if only its reason is wrong, else the form."""
        if "confirmed" in self.request.POST and form.errors.keys() <= {"version_reason"}:
            return self._render_review(form)
        self._restore_object()
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        return response

    def get_success_message(self) -> str:
        """Return the message after saving; a replacement names the new version."""
        if not self.form.replaces_file:
            return super().get_success_message()  # type: ignore[misc,no-any-return]
        document = self.object
        return f"“{document.title}” now has a new file, version {document.version_number}."

    def _restore_object(self) -> None:
        # The form has put the upload, which is not stored, in place of the file that is there:
        # Wagtail would say of that one that it cannot be found, and offer to delete it.
        self.object.refresh_from_db()

    def _render_form(self, form: Any) -> HttpResponse:
        self.form = form
        self._restore_object()
        context = self.get_context_data(form=form)  # type: ignore[attr-defined]
        return self.render_to_response(context)  # type: ignore[attr-defined,no-any-return]

    def _get_confirmation(self, form: Any) -> str:
        """Return what the review signs: these bytes in place of that version."""
        stored = SiteDocument.objects.get(pk=self.object.pk)
        return f"{form.instance.sha256} {stored.pk} {stored.version_number}"

    def _is_confirmed(self, form: Any) -> bool:
        try:
            confirmed = signing.loads(
                self.request.POST.get("confirmed", ""), salt=CONFIRMATION_SALT
            )
        except signing.BadSignature:
            return False
        if confirmed == self._get_confirmation(form):
            return True
        messages.warning(self.request, CHANGED_MEANWHILE)
        return False

    def _render_review(self, form: Any) -> HttpResponse:
        """Return the screen that shows what differs and asks for confirmation."""
        stored = SiteDocument.objects.get(pk=self.object.pk)
        upload = form.instance
        comparison = review_upload(stored, form.cleaned_data["file"], pages=upload.pages)
        findings = explain_findings(upload.findings)
        values = [
            (name, value)
            for name, values in self.request.POST.lists()
            if name not in REVIEW_FIELDS
            for value in values
        ]
        context = {
            "document": stored,
            "upload": upload,
            "next_number": stored.version_number + 1,
            "comparison": comparison,
            "shown_pages": comparison.changed[:MAX_SHOWN_PAGES],
            "hidden_pages": comparison.changed[MAX_SHOWN_PAGES:],
            "places": find_affected_places(stored, comparison, self.request.user),
            "findings": findings,
            "is_public": stored.is_public,
            "reason": form["version_reason"],
            "needs_reason": form.needs_reason,
            "has_serious_findings": any(finding.serious for finding in findings),
            "note": form.cleaned_data.get("note", ""),
            "values": values,
            "kept": form.fields["file"].widget.keep(),
            "confirmed": signing.dumps(self._get_confirmation(form), salt=CONFIRMATION_SALT),
            "page_title": "Review the new file",
            "header_icon": "doc-full-inverse",
        }
        return TemplateResponse(self.request, self.review_template_name, context)
