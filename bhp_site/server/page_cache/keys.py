"""Cache keys, and which requests the page cache may answer."""

import functools
from typing import NamedTuple, Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from django.conf import settings
from django.http.request import split_domain_port
from granian.rsgi import Scope

from bhp_site.core.url_prefixes import UNCACHEABLE_PREFIXES

CACHEABLE_METHODS = ("GET", "HEAD")
# Limit for a path and for a query: no page of this site needs as many characters.
MAX_KEY_CHARACTERS = 500
MAX_QUERY_PARAMETERS = 50


class RequestHeaders(Protocol):
    """The headers of a request, by name in lower case."""

    def get(self, name: str) -> str | None:
        """Return the value of the header `name`, or None."""

    def __contains__(self, name: str) -> bool: ...


class CacheKey(NamedTuple):
    """The identity of a cached response.

    `host` has no port, because every page is the same on each, and `query` has only parameters
    that the page uses.
    """

    host: str
    https: bool
    path: str
    query: str

    @property
    def authority(self) -> str:
        """Return the host with the port of SITE_URL, if it has one."""
        port = urlsplit(settings.SITE_URL).port
        return f"{self.host}:{port}" if port else self.host

    @property
    def url(self) -> str:
        """Return the full URL."""
        query = self.query and f"?{self.query}"
        return f"{'https' if self.https else 'http'}://{self.authority}{quote(self.path)}{query}"

    def without_query(self) -> "CacheKey":
        """Return the key of the page without parameters."""
        return self._replace(query="")

    def with_parameters(
        self, parameters: tuple[str, ...], flags: tuple[str, ...] = ()
    ) -> "CacheKey | None":
        """Return the key with only these query `parameters`, sorted by name.

        The last value of each counts, as for Django, and no value of the `flags` among them.
        Return None if the query has too many parameters or is too long.
        """
        try:
            pairs = parse_qsl(
                self.query, keep_blank_values=True, max_num_fields=MAX_QUERY_PARAMETERS
            )
        except ValueError:
            return None
        used = {name: "" if name in flags else value for name, value in pairs if name in parameters}
        query = urlencode(sorted(used.items()))
        return self._replace(query=query) if len(query) <= MAX_KEY_CHARACTERS else None


@functools.lru_cache(maxsize=1000)
def remove_port(host: str) -> str:
    """Return the value of a Host header in lower case and without its port; "" if it is invalid."""
    return split_domain_port(host)[0]


def build_key(scope: Scope) -> CacheKey | None:
    """Return the key of a request with its whole query; None if it is not cacheable."""
    headers, path, query = scope.headers, scope.path, scope.query_string
    host = remove_port(headers.get("host") or "")
    if (
        is_private_request(scope.method, headers)
        or path.startswith(UNCACHEABLE_PREFIXES)
        or max(len(path), len(query)) > MAX_KEY_CHARACTERS
        # A pattern such as “.example.org” would allow as many hosts as anybody makes up.
        or host not in settings.ALLOWED_HOSTS
    ):
        return None
    return CacheKey(host, is_https(headers), path, query)


def is_https(headers: RequestHeaders) -> bool:
    """Return True if the visitor uses HTTPS, which only a trusted proxy can tell."""
    return settings.BEHIND_PROXY and headers.get("x-forwarded-proto") == "https"


def is_private_request(method: str, headers: RequestHeaders) -> bool:
    """Return True if the request may change something or may be from a signed-in user."""
    has_body = "content-length" in headers or "transfer-encoding" in headers
    has_session = "cookie" in headers and settings.SESSION_COOKIE_NAME in (
        headers.get("cookie") or ""
    )
    return has_session or has_body or method not in CACHEABLE_METHODS
