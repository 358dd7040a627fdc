"""Addresses that are no pages: for machines, and for when things go wrong."""

import datetime
import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views import defaults
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bhp_site.core.caching.cacheable import cacheable
from bhp_site.core.models import SiteSettings
from bhp_site.core.monitoring.health_checks import run_health_checks
from bhp_site.core.monitoring.metrics import render_metrics
from bhp_site.core.url_prefixes import UNCRAWLED_PREFIXES

from .unavailable import find_outage, render_outage


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Return 200: the process runs. The server answers before Django (`bhp_site/server/`)."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Return 200 if every health check passes, else 503, with the state of each check."""
    results = run_health_checks()
    ready = all(results.values())
    headers = {} if ready else {"Retry-After": "5"}
    states = {name: "ok" if passes else "failing" for name, passes in results.items()}
    content = {"status": "ready" if ready else "not ready", "checks": states}
    return JsonResponse(content, status=200 if ready else 503, headers=headers)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return the metrics if the request has the bearer token, else 404."""
    token = f"Bearer {settings.METRICS_TOKEN}"
    authorization = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(authorization, token):
        raise Http404
    body, content_type = render_metrics()
    return HttpResponse(body, content_type=content_type)


@require_safe
@cacheable()
def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt (RFC 9309).

    Pages of a demonstration have `noindex` instead of an entry here.
    """
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}" for prefix in UNCRAWLED_PREFIXES),
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cacheable()
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return security.txt (RFC 9116); 404 if no contact is set."""
    contact = SiteSettings.for_request(request).security_contact
    if not contact:
        return HttpResponse("No security contact is set.\n", status=404, content_type="text/plain")
    expires = timezone.now().astimezone(datetime.UTC).replace(microsecond=0) + datetime.timedelta(
        days=180
    )
    lines = [
        f"Contact: mailto:{contact}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def server_error(request: HttpRequest) -> HttpResponseBase:
    """Return 503 if the database or the disk cannot be used, else Django's 500 page."""
    outage = find_outage(sys.exc_info()[1])
    if outage is None:
        return defaults.server_error(request)
    return render_outage(request, outage)
