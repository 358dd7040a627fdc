"""Redirects that editors enter: where they lead, and when they act.

Wagtail's middleware looks at them after a 404 only, so a redirect of `/?p=8077` never acts: the
home page answers. Here an address with a query is looked up before any page, and an address without
one after a 404. Both are compared without regard to letter case and to how characters are encoded.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http import HttpResponseRedirect as HttpResponseTemporaryRedirect
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from .caching.cache_version import cache_version
from .caching.cacheable import CACHE_POLICY_KEY, sort_query

# Paths that the site itself uses, for which editors cannot enter a redirect.
RESERVED_PREFIXES = ("/admin", "/static", "/media", "/_util")
RESERVED_PATHS = {"/healthz", "/readyz", "/metrics"}


def split_address(address: str) -> tuple[str, str]:
    """Return the path and query of a URL, normalised for encoding and order of parameters."""
    path, _, query = Redirect.normalise_path(address, decode_unicode=False).partition("?")
    return unquote(path), sort_query(query)


@dataclass
class RedirectTable:
    """Keys of the redirects of a site, by path and query.

    An address that differs in letter case leads to the same, unless it has a redirect of its own.
    """

    exact: dict[tuple[str, str], int] = field(default_factory=dict)
    folded: dict[tuple[str, str], int] = field(default_factory=dict)
    # Of each path, in small letters, the queries that have a redirect: see `normalise_query`.
    queries: dict[str, set[str]] = field(default_factory=dict)

    @classmethod
    def build(cls, site: Site | None, with_query: bool = False) -> "RedirectTable":
        """Return the redirects of `site`, all or only those from addresses with a query."""
        table = cls()
        redirects = Redirect.get_for_site(site)
        if with_query:
            redirects = redirects.filter(old_path__contains="?")
        rows = redirects.values_list("old_path", "pk", "site")
        # Redirects of this site come last and replace those of all sites; else the first wins.
        for old_path, pk, _ in sorted(rows, key=lambda row: (row[2] is not None, -row[1])):
            path, query = split_address(old_path)
            table.exact[path, query] = pk
            table.folded[path.casefold(), query.casefold()] = pk
            if query:
                table.queries.setdefault(path.casefold(), set()).add(query.casefold())
        return table

    def find(self, path: str, query: str) -> int | None:
        """Return the key of the redirect from this path and query; None if there is none.

        One that differs in case is used only if none is equal.
        """
        key = self.exact.get((path, query))
        return key or self.folded.get((path.casefold(), query.casefold()))

    def find_for(self, address: str) -> int | None:
        """Return the key of the redirect to follow if `address` would be a 404; None if none.

        A redirect with the same query comes before one without a query.
        """
        path, query = split_address(address)
        return (query and self.find(path, query)) or self.find(path, "") or None


_tables: dict[tuple[int | None, bool], tuple[int, RedirectTable]] = {}


def get_table(request: HttpRequest, with_query: bool = False) -> RedirectTable:
    """Return the redirects of the site, cached in this process until content changes.

    `with_query` limits them to redirects from URLs with a query: they are few, and needed for every
    page.
    """
    site = Site.find_for_request(request)
    now, key = cache_version.current, (site.pk if site else None, with_query)
    number, table = _tables.get(key, (0, None))
    if table is None or number != now:
        table = RedirectTable.build(site, with_query)
        _tables[key] = now, table
    return table


def note_redirected_queries(request: HttpRequest) -> None:
    """Add to the request's cache policy the queries at its path that are redirected."""
    path, _ = split_address(request.path)
    queries = get_table(request, with_query=True).queries.get(path.casefold())
    if queries:
        request.META[CACHE_POLICY_KEY] = replace(
            request.META[CACHE_POLICY_KEY], redirected=tuple(sorted(queries))
        )


class FollowRedirects:
    """Answer with the redirects that editors entered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the redirect for the request's address, or else the response."""
        reads = request.method in ("GET", "HEAD")
        address = request.get_full_path()
        if reads and request.META.get("QUERY_STRING") and not is_reserved(request.path):
            path, query = split_address(address)
            key = get_table(request, with_query=True).find(path, query) if query else None
            if response := self._build(key, request):
                return response
        response = self.get_response(request)
        if CACHE_POLICY_KEY in request.META:
            note_redirected_queries(request)
        if response.status_code != HTTPStatus.NOT_FOUND or "\0" in address:
            return response
        return self._build(get_table(request).find_for(address), request) or response

    @staticmethod
    def _build(pk: int | None, request: HttpRequest) -> Any:
        """Return the response of a redirect; None where it leads nowhere, or to where it starts."""
        if pk is None:
            return None
        redirect = Redirect.objects.select_related("redirect_page").filter(pk=pk).first()
        link = redirect.link if redirect else None
        if not redirect or not link:
            return None
        if request.build_absolute_uri(link) == request.build_absolute_uri():
            return None
        permanent = redirect.is_permanent
        return (HttpResponsePermanentRedirect if permanent else HttpResponseTemporaryRedirect)(link)


def is_reserved(path: str) -> bool:
    """Return True if the site itself uses the path `path`."""
    path = path.rstrip("/").casefold()
    return path in RESERVED_PATHS or any(
        path == prefix or path.startswith(f"{prefix}/") for prefix in RESERVED_PREFIXES
    )
