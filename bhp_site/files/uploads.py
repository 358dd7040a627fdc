"""Uploading in the admin: what is there already, or hard to use, is asked about first.

Nothing is created before the editor has decided. Until then the bytes wait where Wagtail keeps
those of unfinished uploads, so that they need not be sent twice.
"""

from typing import Any

from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.documents.forms import get_document_form
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.documents import EditView
from wagtail.documents.views.multiple import AddView, CreateFromUploadedDocumentView
from wagtail.models import UploadedFile

from .duplicates import Known, known
from .findings import explained
from .models import SiteDocument
from .readiness import serious
from .replacement import ReplacementReviewMixin


class ReasonForm(forms.ModelForm):
    class Meta:
        model = SiteDocument
        fields = ["accessibility_reason"]


def keep_waiting(file: File, user: Any) -> UploadedFile:
    kind = ContentType.objects.get_for_model(SiteDocument)
    upload: UploadedFile = UploadedFile.objects.create(
        for_content_type=kind, file=file, uploaded_by_user=user
    )
    return upload


def waiting(key: str, user: Any) -> UploadedFile | None:
    """The upload of this key that `user` has been asked about, while its bytes are there."""
    if not key.isdecimal():
        return None
    kind = ContentType.objects.get_for_model(SiteDocument)
    uploads = UploadedFile.objects.filter(for_content_type=kind, uploaded_by_user=user)
    found: UploadedFile | None = uploads.filter(pk=key).first()
    return found if found and found.file.storage.exists(found.file.name) else None


class UploadView(DocumentChooserUploadView):
    """Takes a file in the chooser; the answer to its question comes through the same form."""

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_creation_form_kwargs()
        if self.waiting:
            kwargs["files"] = {f"{kwargs['prefix']}-file": File(self.waiting.file)}
        return kwargs

    @cached_property
    def waiting(self) -> UploadedFile | None:
        """What the editor has been asked about and has decided to keep."""
        return waiting(self.request.POST.get("waiting", ""), self.request.user)

    def post(self, request: HttpRequest) -> HttpResponse:
        self.form = self.get_creation_form()
        response: HttpResponse
        if not self.form.is_valid():
            response = self.get_reshow_creation_form_response()
        elif not self.waiting and (there := self.what_to_know()):
            return self.ask(there)
        else:
            response = self.get_chosen_response(self.save_form(self.form))
        if self.waiting:
            self.waiting.file.delete(save=False)
            self.waiting.delete()
        return response

    def what_to_know(self) -> dict[str, Any]:
        """What an editor should know of the file before it is kept; {} where there is nothing."""
        document = self.form.instance
        found = {
            "known": known(document.sha256, self.request.user),
            "serious": serious(document),
        }
        return found if any(found.values()) else {}

    def ask(self, found: dict[str, Any]) -> HttpResponse:
        context = found | {
            "document": self.form.instance,
            "upload": keep_waiting(self.form.cleaned_data["file"], self.request.user),
            "title_name": self.form.add_prefix("title"),
            "reason": ReasonForm(prefix=self.form.prefix)["accessibility_reason"],
            "parameters": self.append_preserved_url_parameters(""),
        }
        html = render_to_string("wagtaildocs/chooser/question.html", context, self.request)
        step = {"step": "upload_question", "htmlFragment": html}
        return render_modal_workflow(self.request, None, json_data=step)


class AlreadyThere(Exception):
    """The file of the form at hand is there already."""


class SeveralView(AddView):
    """Takes files one after the other; one that is there already waits in its row."""

    edit_form_template_name = "wagtaildocs/multiple/edit_form.html"
    known: list[Known] = []

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request)
            return response
        except AlreadyThere:
            return JsonResponse(self.get_edit_upload_response_data())

    def save_object(self, form: Any) -> SiteDocument:
        self.known = known(form.instance.sha256, self.request.user)
        if self.known:
            self.object = form.instance
            self.upload_object = keep_waiting(form.cleaned_data["file"], self.request.user)
            raise AlreadyThere
        document: SiteDocument = super().save_object(form)
        return document

    def get_edit_object_form_context_data(self) -> dict[str, Any]:
        findings = explained(self.object.findings)
        return super().get_edit_object_form_context_data() | {"findings": findings}

    def get_edit_upload_form_context_data(self) -> dict[str, Any]:
        return super().get_edit_upload_form_context_data() | {"known": self.known}


class FileView(ReplacementReviewMixin, EditView):
    """The screen of a document, where its file can be replaced."""


class KeepView(CreateFromUploadedDocumentView):
    """Makes a file of an upload that has waited; Wagtail's own does not validate its bytes."""

    def get_edit_form_class(self) -> Any:
        return get_document_form(self.model)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = kwargs[self.upload_pk_url_kwarg]
        upload = waiting(str(key), request.user)
        if upload is None:
            raise Http404
        file = File(upload.file)
        request.FILES[f"{self.edit_upload_form_prefix}-{key}-file"] = file  # type: ignore[assignment]
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response

    def save_object(self, form: Any) -> None:
        self.object.uploaded_by_user = self.request.user
        form.save()
