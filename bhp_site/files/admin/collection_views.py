"""The form of a collection: moving it may make everything in it public, or private."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.collections import Edit
from wagtail.models import Collection

from ..permissions.approval import PUBLISH_POLICIES, may_publish_in
from ..permissions.public_access import get_public_keys, is_public_collection
from ..publishing_checks import find_documents_below, get_collection_refusal

MOVE_REFUSED = (
    "Nothing was saved. You do not have permission to publish in one of these collections. Choose "
    "another place, or ask a publisher."
)


def refuses_collection_move(user: Any, collection: Collection, parent: Collection) -> bool:
    """Return whether moving `collection` below `parent` needs a permission that `user` lacks.

    It moves every document and image in it, so the rule is that of `approval.refuses_move`; and
    permissions are inherited, so `user` must have had those on the old place too.
    """
    is_public_place = is_public_collection(collection) or is_public_collection(parent)
    for model in PUBLISH_POLICIES:
        if may_publish_in(user, model, collection) and may_publish_in(user, model, parent):
            continue
        rows = model._default_manager.filter(collection__path__startswith=collection.path)
        keys = set(rows.values_list("pk", flat=True))
        if keys and (is_public_place or not keys.isdisjoint(get_public_keys(model))):
            return True
    return False


class EditCollectionView(Edit):
    """Refuses a move by a user who may not publish what would become or stay public."""

    def is_valid(self, form: Any) -> bool:
        """Return True if the form is valid and the user may move the collection there."""
        if form.is_valid() and "parent" in form.changed_data:
            parent = form.cleaned_data["parent"]
            if refuses_collection_move(self.request.user, form.instance, parent):
                form.add_error("parent", MOVE_REFUSED)
            elif refusal := self._get_document_refusal(form.instance, parent):
                form.add_error(
                    "parent",
                    (f"Nothing was saved. This move would publish documents or images. {refusal}"),
                )
        valid: bool = super().is_valid(form)
        return valid

    @staticmethod
    def _get_document_refusal(collection: Collection, parent: Collection) -> str:
        return get_collection_refusal(find_documents_below(collection), parent)


edit_collection = require_admin_access(EditCollectionView.as_view())
