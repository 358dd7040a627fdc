"""The screens on which a document or an image is edited, under the rule of `approval`."""

from typing import Any

from wagtail.documents.views import documents, multiple
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images

from ..models import SiteDocument
from ..proposals.edit_mixin import ProposalViewMixin, add_proposal_message
from ..signals import document_edited
from ..versions.replacement_view import ReplacementReviewMixin


class EditDocumentView(ProposalViewMixin, ReplacementReviewMixin, documents.EditView):
    """The screen of a document, where its file can be replaced."""

    def save_instance(self) -> SiteDocument:
        """Save the document, or store the changes as a proposal, and return the document."""
        document: SiteDocument = super().save_instance()
        if not self.form.proposes:
            document_edited.send(SiteDocument, request=self.request, document=document)
        return document


class EditImageView(ProposalViewMixin, images.EditView):
    """The screen of an image."""


class SaveUploadedMixin:
    """For the form of one upload of several: its object may have become public meanwhile."""

    request: Any

    def save_object(self, form: Any) -> None:
        """Save the object, or store the changes as a proposal and add a message that says so."""
        form.save()
        add_proposal_message(self.request, form)


class EditUploadedDocumentView(SaveUploadedMixin, multiple.EditView):
    """The form of one of several documents that have been uploaded."""


class EditUploadedImageView(SaveUploadedMixin, multiple_images.EditView):
    """The form of one of several images that have been uploaded."""
