"""Download counts per version and day; nothing about the person is stored."""

import datetime
import re
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from bhp_site.core.admin.object_permissions import has_admin_access
from bhp_site.core.buffered_counters import BufferedCounter
from bhp_site.core.caching.cacheable import ANONYMOUS_REQUEST_KEY

from .permissions.public_access import PRIVATE_CACHE_CONTROL
from .versions.models import DocumentVersion, DownloadCount

# Programs whose requests are not downloads by people: crawlers, link previews, uptime monitors.
# Tools that people use (curl, wget) and the phones of the brand “Cubot” are not among them.
ROBOT_USER_AGENTS = re.compile(
    r"(?<!\bcu)bot\b|crawl|spider|slurp|externalhit|externalagent|^whatsapp/|uripreview|embedly"
    r"|mediapartners|google-|ia_archiver|headlesschrome|lighthouse|pingdom|statuscake",
    re.IGNORECASE,
)
RECENT_PERIOD = datetime.timedelta(days=30)


def count_download(
    request: HttpRequest, response: HttpResponseBase, version: DocumentVersion
) -> None:
    """Count `response`, which has bytes of `version`, if it begins a download by a person."""
    # The page cache counts when it serves its copy of this response.
    if ANONYMOUS_REQUEST_KEY not in request.META and _is_download(request, response):
        count_version_download(version.pk, request.headers.get("User-Agent", ""))


def count_version_download(version: int, user_agent: str) -> None:
    """Count a download of the version with the key `version`, unless a robot made it."""
    if ROBOT_USER_AGENTS.search(user_agent):
        return
    download_counter.increment((version, timezone.localdate()))


def _is_download(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Return True if the response has the first byte; later ranges belong to the same download."""
    is_complete = response.status_code == 200
    is_first_range = response.status_code == 206 and response.headers.get(
        "Content-Range", ""
    ).startswith("bytes 0-")
    if request.method != "GET" or not (is_complete or is_first_range):
        return False
    if response.headers.get("Cache-Control") == PRIVATE_CACHE_CONTROL and has_admin_access(
        request.user
    ):
        return False
    return not _will_be_not_modified(request, response)


def _will_be_not_modified(request: HttpRequest, response: Any) -> bool:
    """Return True if Django's `ConditionalGetMiddleware` will make a 304 of it."""
    date = parse_http_date_safe(response.headers.get("Last-Modified", ""))
    etag = response.headers.get("ETag")
    return get_conditional_response(request, etag, date, response) is not response


def _write_counts(counts: dict[tuple[int, datetime.date], int]) -> None:
    """Add `counts`, by key of the version and day, to the stored ones.

    Rows are updated in a fixed order, so that two processes cannot deadlock.
    """
    with transaction.atomic():
        versions = DocumentVersion.objects.filter(pk__in={version for version, _ in counts})
        existing = {*versions.values_list("pk", flat=True)}
        rows = [DownloadCount(version_id=v, day=d) for v, d in sorted(counts) if v in existing]
        DownloadCount.objects.bulk_create(rows, ignore_conflicts=True)
        for row in rows:
            DownloadCount.objects.filter(version=row.version_id, day=row.day).update(
                downloads=F("downloads") + counts[row.version_id, row.day]
            )


download_counter = BufferedCounter("downloads", _write_counts)


def annotate_downloads(versions: "QuerySet[DocumentVersion]") -> "QuerySet[DocumentVersion]":
    """Return `versions` with `downloads`, the total, and `recent_downloads` of the last 30 days."""
    recent = Q(download_counts__day__gt=timezone.localdate() - RECENT_PERIOD)
    return versions.annotate(
        downloads=Coalesce(Sum("download_counts__downloads"), 0),
        recent_downloads=Coalesce(Sum("download_counts__downloads", filter=recent), 0),
    )
