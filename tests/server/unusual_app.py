"""A WSGI application with responses that Django seldom sends, for `tests.server.start`."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from bhp_site.server import application as server
from bhp_site.server import request_bodies, responses

CHUNK = b"0123456789abcdef" * 4096
requests = 0


def respond(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """Respond as the query asks: with its `status`, its headers, and so many generated `bytes`.

    Without `bytes` the body is the environment as JSON, with length and hash of the request's body.
    """
    global requests
    requests += 1
    query = parse_qs(environ["QUERY_STRING"])
    status = query.get("status", ["200"])[0]
    headers = [(name[2:], query[name][0]) for name in query if name.startswith("X-")]
    if "bytes" in query:
        start(f"{status} Unusual", headers)
        return (CHUNK for _ in range(int(query["bytes"][0]) // len(CHUNK)))
    body = environ["wsgi.input"].read()
    received: dict[str, Any] = {
        name: value for name, value in environ.items() if isinstance(value, str)
    }
    received |= {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    text = json.dumps(received | {"requests": requests}).encode()
    start(f"{status} Unusual", [*headers, ("Content-Length", str(len(text)))])
    return [text]


request_bodies.READ_TIMEOUT_SECONDS, request_bodies.MAX_FORM_BYTES = 1, 4 * 1024 * 1024
responses.TEMPORARY_FILE_SECONDS = 1
application = server.SiteApplication(respond, threads=1)
