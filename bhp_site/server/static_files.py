"""StaticFiles files, hashed and compressed when they were collected, sent without asking Django."""

from functools import cached_property
from typing import Any

from django.conf import settings
from granian.rsgi import Scope
from whitenoise.middleware import WhiteNoiseMiddleware

from .responses import Response

# What Django's own middleware says with every other answer.
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


class StaticFiles:
    """The files that WhiteNoise knows; it decides what is answered, the server sends it."""

    @cached_property
    def files(self) -> dict[str, Any]:
        """By address. They are looked for once, when the first one is asked for."""
        found: dict[str, Any] = WhiteNoiseMiddleware(lambda request: None).files
        return found

    def get_response(self, scope: Scope) -> Response | None:
        """The answer to a GET or HEAD of a whole file; None for everything else."""
        path, sent = scope.path, scope.headers
        if not path.startswith(settings.STATIC_URL) or sent.get("range") is not None:
            return None
        file = self.files.get(path)
        if file is None or scope.method not in ("GET", "HEAD"):
            return None
        environ = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name in ("accept-encoding", "if-none-match", "if-modified-since")
            if (value := sent.get(name)) is not None
        }
        if file.is_not_modified(environ):
            return Response(304, [*file.not_modified_response.headers, *HEADERS])
        path_on_disk, headers = file.get_path_and_headers(environ)
        headers = [*headers, *HEADERS]
        if scope.method == "HEAD":
            return Response(200, headers)
        length = int(next(value for name, value in headers if name == "Content-Length"))
        return Response(200, headers, path=path_on_disk, byte_range=(0, length))
