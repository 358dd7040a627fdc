"""The PDFs of a press release: checked when they are sent, documents only once drafts are made."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.functional import cached_property
from wagtail.documents.forms import get_document_form
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from bhp_site.files.admin.duplicates import DuplicateVersion, find_duplicates
from bhp_site.files.admin.uploads import propose_title_and_address, with_reason_field
from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import get_serious_findings
from bhp_site.pdf.findings import ExplainedFinding
from bhp_site.tasks.after_commit import call_after_commit

MAX_DOCUMENTS = 5
PREFIX = "document-{}"


class DocumentChoiceForm(forms.Form):
    """The choice to skip an upload, or to use a document that exists."""

    skip = forms.BooleanField(required=False, label="Do not add this document")
    existing = forms.BooleanField(required=False, label="Use the existing document")


class ReleaseDocument:
    """An upload of a press release, with the form in which the editor checks it."""

    def __init__(self, number: int, user: Any, data: Any, files: Any = None) -> None:
        prefix = PREFIX.format(number)
        self.user = user
        self.choices = DocumentChoiceForm(data, prefix=prefix)
        self.choices.is_valid()
        self.form = get_document_form(SiteDocument)(
            with_reason_field(data, prefix), files, user=user, prefix=prefix
        )
        self.form.fields["file"].widget.is_kept_always = True

    @property
    def is_skipped(self) -> bool:
        """Return True if the editor does not want it."""
        return bool(self.choices.cleaned_data.get("skip"))

    def is_valid(self) -> bool:
        """Return True if it can be stored, or need not be."""
        return self.is_skipped or self.uses_existing or bool(self.form.is_valid())

    @property
    def file_name(self) -> str:
        """Return the name of the file that was chosen."""
        return Path(str(self.form["file"].data or "")).name

    @cached_property
    def duplicates(self) -> list[DuplicateVersion]:
        """Return the documents with the same bytes that the user may choose."""
        digest = self.form.instance.sha256 if self.form.is_valid() else ""
        return find_duplicates(digest, self.user) if digest else []

    @property
    def uses_existing(self) -> bool:
        """Return True if the editor has chosen the document with the same bytes."""
        return bool(self.choices.cleaned_data.get("existing") and self.duplicates)

    @property
    def serious_findings(self) -> list[ExplainedFinding]:
        """Return what keeps some people from using it."""
        return get_serious_findings(self.form.instance) if self.form.is_valid() else []

    @property
    def fields(self) -> list[Any]:
        """Return the fields that the editor sees."""
        names = ["title", "slug", "collection"]
        if self.serious_findings or self.form.errors.get("accessibility_reason"):
            names.append("accessibility_reason")
        return [self.form[name] for name in names if name in self.form.fields]

    def save(self) -> SiteDocument:
        """Return the document: a new one, or the one with the same bytes.

        The kept upload is deleted after the commit, so that a failure loses nothing.
        """
        call_after_commit(self.form.discard_kept_file)
        if self.uses_existing:
            return self.duplicates[0].document
        document: SiteDocument = self.form.save(commit=False)
        document.uploaded_by_user = self.user
        document.save()
        self.form.save_m2m()
        if document.accessibility_reason:
            data = {"reason": document.accessibility_reason}
            log(document, "files.accept", user=self.user, data=data)
        return document

    def discard(self) -> None:
        """Delete the kept upload after the commit."""
        # Finds the upload that was sent, without checking it.
        self.form["file"].data  # noqa: B018
        call_after_commit(self.form.discard_kept_file)


def may_add_documents(user: Any) -> bool:
    """Return True if `user` may add documents to some collection."""
    policy = policy_registry.get_by_type(SiteDocument)
    return bool(policy.user_has_permission(user, "add"))


def keep_document(number: int, file: UploadedFile, title: str, user: Any) -> QueryDict:
    """Check and keep an upload; return the data with which its form is shown to the editor.

    `title` is proposed for it; "" leaves the title to the file. Raises ValidationError with what
    keeps it from being stored.
    """
    prefix = PREFIX.format(number)
    data = QueryDict(mutable=True)
    data[f"{prefix}-title"] = title or Path(file.name or "").stem
    policy = policy_registry.get_by_type(SiteDocument)
    collections = policy.collections_user_has_permission_for(user, "add").order_by("path")
    data[f"{prefix}-collection"] = str(collections[0].pk)
    form = get_document_form(SiteDocument)(
        with_reason_field(data, prefix), {f"{prefix}-file": file}, user=user, prefix=prefix
    )
    if not form.is_valid():
        messages = [message for errors in form.errors.values() for message in errors]
        raise forms.ValidationError(f"{file.name}: {' '.join(messages)}")
    propose_title_and_address(form)
    data[f"{prefix}-title"], data[f"{prefix}-slug"] = form.instance.title, form.instance.slug
    data[f"{prefix}-file-kept"] = form.fields["file"].widget.keep()
    if find_duplicates(form.instance.sha256, user):
        data[f"{prefix}-existing"] = "on"
    return data
