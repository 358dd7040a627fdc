"""Wagtail's views that change documents and images, under the rule of `approval`."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.documents.views import documents, multiple
from wagtail.documents.views.bulk_actions import (
    AddTagsBulkAction,
    AddToCollectionBulkAction,
    DeleteBulkAction,
)
from wagtail.images.views import images
from wagtail.images.views import multiple as multiple_images
from wagtail.images.views.bulk_actions import AddTagsBulkAction as AddImageTags
from wagtail.images.views.bulk_actions import AddToCollectionBulkAction as AddImagesToCollection
from wagtail.images.views.bulk_actions import DeleteBulkAction as DeleteImages

from bhp_site.core.changes import announce

from ..permissions.approval import needs_approval, refuses_move
from ..proposals.views import ProposalViewMixin, add_proposal_message


class EditImageView(ProposalViewMixin, images.EditView):
    """The screen of an image."""


class SaveUploadedMixin:
    """For the form of one upload of several: its object may have become public meanwhile."""

    request: Any

    def save_object(self, form: Any) -> None:
        form.save()
        add_proposal_message(self.request, form)


class EditUploadedDocumentView(SaveUploadedMixin, multiple.EditView):
    pass


class EditUploadedImageView(SaveUploadedMixin, multiple_images.EditView):
    pass


class DeleteUploadedMixin:
    """For deleting one upload of several: not if it is public, nor if something needs it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        model = self.get_model()  # type: ignore[attr-defined]
        found = get_object_or_404(model, pk=kwargs[self.pk_url_kwarg])  # type: ignore[attr-defined]
        if needs_approval(request.user, found):
            raise PermissionDenied
        try:
            with transaction.atomic():
                response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except ProtectedError as error:
            raise PermissionDenied from error
        return response


class DeleteUploadedDocumentView(DeleteUploadedMixin, multiple.DeleteView):
    pass


class DeleteUploadedImageView(DeleteUploadedMixin, multiple_images.DeleteView):
    pass


class RefuseDeletionMixin:
    """For a delete view: say that what is public is deleted by a publisher."""

    request: Any
    object: Any
    edit_url_name = ""

    # Wagtail has checked by then that the user may change the object at all.
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found: HttpResponse = self._refuse() or super().get(request, *args, **kwargs)  # type: ignore[misc]
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found: HttpResponse = self._refuse() or super().post(request, *args, **kwargs)  # type: ignore[misc]
        return found

    def _refuse(self) -> HttpResponse | None:
        if not needs_approval(self.request.user, self.object):
            return None
        messages.error(
            self.request,
            f"“{self.object.title}” was not deleted, because it is public. Ask a publisher to "
            "delete it, or to take it off the pages that show it.",
        )
        return redirect(self.edit_url_name, self.object.pk)


class DeleteDocumentView(RefuseDeletionMixin, documents.DeleteView):
    edit_url_name = "wagtaildocs:edit"


class DeleteImageView(RefuseDeletionMixin, images.DeleteView):
    edit_url_name = "wagtailimages:edit"


class BulkApprovalMixin:
    """For a bulk action: leave alone, and name, what the user may not change without approval."""

    request: Any

    def check_perm(self, instance: Any) -> bool:
        allowed = super().check_perm(instance)  # type: ignore[misc]
        return bool(allowed) and not needs_approval(self.request.user, instance)


class MoveApprovalMixin(BulkApprovalMixin):
    """For moving to a collection, which may be public."""

    cleaned_form: Any

    def form_valid(self, form: Any) -> HttpResponse:
        collection = form.cleaned_data["collection"]
        actionable = self.get_actionable_objects()[0]  # type: ignore[attr-defined]
        if any(refuses_move(self.request.user, one, collection) for one in actionable):
            form.add_error(
                "collection",
                "Nothing was moved: this would publish something, or move something public, where "
                "you may not publish. Choose another collection, or ask a publisher.",
            )
            response: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
            return response
        moved: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        for one in actionable:
            # Wagtail updates the rows without a signal, and a collection may be public.
            announce(one, "move")
        return moved


class DeleteDocumentsAction(BulkApprovalMixin, DeleteBulkAction):
    pass


class DeleteImagesAction(BulkApprovalMixin, DeleteImages):
    pass


class MoveDocumentsAction(MoveApprovalMixin, AddToCollectionBulkAction):
    pass


class MoveImagesAction(MoveApprovalMixin, AddImagesToCollection):
    pass


class TagDocumentsAction(BulkApprovalMixin, AddTagsBulkAction):
    pass


class TagImagesAction(BulkApprovalMixin, AddImageTags):
    pass


BULK_ACTIONS = [
    *(DeleteDocumentsAction, MoveDocumentsAction, TagDocumentsAction),
    *(DeleteImagesAction, MoveImagesAction, TagImagesAction),
]
