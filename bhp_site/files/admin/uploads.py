"""Uploading in the admin: the editor confirms the title and address of a document first.

An address is permanent, so nothing is created before the editor has seen it, together with what
is already there and what keeps people from using the file. Until then the bytes are kept as
Wagtail's `UploadedFile`, so that they need not be sent twice.
"""

from typing import Any

from django import forms
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.documents.forms import get_document_form
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.multiple import AddView, CreateFromUploadedDocumentView
from wagtail.models import UploadedFile

from bhp_site.core.admin.kept_uploads import discard_upload, find_upload, keep_upload
from bhp_site.pdf.findings import explain_findings

from ..models import SiteDocument
from ..publishing_checks import get_serious_findings
from ..titles import is_from_file_name, propose_title
from .duplicates import DuplicateVersion, find_duplicates

# The question is shown next to the form it is about, whose fields have the same names.
ID_FORMAT = "question_%s"


class PublishingReasonForm(forms.ModelForm):
    """The field for the reason, shown next to the form of an upload."""

    class Meta:
        model = SiteDocument
        fields = ["accessibility_reason"]


class TitleForm(forms.ModelForm):
    """The title and address that are proposed for an upload."""

    class Meta:
        model = SiteDocument
        fields = ["title", "slug"]


def propose_title_and_address(form: Any) -> bool:
    """Set the title and slug of a valid upload form's document where the editor gave none.

    Return True if the editor has not seen both of them yet.
    """
    document, file_name = form.instance, form.cleaned_data["file"].name or ""
    is_typed = not is_from_file_name(form.cleaned_data["title"], file_name)
    if not is_typed:
        document.title = propose_title(document.pdf_title, file_name)
    if form.cleaned_data.get("slug"):
        return not is_typed
    document.slug = document.find_free_slug()
    return True


def with_reason_field(data: QueryDict, prefix: str) -> QueryDict:
    """Return `data`, posted to confirm an upload, with an empty reason if it has none.

    The form has a field for the reason only if one is posted, and a public collection needs it.
    `prefix` is that of the form's fields.
    """
    data = data.copy()
    data.setdefault(f"{prefix}-accessibility_reason", "")
    return data


class ChooserUploadView(DocumentChooserUploadView):
    """Uploads in the chooser, with a confirmation step in the same form."""

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        """Return Wagtail's arguments; a confirmed upload takes the place of the file."""
        kwargs: dict[str, Any] = super().get_creation_form_kwargs()
        if self.waiting:
            name = self.request.POST.get("waiting-name", "")
            file = File(self.waiting.file, name=name or None)
            kwargs["files"] = {f"{kwargs['prefix']}-file": file}
            kwargs["data"] = with_reason_field(kwargs["data"], kwargs["prefix"])
        return kwargs

    @cached_property
    def waiting(self) -> UploadedFile | None:
        """Return the upload that the editor has confirmed; None if this is the first step."""
        return find_upload(self.request.POST.get("waiting", ""), SiteDocument, self.request.user)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the document and return the chooser's next step.

        If the form has errors or something is to be confirmed, return the form instead.
        """
        self.form = self.get_creation_form()
        response: HttpResponse
        if not self.form.is_valid():
            response = self.get_reshow_creation_form_response()
        elif not self.waiting and (question := self.get_question()):
            response = self.render_question(question)
            self.form.discard_kept_file()
            return response
        else:
            response = self.get_chosen_response(self.save_form(self.form))
        if self.waiting:
            discard_upload(self.waiting)
        return response

    def get_question(self) -> dict[str, Any]:
        """Return the context of what the editor has to confirm before the upload; {} if nothing."""
        document = self.form.instance
        question = {
            "is_proposed": propose_title_and_address(self.form),
            "duplicates": find_duplicates(document.sha256, self.request.user),
            "serious_findings": get_serious_findings(document),
        }
        return question if any(question.values()) else {}

    def render_question(self, question: dict[str, Any]) -> HttpResponse:
        """Store the upload and return the modal's step that asks the editor to confirm.

        `question` is what `get_question` returned.
        """
        document, file = self.form.instance, self.form.cleaned_data["file"]
        reason = {"accessibility_reason": self.form.cleaned_data.get("accessibility_reason", "")}
        titles = {"title": document.title, "slug": document.slug}
        context = question | {
            "document": document,
            "upload": keep_upload(file, SiteDocument, self.request.user),
            "file_name": file.name,
            "titles": TitleForm(prefix=self.form.prefix, initial=titles, auto_id=ID_FORMAT),
            "reason": PublishingReasonForm(
                prefix=self.form.prefix, initial=reason, auto_id=ID_FORMAT
            )["accessibility_reason"],
            "parameters": self.append_preserved_url_parameters(""),
        }
        html = render_to_string("wagtaildocs/chooser/question.html", context, self.request)
        step = {"step": "upload_question", "htmlFragment": html}
        return render_modal_workflow(self.request, None, json_data=step)


class ConfirmationRequired(Exception):
    """Raised instead of saving: the editor has to confirm the upload first."""


class UploadDocumentsView(AddView):
    """Uploads of several files; each waits in its row until the editor adds it."""

    edit_form_template_name = "wagtaildocs/multiple/edit_form.html"
    duplicates: list[DuplicateVersion] = []

    def post(self, request: HttpRequest) -> HttpResponse:
        """Return the row of an upload as JSON, with its proposed title and address."""
        try:
            response: HttpResponse = super().post(request)
            return response
        except ConfirmationRequired:
            return JsonResponse(self.get_edit_upload_response_data())

    def save_object(self, form: Any) -> SiteDocument:
        """Store the upload with a proposed title, and raise ConfirmationRequired; never return.

        The editor confirms title and address before `CreateFromUploadView` creates the document.
        """
        propose_title_and_address(form)
        self.object = form.instance
        self.duplicates = find_duplicates(self.object.sha256, self.request.user)
        self.upload_object = keep_upload(form.cleaned_data["file"], SiteDocument, self.request.user)
        raise ConfirmationRequired

    def get_edit_upload_form_context_data(self) -> dict[str, Any]:
        """Return Wagtail's context with the findings and duplicates of the upload."""
        context: dict[str, Any] = super().get_edit_upload_form_context_data()
        prefix = context["form"].prefix
        return context | get_row_context(self.object, prefix) | {"duplicates": self.duplicates}


def get_row_context(document: SiteDocument, prefix: str) -> dict[str, Any]:
    """Return the context of the row of an upload besides its form."""
    has_serious_findings = bool(get_serious_findings(document))
    return {
        "findings": explain_findings(document.findings),
        "reason": PublishingReasonForm(prefix=prefix)["accessibility_reason"]
        if has_serious_findings
        else None,
    }


class CreateFromUploadView(CreateFromUploadedDocumentView):
    """Create a document from a confirmed upload; Wagtail's own view does not validate its bytes."""

    edit_form_template_name = "wagtaildocs/multiple/edit_form.html"

    def get_edit_form_class(self) -> Any:
        """Return the form with the file, which validates its bytes."""
        return get_document_form(self.model)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Create the document, or return the row with errors; raises Http404 without an upload."""
        key = kwargs[self.upload_pk_url_kwarg]
        upload = find_upload(key, SiteDocument, request.user)
        if upload is None:
            raise Http404
        prefix = f"{self.edit_upload_form_prefix}-{key}"
        request.FILES[f"{prefix}-file"] = File(upload.file)  # type: ignore[assignment]
        request.POST = with_reason_field(request.POST, prefix)  # type: ignore[assignment]
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def save_object(self, form: Any) -> None:
        """Save the document as an upload of the user."""
        self.object.uploaded_by_user = self.request.user
        form.save()
