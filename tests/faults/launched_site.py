"""A whole site under its launcher, with what programs in its environment print."""

import os
import signal
import sys
from pathlib import Path

from ..prepared_sites import EMPTY, copy_site
from ..server.live_server import INHERITED, Server
from ..subprocesses import ROOT, free_port, run_program


class LaunchedSite:
    """An empty site in a folder below `folder`, whose processes the launcher runs."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.data, self.port = folder / "data", free_port()
        self.data.mkdir(mode=0o700)
        copy_site(EMPTY, self.data)
        self.env = INHERITED | {"DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO": "0"}
        self.env |= {"PYTHONPATH": str(ROOT)} | variables
        self.start()

    def start(self) -> None:
        """Start the launcher, and wait until the site answers."""
        command = [sys.executable, "-m", "bhp_site"]
        self.launcher = Server(command, self.port, self.data / "log", **self.env)

    def python(self, program: str) -> str:
        """Run `program` in a process of the site, and return what it prints."""
        return run_program(program, self.env)

    def end(self) -> None:
        """Stop the site as systemd does."""
        os.kill(self.launcher.process.pid, signal.SIGTERM)
        self.launcher.process.wait(60)
