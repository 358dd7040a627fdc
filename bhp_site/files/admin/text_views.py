"""Read the text of a document again, from its screen in the admin."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.permissions import policy_registry

from bhp_site.tasks.errors import TemporaryFailure

from ..models import SiteDocument
from ..page_text import Extraction, extract_text


@require_POST
def extract_text_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Extract the text of the current version again; return a redirect with the result.

    Raises PermissionDenied, or Http404 if the version has been withdrawn.
    """
    document = get_object_or_404(SiteDocument, pk=pk)
    policy = policy_registry.get_by_type(SiteDocument)
    if not policy.user_has_permission_for_instance(request.user, "change", document):
        raise PermissionDenied
    version = get_object_or_404(
        document.versions, number=document.version_number, withdrawn_at=None
    )
    try:
        extraction = extract_text(version)
    except TemporaryFailure:
        messages.error(
            request,
            "The text could not be read, because the file cannot be reached at the moment. The "
            "site tries again by itself.",
        )
        return redirect("wagtaildocs:edit", document.pk)
    if extraction.state == Extraction.State.DONE:
        messages.success(request, f"The text of “{document.title}” has been read.")
    else:
        messages.error(request, f"The text could not be read. {extraction.reason}")
    return redirect("wagtaildocs:edit", document.pk)
