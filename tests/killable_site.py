"""A site of its own whose server is killed and started again."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
import urllib.request
from contextlib import suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from bhp_site import health

from .files.sending import TIMEOUT_SECONDS
from .prepared_sites import EMPTY, copy_site
from .subprocesses import ROOT, free_port, run_program

EMAIL = "editor@example.org"
GET_COMMAND = """
import json
from bhp_site.launcher import processes
print(json.dumps(processes.get_commands()["server"]))
"""


class KillableSite:
    """A site in `folder`, prepared by the program `prepare`, with a signed-in administrator."""

    # How many worker processes the web server has.
    workers = 1
    # The prepared site that it begins as.
    prepared = EMPTY

    def __init__(self, folder: Path, random_numbers: random.Random, prepare: str) -> None:
        self.folder, self.random, self.port = folder, random_numbers, free_port()
        inherited = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG")}
        self.env = inherited | {"DATA_DIR": str(folder), "PORT": str(self.port), "DEMO": "0"}
        self.env |= {"WORKERS": str(self.workers), "ADMIN_EMAIL": EMAIL}
        copy_site(self.prepared, folder)
        self.output = self.python(prepare + GET_COMMAND).splitlines()
        self.command = json.loads(self.output[-1])
        self.start()
        self.cookies = self.sign_in((folder / "first-password").read_text())

    def python(self, program: str) -> str:
        """Run `program` in a process of the site, and return what it prints."""
        return run_program(program, self.env)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self.server = subprocess.Popen(
                self.command, cwd=ROOT, env=self.env, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not health.is_healthy("127.0.0.1", self.port, "localhost", timeout=1):
            assert self.server.poll() is None, "the server did not start again"
            assert time.monotonic() < deadline, "the server did not answer again"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill granian and its workers with SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def sign_in(self, password: str) -> dict[str, str]:
        """Sign the editor in; return the cookies of the session, which outlives the server."""
        jar = CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        address = f"http://127.0.0.1:{self.port}/admin/login/"
        opener.open(address).read()
        token = next(cookie.value for cookie in jar if cookie.name == "csrftoken")
        form = {"username": EMAIL, "password": password, "csrfmiddlewaretoken": token}
        opener.open(address, urlencode(form).encode()).read()
        cookies = {cookie.name: cookie.value or "" for cookie in jar}
        assert "sessionid" in cookies, "the editor could not sign in"
        return cookies

    def database(self) -> sqlite3.Connection:
        """Return a connection that only reads."""
        return sqlite3.connect(f"file:{self.folder / 'site.sqlite3'}?mode=ro", uri=True)
