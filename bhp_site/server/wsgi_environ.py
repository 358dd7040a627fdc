"""A request as PEP 3333 has it."""

import sys
from collections.abc import Mapping
from typing import Any
from wsgiref.util import FileWrapper


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
    """The environment of a request but for its body; names of `headers` are in lower case."""
    sent_headers = dict(headers)
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query.encode().decode("latin-1"),
        "CONTENT_TYPE": sent_headers.pop("content-type", ""),
        # granian has refused what is not one number.
        "CONTENT_LENGTH": sent_headers.pop("content-length", "0"),
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
        # Every Django `FileResponse` hands its file to it, and the front finds it there.
        "wsgi.file_wrapper": FileWrapper,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent_headers.items()},
    }
