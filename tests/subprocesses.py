"""Starts the launcher and programs of a site in processes, and finds ports for servers."""

import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFIGURE = """
from bhp_site.__main__ import configure
configure()
"""


def free_port() -> int:
    """Return a port that no server uses."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def launch(data: Path, **variables: str) -> subprocess.Popen[str]:
    """Start the launcher with only `variables` of the site's own set."""
    inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
    return subprocess.Popen(
        [sys.executable, "-m", "bhp_site"],
        cwd=ROOT,
        env=inherited | {"DATA_DIR": str(data)} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def get_command(program: str) -> list[str]:
    """Return the command that runs `program` with Django set up for a site."""
    return [sys.executable, "-c", CONFIGURE + program]


def run_program(program: str, env: dict[str, str]) -> str:
    """Run `program` in a process of the site with this environment; return what it prints."""
    done = subprocess.run(get_command(program), cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
