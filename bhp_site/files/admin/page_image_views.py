"""Images of the pages of a PDF, shown to editors beside its draft edition."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from bhp_site.pdf.errors import Unreadable
from bhp_site.tasks.errors import TemporaryFailure

from ..drafting import render_version_page
from ..permissions.admin_access import may_view
from ..versions.models import DocumentVersion

CACHE_SECONDS = 24 * 60 * 60  # in the site's cache: the admin forbids browsers to keep anything


@require_safe
def page_image(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Return a page of a version as PNG, from the cache if possible.

    Raises PermissionDenied if the user may not view the document, and Http404 if there is no such
    page or it cannot be drawn.
    """
    version = get_object_or_404(DocumentVersion.objects.select_related("document"), pk=pk)
    if not may_view(request.user, version.document):
        raise PermissionDenied
    if version.withdrawn_at or not 1 <= number <= (version.pages or 0):
        raise Http404
    key = f"page-picture-{version.sha256}-{number}"
    picture = cache.get(key)
    if picture is None:
        try:
            picture = render_version_page(version, number)
        except (Unreadable, TemporaryFailure) as error:
            raise Http404(str(error)) from error
        cache.set(key, picture, CACHE_SECONDS)
    response = HttpResponse(picture, content_type="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response
