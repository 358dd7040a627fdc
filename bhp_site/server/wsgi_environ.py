"""Builds WSGI environments (PEP 3333) from RSGI requests."""

import sys
from collections.abc import Mapping
from typing import Any
from wsgiref.util import FileWrapper

from granian.rsgi import Scope


def build_environ(
    method: str,
    path: str,
    query: str,
    headers: Mapping[str, str],
    server: tuple[str, int | str],
    client: str = "127.0.0.1",
    scheme: str = "http",
    version: str = "1.1",
) -> dict[str, Any]:
    """Return the WSGI environment of a request, without `wsgi.input`.

    `path` and `query` are text, `headers` have names in lower case, `server` is host and port,
    `client` an IP address, and `version` the HTTP version.
    """
    other_headers = dict(headers)
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        # PEP 3333: each character represents a byte.
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "CONTENT_TYPE": other_headers.pop("content-type", ""),
        # granian refuses a value that is not a single number.
        "CONTENT_LENGTH": other_headers.pop("content-length", "0"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{version}",
        "REMOTE_ADDR": client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        # Django wraps the file of a `FileResponse` in this, so the server can recognise it.
        "wsgi.file_wrapper": FileWrapper,
        **{
            f"HTTP_{name.upper().replace('-', '_')}": value for name, value in other_headers.items()
        },
    }


def build_environ_from_scope(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of an RSGI request, without `wsgi.input`.

    Headers with an underscore in their name are left out, and granian leaves out those with a
    value that is not ASCII.
    """
    headers: dict[str, str] = {}
    for name, value in scope.headers.items():
        # WSGI could not tell X_Forwarded_Proto from X-Forwarded-Proto, but a proxy passes it on.
        if "_" not in name:
            separator = "; " if name == "cookie" else ","
            headers[name] = f"{headers[name]}{separator}{value}" if name in headers else value
    host, _, port = scope.server.rpartition(":")
    return build_environ(
        scope.method,
        scope.path,
        scope.query_string,
        headers,
        (host.strip("[]"), port),
        scope.client.rpartition(":")[0].strip("[]"),
        scope.scheme,
        "1.0" if scope.http_version == "1" else "1.1",
    )
