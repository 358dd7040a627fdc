"""The permission policy of images: a cover is as hidden as its document."""

from typing import Any

from django.db.models import QuerySet

from bhp_site.core.admin.object_permissions import get_viewable
from bhp_site.core.models import SiteImage

from ..models import COVER_COLLECTION, SiteDocument
from .file_policies import FilePermissionPolicy


class ImagePermissionPolicy(FilePermissionPolicy):
    """Wagtail's permissions on collections, without the covers of documents one may not view.

    All covers are in one collection, and each shows the first page and the title of its document.
    """

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Any, instance: SiteImage
    ) -> bool:
        """Return True if `user` has one of the permissions, and may view a cover's document."""
        allowed = super().user_has_any_permission_for_instance(user, actions, instance)
        if not allowed or user.is_superuser or instance.collection.name != COVER_COLLECTION:
            return bool(allowed)
        return not self._get_hidden_covers(user).filter(cover=instance).exists()

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> QuerySet[SiteImage]:
        """Return the images for which `user` has one of the permissions, without hidden covers."""
        images: QuerySet[SiteImage] = super().instances_user_has_any_permission_for(user, actions)
        if user.is_superuser:
            return images
        return images.exclude(pk__in=self._get_hidden_covers(user).values("cover"))

    def _get_hidden_covers(self, user: Any) -> QuerySet[SiteDocument]:
        """Return the documents that `user` may not view and whose cover was made from them."""
        documents = SiteDocument.objects.filter(cover__collection__name=COVER_COLLECTION)
        return documents.exclude(pk__in=get_viewable(user, SiteDocument).values("pk"))
