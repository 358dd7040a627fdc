"""Starts an application like `bhp_site.server`: `python -m tests.server.start TARGET [untested]`.

With `untested` granian seems to have another version, so that the fast path is not used.
"""

import os
import sys

import granian

target, *options = sys.argv[1:]
if "untested" in options:
    granian.__version__ = "0.0.0"

from bhp_site.server import fast_path  # noqa: E402
from bhp_site.server.__main__ import get_granian_options  # noqa: E402

fast_path.install()

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    overrides = {"target": target, "workers_kill_timeout": 1}
    granian.Granian(**get_granian_options() | overrides).serve()
