"""A real server in a process of its own, and sockets that behave like slow clients."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bhp_site import health
from bhp_site.__main__ import configure

from ..prepared_sites import DEMO, EMPTY, copy_site
from ..subprocesses import ROOT, free_port

TIMEOUT_SECONDS = 60
INHERITED = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """What is answered at `port`, and the body of it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, {"Host": "localhost"} | names)
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


def get_megabytes(pid: int) -> float:
    """Return the memory of a process, with its share of what it shares with others."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


class Server:
    """`command` with its `port`, whose output is kept in `log`."""

    def __init__(self, command: list[str], port: int, log: Path, **variables: str) -> None:
        self.port, self.log = port, log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=INHERITED | variables,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not health.is_healthy("127.0.0.1", port, "localhost", timeout=2):
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *args: object) -> None:
        self.end()

    def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def memory(self) -> float:
        """Megabytes of all its processes, what they share counted once."""
        return sum(map(get_megabytes, (self.process.pid, *self.workers())))

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Its answer and the body of it."""
        return ask(self.port, path, method, body, **headers)

    def connect(self) -> socket.socket:
        """A connection that takes in as little as it can."""
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.settimeout(TIMEOUT_SECONDS)
        client.connect(("127.0.0.1", self.port))
        return client

    def say(self, data: bytes) -> bytes:
        """All that comes back for `data` until the server closes."""
        with self.connect() as client:
            client.sendall(data)
            return b"".join(iter(lambda: client.recv(65536), b""))

    @contextlib.contextmanager
    def stalled_readers(self, number: int, path: str) -> Iterator[list[socket.socket]]:
        """So many ask for `path` and, once the answer has begun, read no further."""
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(self.connect()) for _ in range(number)]
            for client in clients:
                client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            for client in clients:
                assert client.recv(12) == b"HTTP/1.1 200"
            yield clients

    @contextlib.contextmanager
    def stalled_uploads(self, number: int) -> Iterator[list[socket.socket]]:
        """So many begin to send a form and stop in the midst of it."""
        head = b"POST /admin/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 120000\r\n\r\n"
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(self.connect()) for _ in range(number)]
            for client in clients:
                client.sendall(head + b"a" * 100_000)
            yield clients


PREPARE = """
import sys
from bhp_site.__main__ import configure
configure()
from django.db import connection
# A copied site has been prepared, but not in a database of its own.
if connection.vendor == "postgresql":
    from bhp_site.launcher import preparation
    preparation.prepare_exclusively()
from django.core.files.base import ContentFile
from wagtail.models import Collection, Site
from bhp_site.core.models import SiteSettings
from tests.factories import SiteDocumentFactory
# Public on purpose, so that a visitor may ask for every file.
settings = SiteSettings.for_site(Site.objects.get())
settings.public_collections.add(Collection.get_first_root_node())
for size in map(int, sys.argv[1:]):
    data = "".join(f"{number:09}\\n" for number in range(size // 10)).encode()
    SiteDocumentFactory(title=f"Numbers {size}", file=ContentFile(data, name="numbers.csv"))
"""


def prepare(folder: Path, *sizes: int, **more: str) -> None:
    """An empty site in `folder` with files of so many bytes, by tens: /documents/numbers-….csv."""
    command = [sys.executable, "-c", PREPARE, *map(str, sizes)]
    variables = INHERITED | {"DATA_DIR": str(folder), "DEMO": "0"} | more
    copy_site(DEMO if variables["DEMO"] == "1" else EMPTY, folder)
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def serve(folder: Path, fast_path: bool = True, **more: str) -> Server:
    """Start the site in `folder` like the launcher, with `more` environment variables."""
    port = free_port()
    command = [sys.executable, "-m", "bhp_site.server"]
    if not fast_path:
        target = "bhp_site.server.application:application"
        command = [sys.executable, "-m", "tests.server.start", target, "untested"]
    named = {"DATA_DIR": str(folder), "PORT": str(port)} | more
    return Server(command, port, folder / "log", **named)


@contextlib.contextmanager
def site_of_its_own(*sizes: int, **more: str) -> Iterator[Path]:
    """A folder with a site like `prepare`'s, for a bench; it is thrown away."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    configure()
    with tempfile.TemporaryDirectory(prefix="bhp-bench-") as name:
        print("Preparing a site …", file=sys.stderr)
        prepare(Path(name), *sizes, **more)
        yield Path(name)
