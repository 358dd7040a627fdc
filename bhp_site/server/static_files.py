"""Serves collected static files, hashed and compressed, without Django."""

from functools import cached_property
from typing import Any

from django.conf import settings
from granian.rsgi import Scope
from whitenoise.middleware import WhiteNoiseMiddleware

from .responses import Response

# Django's security middleware adds these to all other responses.
SECURITY_HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
# Request headers that decide which variant of a file is sent, or whether it is sent at all.
NEGOTIATION_HEADERS = ("accept-encoding", "if-none-match", "if-modified-since")


class StaticFiles:
    """The static files that WhiteNoise knows: it selects the variant, the server sends it."""

    @cached_property
    def files(self) -> dict[str, Any]:
        """Return WhiteNoise's static files by URL path, listed at the first request for one."""
        files: dict[str, Any] = WhiteNoiseMiddleware(lambda request: None).files
        return files

    def get_response(self, scope: Scope) -> Response | None:
        """Return the response to a GET or HEAD request for a whole static file.

        Return None for everything else, including byte ranges: Django handles those.
        """
        path, headers = scope.path, scope.headers
        if not path.startswith(settings.STATIC_URL) or headers.get("range") is not None:
            return None
        file = self.files.get(path)
        if file is None or scope.method not in ("GET", "HEAD"):
            return None
        environ = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name in NEGOTIATION_HEADERS
            if (value := headers.get(name)) is not None
        }
        if file.is_not_modified(environ):
            return Response(304, [*file.not_modified_response.headers, *SECURITY_HEADERS])
        file_path, file_headers = file.get_path_and_headers(environ)
        response = Response(200, [*file_headers, *SECURITY_HEADERS])
        if scope.method == "GET":
            response.path = file_path
            response.byte_range = (0, int(response.get_header("content-length")))
        return response
