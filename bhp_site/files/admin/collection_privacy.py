"""Privacy settings of collections are not offered; an existing one can be removed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.log_actions import log
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.permissions import policy_registry

NOT_OFFERED = (
    "Nothing was changed. This site has no privacy settings for collections. A document or image "
    "is public while a published page uses it. To hide it, unpublish or restrict that page."
)


@require_admin_access
@require_POST
def set_privacy(request: HttpRequest, collection_id: int) -> HttpResponse:
    """Remove the restriction of a collection if "none" is posted; return a redirect to it.

    Everything else is refused. Raises PermissionDenied unless the user may change the collection.
    """
    collection = get_object_or_404(Collection, pk=collection_id)
    policy = policy_registry.get_by_type(Collection)
    if not policy.user_has_permission_for_instance(request.user, "change", collection):
        raise PermissionDenied
    if request.POST.get("restriction_type") != CollectionViewRestriction.NONE:
        messages.error(request, NOT_OFFERED)
    elif CollectionViewRestriction.objects.filter(collection=collection).delete()[0]:
        log(collection, "wagtail.edit", user=request.user)
        messages.success(
            request,
            f"The privacy setting of “{collection.name}” has been removed. Its documents and "
            "images are public while a published page uses them.",
        )
    return redirect("wagtailadmin_collections:edit", collection.pk)
