"""The admin's API lists the documents and images that its user may view, and no others.

Wagtail's own lists all of them to everybody who may open the admin.
"""

from typing import Any

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from bhp_site.core.admin.object_permissions import get_viewable


class DocumentsEndpoint(DocumentsAdminAPIViewSet):
    def get_queryset(self) -> Any:
        viewable = get_viewable(self.request.user, self.model)
        return super().get_queryset().filter(pk__in=viewable.values("pk"))


class ImagesEndpoint(ImagesAdminAPIViewSet):
    def get_queryset(self) -> Any:
        viewable = get_viewable(self.request.user, self.model)
        return super().get_queryset().filter(pk__in=viewable.values("pk"))
