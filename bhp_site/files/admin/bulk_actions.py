"""Wagtail's bulk actions for documents and images, under the rules of `approval`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.documents.views.bulk_actions import (
    AddTagsBulkAction,
    AddToCollectionBulkAction,
    DeleteBulkAction,
)
from wagtail.images.views.bulk_actions import AddTagsBulkAction as AddImageTags
from wagtail.images.views.bulk_actions import AddToCollectionBulkAction as AddImagesToCollection
from wagtail.images.views.bulk_actions import DeleteBulkAction as DeleteImages
from wagtail.models import Collection

from bhp_site.core.caching.invalidation import send_content_changed

from ..permissions.approval import needs_approval, refuses_move
from ..publishing_checks import get_collection_refusal
from .deletion import get_usage_refusal

MOVE_REFUSED = (
    "Nothing was moved. You do not have permission to publish in one of these collections. Choose "
    "another collection, or ask a publisher."
)


class BulkApprovalMixin:
    """For a bulk action: leave alone, and name, what the user may not change without approval."""

    request: HttpRequest
    next_url: str

    def check_perm(self, instance: Any) -> bool:
        """Return True if the user may change `instance` without the approval of a publisher."""
        allowed = super().check_perm(instance)  # type: ignore[misc]
        return bool(allowed) and not needs_approval(self.request.user, instance)


class BulkDeleteMixin(BulkApprovalMixin):
    """For bulk deletion: name the pages that use one of the objects, and delete none of them."""

    def prepare_action(self, objects: Any, objects_without_access: Any) -> HttpResponse | None:
        """Return a redirect with error messages if one of `objects` is in use."""
        user = self.request.user
        reasons = [reason for item in objects if (reason := get_usage_refusal(item, user))]
        for reason in reasons:
            messages.error(self.request, reason)
        if reasons:
            return redirect(self.next_url)
        response: HttpResponse | None = super().prepare_action(  # type: ignore[misc]
            objects, objects_without_access
        )
        return response


class BulkMoveMixin(BulkApprovalMixin):
    """For moving to a collection, which may be public."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Move the objects, or show the form again with the reason why none was moved."""
        collection = form.cleaned_data["collection"]
        objects = self.get_actionable_objects()[0]  # type: ignore[attr-defined]
        if refusal := self.get_refusal(objects, collection):
            form.add_error("collection", refusal)
            response: HttpResponse = self.form_invalid(form)  # type: ignore[attr-defined]
            return response
        moved: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        for instance in objects:
            # Wagtail updates the rows without a signal, and a collection may be public.
            send_content_changed(instance, "move")
        return moved

    def get_refusal(self, objects: list[Any], collection: Collection) -> str:
        """Return why `objects` may not be moved to `collection`; "" if they may."""
        user = self.request.user
        return MOVE_REFUSED if any(refuses_move(user, item, collection) for item in objects) else ""


class BulkDeleteDocuments(BulkDeleteMixin, DeleteBulkAction):
    """Delete several documents."""


class BulkDeleteImages(BulkDeleteMixin, DeleteImages):
    """Delete several images."""


class BulkMoveDocuments(BulkMoveMixin, AddToCollectionBulkAction):
    """Move several documents to a collection."""

    def get_refusal(self, objects: list[Any], collection: Collection) -> str:
        """Return why the documents may not be moved; "" if they may.

        A public collection refuses documents that need a reason for their accessibility problems.
        """
        refusal = super().get_refusal(objects, collection)
        if refusal or not (problems := get_collection_refusal(objects, collection)):
            return refusal
        return f"Nothing was moved. Everything in this collection is public. {problems}"


class BulkMoveImages(BulkMoveMixin, AddImagesToCollection):
    """Move several images to a collection."""


class BulkTagDocuments(BulkApprovalMixin, AddTagsBulkAction):
    """Add tags to several documents."""


class BulkTagImages(BulkApprovalMixin, AddImageTags):
    """Add tags to several images."""


BULK_ACTIONS = [
    *(BulkDeleteDocuments, BulkMoveDocuments, BulkTagDocuments),
    *(BulkDeleteImages, BulkMoveImages, BulkTagImages),
]
