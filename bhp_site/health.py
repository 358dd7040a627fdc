"""Whether the site answers, asked from beside it: `python -m bhp_site.health`, as containers do."""

import http.client
import os
from urllib.parse import urlsplit

# Where a server that listens everywhere is found from beside it.
NEAREST = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def answers(host: str, port: int, name: str, timeout: float = 4) -> bool:
    """Whether /healthz at `host`:`port`, asked for by the site's own `name`, answers 200.

    `timeout` is in seconds. Under any other name the site refuses to answer.
    """
    connection = http.client.HTTPConnection(NEAREST.get(host, host), port, timeout=timeout)
    # An IPv6 address stands in brackets (RFC 3986, 3.2.2).
    name = f"[{name}]" if ":" in name else name
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main() -> int:
    """Exit code for the site that this environment describes: 0 where it answers."""
    name = urlsplit(os.environ.get("SITE_URL", "")).hostname or "localhost"
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    return 0 if answers(host, port, name) else 1


if __name__ == "__main__":
    raise SystemExit(main())
