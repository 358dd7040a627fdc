"""Who may change what is recorded of a version: those who may change its document."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.permissions import policy_registry

from ..models import SiteDocument


class ChangesVersionMixin:
    """For views of a `version`: refuse users who may not change its document."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        policy = policy_registry.get_by_type(SiteDocument)
        document = self.version.document  # type: ignore[attr-defined]
        if not policy.user_has_permission_for_instance(request.user, "change", document):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
