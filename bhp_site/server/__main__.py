"""Starts the web server: `python -m bhp_site.server`. The launcher and the container use it."""

import os
import sys
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from bhp_site import json_lines
from bhp_site.server import fast_path
from bhp_site.server.address import claim_address, refuse_used_port

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


def main() -> None:
    """Serve the site until the process is asked to end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    from django.conf import settings

    refuse_used_port(settings.HOST, settings.PORT)
    # Some systems have no abstract names.
    if sys.platform == "linux":
        claimed = claim_address(settings.HOST, settings.PORT)  # noqa: F841 — open until the end
    os.umask(0o077)
    Granian(**get_granian_options()).serve()


def run() -> None:
    """Serve the site in a process that has imported Django, and forks its worker processes."""
    # Each of them would import all of it again.
    from django.urls import get_resolver

    import bhp_site.wsgi  # noqa: F401

    get_resolver().url_patterns  # noqa: B018 — loads them
    fast_path.install()
    main()


# A worker process that is spawned, not forked, imports this module as `__mp_main__`.
if __name__ in ("__main__", "__mp_main__"):
    fast_path.install()

if __name__ == "__main__":
    sys.exit(json_lines.run(main))
