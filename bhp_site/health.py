"""Checks from outside whether the site answers: `python -m bhp_site.health`, for containers.

With `worker` or `scheduler` it checks instead that this process is alive.
"""

import http.client
import os
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

# How to connect, from the same machine, to a server that listens on all addresses.
LOOPBACK_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104

# A background process that has not renewed its heartbeat, a file, for this long hangs.
HUNG_SECONDS = 60


def is_healthy(host: str, port: int, name: str, timeout: float = 4) -> bool:
    """Return True if /healthz at `host` and `port` answers with status 200.

    `name` is the site's host name, the only one it answers to; `timeout` is in seconds.
    """
    connection = http.client.HTTPConnection(
        LOOPBACK_ADDRESSES.get(host, host), port, timeout=timeout
    )
    # The Host header has brackets around an IPv6 address (RFC 3986, 3.2.2).
    name = f"[{name}]" if ":" in name else name
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def is_alive(process: str) -> bool:
    """Return True if the background process renewed its heartbeat in the last HUNG_SECONDS."""
    try:
        touched_at = Path(os.environ.get("DATA_DIR") or "var", process).stat().st_mtime
    except OSError:
        return False
    return time.time() - touched_at < HUNG_SECONDS


def main(arguments: list[str]) -> int:
    """Return exit code 0 if the site that the environment describes is healthy, else 1."""
    if arguments:
        return 0 if is_alive(arguments[0]) else 1
    name = urlsplit(os.environ.get("SITE_URL") or "").hostname or "localhost"
    host, port = (os.environ.get("HOST") or "127.0.0.1"), int(os.environ.get("PORT") or "8000")
    return 0 if is_healthy(host, port, name) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
