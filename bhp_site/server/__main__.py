"""Starts the web server: `python -m bhp_site.server`. The launcher and the container use it."""

import errno
import os
import socket
import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from bhp_site.server import fast_path

# A worker that a stalled client keeps from stopping is killed after this time.
WORKER_KILL_TIMEOUT_SECONDS = 5


def get_granian_options() -> dict[str, Any]:
    """Return the keyword arguments for `Granian`, from the settings."""
    from django.conf import settings

    return {
        "target": "bhp_site.server.application:application",
        "interface": Interfaces.RSGI,
        "address": settings.HOST,
        "port": settings.PORT,
        "workers": settings.WORKERS,
        # These threads only read files: four are as fast as many, and each takes memory.
        "runtime_blocking_threads": 4,
        # Both limits count connections, and a browser keeps several open.
        "backlog": 8192,
        "backpressure": 4000,
        "http": HTTPModes.http1,
        "http1_settings": HTTP1Settings(max_buffer_size=65536),
        "websockets": False,
        "log_level": LogLevels.warning,
        "respawn_failed_workers": True,
        "workers_kill_timeout": WORKER_KILL_TIMEOUT_SECONDS,
    }


def claim_address(host: str, port: int) -> socket.socket:
    """Return a socket that marks `host` and `port` as used while it is open.

    granian lets several servers listen at one port, and each would get a part of the requests.
    Raises SystemExit with one sentence if another server of a site has claimed the address. The
    name is abstract (unix(7)): the system forgets it when the process ends, in whatever way.
    """
    mark = socket.socket(socket.AF_UNIX)
    try:
        mark.bind(f"\0bhp_site.server:{host}:{port}")
    except OSError as error:
        mark.close()
        if error.errno == errno.EADDRINUSE:
            raise SystemExit(
                f"Port {port} is in use by another server of a site. Stop it, or choose another "
                f"port, for example PORT={port + 1}."
            ) from error
        raise
    return mark


def main() -> None:
    """Serve the site until the process is asked to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    from django.conf import settings

    # Some systems have no abstract names.
    if sys.platform == "linux":
        claimed = claim_address(settings.HOST, settings.PORT)  # noqa: F841 — open until the end
    os.umask(0o077)
    Granian(**get_granian_options()).serve()


# A worker process that is spawned, not forked, imports this module as `__mp_main__`.
if __name__ in ("__main__", "__mp_main__"):
    fast_path.install()

if __name__ == "__main__":
    main()
