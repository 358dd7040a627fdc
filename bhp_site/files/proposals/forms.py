"""Forms that store a change of public content as a proposal where a publisher must approve it."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.utils.file import hash_filelike

from bhp_site.core.images.forms import SiteImageForm
from bhp_site.core.publishing import second_person

from ..forms import SiteDocumentForm
from ..permissions.approval import (
    get_public_fields,
    needs_approval,
    needs_second_person,
    refuses_creation,
)
from ..storage import compute_sha256
from ..virus_scan.uploads import ScansUploadMixin
from .models import Proposal, create_proposal

PUBLIC_COLLECTION = (
    "Everything in this collection is public, and you do not have permission to publish in it. "
    "Choose another collection, or ask a publisher to add this."
)


class ProposalFormMixin:
    """For the form of a document or image; `proposal` is set if `save` has only proposed."""

    instance: Any
    fields: Any
    cleaned_data: Any
    data: Any
    changed_data: list[str]
    collections: Any
    proposal: Proposal | None = None
    proposes = False
    # True if a publisher's change of what is public needs a second person, or a reason.
    may_go_ahead = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail's form takes it out of the arguments.
        self.user = kwargs.get("user")
        super().__init__(*args, **kwargs)

    def clean(self) -> Any:
        """Return the cleaned data, and set whether the change becomes a proposal.

        Adding to a public collection without permission is an error.
        """
        cleaned = super().clean()  # type: ignore[misc]
        if self.user is None:
            return cleaned
        collection = self.cleaned_data.get("collection")
        if collection is None and len(self.collections) == 1:
            collection = self.collections[0]
        model = type(self.instance)
        if self.instance.pk:
            stored = model._base_manager.get(pk=self.instance.pk)
            self.proposes = needs_approval(self.user, stored, collection)
            self._ask_second_person(stored)
        elif refuses_creation(self.user, model, collection):
            # Where several are uploaded, what is said of the file is shown at once.
            names = (name for name in ("file", "collection") if name in self.fields)
            self.add_error(next(names, None), ValidationError(PUBLIC_COLLECTION))  # type: ignore[attr-defined]
        return cleaned

    @property
    def reason_for_going_ahead(self) -> str:
        """Return why no second person is waited for; "" if somebody is."""
        return str(self.data.get(second_person.REASON_FIELD, "")).strip()

    @property
    def changes_public(self) -> bool:
        """Return True if visitors would see a difference."""
        return bool(set(self.changed_data) & get_public_fields(type(self.instance)))

    def _ask_second_person(self, stored: Any) -> None:
        """Make a publisher's change a proposal, unless they go ahead with a reason."""
        if not self.proposes and self.changes_public and needs_second_person(stored):
            self.may_go_ahead = True
            self.proposes = not self.reason_for_going_ahead

    def save(self, commit: bool = True) -> Any:
        """Save the instance, or store a proposal instead; return the stored instance.

        Log a reason for going ahead.
        """
        if not self.proposes:
            return self._save_now(commit)
        stored = type(self.instance)._base_manager.get(pk=self.instance.pk)
        if set(self.changed_data) - {"version_seen"}:
            self.proposal = create_proposal(self, stored, self.user)
            self.discard_kept_file()  # type: ignore[attr-defined]
        self.instance = stored
        return stored

    def _save_now(self, commit: bool) -> Any:
        if not self.may_go_ahead:
            return super().save(commit=commit)  # type: ignore[misc]
        with second_person.go_ahead(self.reason_for_going_ahead):
            instance = super().save(commit=commit)  # type: ignore[misc]
            second_person.log_reason(instance, self.user)
        return instance


class DocumentForm(ProposalFormMixin, ScansUploadMixin, SiteDocumentForm):
    """The form of a document, in every view of the admin."""

    def compute_hash(self, file: Any) -> str:
        """Return the SHA-256, by which the version will be known."""
        return compute_sha256(file)

    @property
    def changes_public(self) -> bool:
        """Return True if visitors would see a difference, such as a new version."""
        return bool(self.replaces_file or super().changes_public)


class ImageForm(ProposalFormMixin, ScansUploadMixin, SiteImageForm):
    """The form of an image, in every view of the admin."""

    def compute_hash(self, file: Any) -> str:
        """Return the hash that Wagtail stores with the image."""
        return str(hash_filelike(file))
