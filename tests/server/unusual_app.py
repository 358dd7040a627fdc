"""Answers that Django seldom gives, for `granian tests.server.unusual_app:application`."""

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

from bhp_site.server import application as module
from bhp_site.server import responses

CHUNK = b"0123456789abcdef" * 4096
runs = 0


def odd(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """An answer as the query asks: `status`, `bytes` of a generator, headers; else what was asked.

    What was asked is the environment as JSON, with the length and hash of the body.
    """
    global runs
    runs += 1
    query = parse_qs(environ["QUERY_STRING"])
    status = query.get("status", ["200"])[0]
    headers = [(name[2:], query[name][0]) for name in query if name.startswith("X-")]
    if "bytes" in query:
        start(f"{status} Odd", headers)
        return (CHUNK for _ in range(int(query["bytes"][0]) // len(CHUNK)))
    body = environ["wsgi.input"].read()
    said = {name: value for name, value in environ.items() if isinstance(value, str)}
    said |= {"length": len(body), "sha256": hashlib.sha256(body).hexdigest(), "runs": runs}
    text = json.dumps(said).encode()
    start(f"{status} Odd", [*headers, ("Content-Length", str(len(text)))])
    return [text]


module.READ_TIMEOUT_SECONDS, module.MAX_BODY_BYTES, responses.TEMPORARY_FILE_SECONDS = (
    1,
    4 * 1024 * 1024,
    1,
)
application = module.SiteApplication(odd, threads=1)
