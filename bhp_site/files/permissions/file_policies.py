"""The permission policies of documents and images: Wagtail's, without what is hidden."""

from typing import Any

from django.db.models import QuerySet
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

from bhp_site.core.confidential.rules import get_hidden_file_keys, hide_files


class FilePermissionPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's permissions on collections, without files of confidential drafts of others."""

    def user_has_any_permission_for_instance(self, user: Any, actions: Any, instance: Any) -> bool:
        """Return True if `user` has one of the permissions, and the file is not hidden."""
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        return bool(allowed) and instance.pk not in get_hidden_file_keys(user, self.model)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[Any]:
        """Return the files for which `user` has one of the permissions, without hidden ones."""
        return hide_files(super().instances_user_has_any_permission_for(user, actions), user)
