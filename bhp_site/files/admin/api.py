"""The admin's API lists the documents and images that its user may view, and no others.

Wagtail's own lists all of them to everybody who may open the admin.
"""

from typing import Any

from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet

from bhp_site.core.admin.object_permissions import get_viewable


class ViewableMixin:
    """For an endpoint: list what the user may view."""

    model: Any
    request: Any

    def get_queryset(self) -> Any:
        """Return the rows that the user may view in the admin."""
        viewable = get_viewable(self.request.user, self.model)
        return super().get_queryset().filter(pk__in=viewable.values("pk"))  # type: ignore[misc]


class DocumentsEndpoint(ViewableMixin, DocumentsAdminAPIViewSet):
    """The documents that the user may view."""


class ImagesEndpoint(ViewableMixin, ImagesAdminAPIViewSet):
    """The images that the user may view."""
