"""Two machines behind nginx with TLS: `python -m tests.bench_two_machines`.

They have data folders of their own and share PostgreSQL, Redis (or Valkey) and a bucket. Measures
how soon a change is visible on both, and restarts one after the other while visitors read: fails
if a request fails, or a change takes more than a second.
"""

import http.client
import os
import re
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bhp_site import health

from .bucket import run_bucket
from .cache_server import SERVER as CACHE_SERVER
from .cache_server import CacheServer
from .postgresql_cluster import Missing, database
from .server.live_server import INHERITED
from .server.nginx import NGINX, create_certificate, start
from .subprocesses import ROOT, free_port, get_command

CHANGES = int(os.environ.get("N", "10"))
READERS = 4
MAX_SECONDS = 1.0
START_SECONDS = 300
NAME = "www.example.org"
PREPARE = """
from bhp_site.launcher.preparation import prepare_quietly
prepare_quietly()
from django.core.files.base import ContentFile
from news.models import NewsIndexPage
from tests.factories import NewsPageFactory, SiteDocumentFactory, offer, pdf_bytes
index = NewsIndexPage.objects.get()
page = NewsPageFactory(parent=index, slug="changed", title="Before")
file = ContentFile(pdf_bytes("Report"), "report.pdf")
offer(page, SiteDocumentFactory(title="Report", file=file))
page.save_revision().publish()
"""
CHANGE = """
import sys, time
from news.models import NewsPage
for line in sys.stdin:
    page = NewsPage.objects.get(slug="changed")
    page.title = line.strip()
    page.save_revision().publish()
    print(time.time(), flush=True)
"""


class Machine:
    """A data folder with the launcher's processes, which can be stopped and started again."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        folder.mkdir(mode=0o700)
        self.folder, self.port = folder, free_port()
        self.env = env | {"DATA_DIR": str(folder), "PORT": str(self.port)}

    def python(self, program: str) -> subprocess.Popen[str]:
        """Start `program` in a process of this machine."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        return subprocess.Popen(get_command(program), cwd=ROOT, env=self.env, **pipes)  # type: ignore[call-overload, no-any-return]

    def start(self) -> None:
        """Start the launcher, and wait until the site is ready for visitors."""
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "bhp_site"]
            self.launcher = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not health.is_healthy("127.0.0.1", self.port, NAME) or self.get("/")[0] != 200:
            assert self.launcher.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop it as systemd does."""
        self.launcher.send_signal(signal.SIGTERM)
        self.launcher.wait(60)

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body of a request without the proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Host": NAME, "X-Forwarded-Proto": "https"})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


def write_proxy(folder: Path, machines: list[Machine], port: int) -> str:
    """Return docs/deploy/nginx.conf for `machines`, with a certificate of our own in `folder`."""
    create_certificate(folder, NAME)
    shipped = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    for number, machine in enumerate(machines, 1):
        shipped = shipped.replace(f"10.0.0.1{number}:8000", f"127.0.0.1:{machine.port}")
    shipped = re.sub(r"listen \[::\].*;", "", shipped)
    shipped = shipped.replace("listen 443", f"listen 127.0.0.1:{port}")
    shipped = shipped.replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    return shipped.replace("/etc/ssl/site/", f"{folder}/")


class Readers:
    """Visitors who read through the proxy until they are stopped; failures are counted."""

    def __init__(self, port: int, paths: list[str]) -> None:
        self.port, self.paths = port, paths
        self.done = threading.Event()
        self.failures: list[str] = []
        self.count = 0
        self.threads = [threading.Thread(target=self.read, args=(n,)) for n in range(READERS)]

    def read(self, number: int) -> None:
        """Request the paths in turn, each over a new TLS connection."""
        context = ssl._create_unverified_context()
        while not self.done.is_set():
            path = self.paths[(self.count + number) % len(self.paths)]
            connection = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=30, context=context
            )
            try:
                connection.request("GET", path, headers={"Host": NAME})
                response = connection.getresponse()
                response.read()
                if response.status != 200:
                    self.failures.append(f"{path}: {response.status}")
            except OSError as error:
                self.failures.append(f"{path}: {error}")
            finally:
                connection.close()
            self.count += 1
            time.sleep(0.02)

    def __enter__(self) -> "Readers":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join()


def measure_changes(machines: list[Machine]) -> list[float]:
    """Change a page CHANGES times on the first machine; return the seconds until all show it."""
    editor = machines[0].python(CHANGE)
    assert editor.stdin
    assert editor.stdout
    seconds = []
    for number in range(CHANGES):
        title = f"Change number {number} is here"
        editor.stdin.write(title + "\n")
        editor.stdin.flush()
        changed_at = float(editor.stdout.readline())
        for machine in machines:
            while title.encode() not in machine.get("/news/changed/")[1]:
                time.sleep(0.005)
        seconds.append(time.time() - changed_at)
    editor.stdin.close()
    editor.wait()
    return seconds


def timed(act: Callable[[], None]) -> float:
    """Return how many seconds `act` takes."""
    begin = time.monotonic()
    act()
    return time.monotonic() - begin


def run(folder: Path, env: dict[str, str]) -> bool:
    """Measure both; return True if nothing failed."""
    machines = [Machine(folder / name, env) for name in ("first", "second")]
    preparing = machines[0].python(PREPARE)
    preparing.communicate()
    assert preparing.returncode == 0
    for machine in machines:
        machine.start()
    proxy_folder, port, probe_port = folder / "proxy", free_port(), free_port()
    proxy_folder.mkdir()
    server = write_proxy(proxy_folder, machines, port)
    # By this the test knows that nginx has started.
    probe = f"server {{ listen 127.0.0.1:{probe_port}; location = /healthz {{ return 200; }} }}"
    proxy = start(proxy_folder, f"{server}\n{probe}", probe_port)
    try:
        page = machines[0].get("/news/changed/")[1]
        document = re.search(rb'href="(/documents/[^"]+\.pdf)"', page)
        assert document
        paths = ["/", "/news/", document[1].decode(), "/search/?q=report"]
        statuses = [machine.get(path)[0] for machine in machines for path in paths]
        print(f"All pages on both machines: {statuses}")
        seconds = measure_changes(machines)
        print(
            f"{CHANGES} changes visible on both machines after {median(seconds):.2f} s "
            f"({min(seconds):.2f} to {max(seconds):.2f})"
        )
        with Readers(port, paths) as readers:
            for machine in machines:
                stopping = timed(machine.stop)
                print(f"stopped in {stopping:.1f} s, started in {timed(machine.start):.1f} s")
                time.sleep(6)
        print(f"{readers.count} requests while both were restarted, {len(readers.failures)} failed")
        print(*sorted(set(readers.failures))[:10], sep="\n")
    finally:
        proxy.end()
        for machine in machines:
            machine.stop()
    is_shown = max(seconds) <= MAX_SECONDS
    return is_shown and not readers.failures and statuses == [200] * len(statuses)


def main() -> int:
    """Start what the machines share, and run; return the exit code."""
    if not NGINX:
        raise Missing("nginx")
    if not CACHE_SERVER:
        raise Missing("redis-server or valkey-server")
    with (
        tempfile.TemporaryDirectory(prefix="bhp-machines-") as folder,
        database() as database_url,
        run_bucket() as bucket,
        ExitStack() as stack,
    ):
        os.chmod(folder, 0o755)
        cache = CacheServer()
        stack.callback(cache.kill)
        env = INHERITED | {"DATABASE_URL": database_url, "STORAGE_URL": bucket.url}
        env |= {"CACHE_URL": f"redis://127.0.0.1:{cache.port}/0"}
        env |= {"SITE_URL": f"https://{NAME}", "BEHIND_PROXY": "1", "SECRET_KEY": "k" * 60}
        return 0 if run(Path(folder), env) else 1


if __name__ == "__main__":
    raise SystemExit(main())
