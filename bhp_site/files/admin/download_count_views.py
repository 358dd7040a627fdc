"""Download counts by day as CSV, for spreadsheets."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bhp_site.core.admin.object_permissions import get_viewable
from bhp_site.core.text.spreadsheets import build_csv_response

from ..models import SiteDocument
from ..permissions.public_access import get_cached_public_keys
from ..versions.models import DownloadCount

CSV_COLUMNS = ("date", "file", "version", "downloads")


def may_view_counts(user: Any) -> bool:
    """Return whether `user` may see how often each public document was downloaded."""
    return bool(user.has_perm("files.view_downloadcount"))


@require_safe
def downloads_csv(request: HttpRequest) -> HttpResponse:
    """Return a CSV file with a line for each version and day, the oldest first.

    It has the documents that the user may view in the admin, for analysts all public ones too; or,
    of these, the ones whose keys the parameter `document` gives. Raises Http404 if a key is not a
    number.
    """
    is_viewable = Q(version__document__in=get_viewable(request.user, SiteDocument))
    if may_view_counts(request.user):
        is_viewable |= Q(version__document__in=[*get_cached_public_keys(SiteDocument)])
    counts = DownloadCount.objects.filter(is_viewable)
    counts = counts.order_by("day", "version__document__title", "version__number")
    if keys := request.GET.getlist("document"):
        if not all(key.isdecimal() and len(key) < 19 for key in keys):
            raise Http404
        counts = counts.filter(version__document__in=[int(key) for key in keys])
    rows = counts.values_list("day", "version__document__title", "version__number", "downloads")
    return build_csv_response("downloads.csv", CSV_COLUMNS, rows.iterator())
