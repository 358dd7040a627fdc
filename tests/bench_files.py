"""Measures how files are sent, and what slow readers cost others: `make bench-files`.

The site runs as the launcher starts it. A file of 4 MB is asked for over 16 connections, in turns
with a server that does nothing else: nginx with sendfile where it is installed, else granian's own
static mount. Then pages are asked for over 8 connections: quiet, beside stalled readers of a file
of 50 MB, and beside stalled uploads. Medians of rounds, so that a noisy machine slows all alike.
Files are asked for by wrk where it is installed, else, like pages, by this process, which says what
it has taken itself; both servers get the same client.
"""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from bhp_site.__main__ import configure

from .front.serving import Server, prepare, serve
from .launcher.conftest import free_port

ROUNDS, SECONDS = 3, 4
SHORT, LONG = 4_000_000, 50_000_000
NGINX = """
daemon off; pid nginx.pid; error_log stderr; worker_processes 2; {user}
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type text/csv;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{port}; root {root};
    location = /healthz {{ return 200; }}
  }}
}}
"""


def rate(port: int, path: str, connections: int) -> float:
    """Answers a second to `path`, each read to its end."""
    counts = []
    end = time.monotonic() + SECONDS

    def read() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        buffer, count = memoryview(bytearray(1 << 20)), 0
        while time.monotonic() < end:
            client.request("GET", path, headers={"Host": "localhost"})
            answer = client.getresponse()
            while answer.readinto(buffer):
                pass
            assert answer.status == 200, answer.status
            count += 1
        counts.append(count)

    threads = [threading.Thread(target=read) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == connections, "a connection has failed"
    return sum(counts) / SECONDS


def rate_of_files(port: int, path: str, connections: int) -> float:
    """The same as wrk counts it, where it is installed: it leaves the servers more to send with."""
    if not shutil.which("wrk"):
        return rate(port, path, connections)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "-H", "Host: localhost"]
    command.append(f"http://127.0.0.1:{port}{path}")
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    return float(said.partition("Requests/sec:")[2].split()[0])


def limit(folder: Path, media: Path) -> tuple[str, Server]:
    """A server that does nothing but send what is in `media`, and its name."""
    port = free_port()
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx:
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(NGINX.format(port=port, root=media, user=user))
        command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        return "nginx, sendfile", Server(command, port, folder / "log")
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(port)]
    command += ["--workers", "2", "--static-path-route", "/documents"]
    command += ["--static-path-mount", str(media / "documents"), "tests.front.odd:application"]
    return "granian, static mount", Server(command, port, folder / "log", DATA_DIR=str(folder))


def compare(site: Server, name: str, other: Server, file: str) -> None:
    ways = {"the site": (site, f"/documents/numbers-{SHORT}.csv"), name: (other, file)}
    taken: dict[str, list[float]] = {way: [] for way in ways}
    start, own = time.monotonic(), time.process_time()
    for _ in range(ROUNDS):
        for way, (server, path) in ways.items():
            taken[way].append(rate_of_files(server.port, path, 16))
    own = (time.process_time() - own) / (time.monotonic() - start)
    base = statistics.median(taken[name])
    print(f"\n{'4 MB, 16 connections':<28}{'requests/s':>12}{'×':>8}   rounds")
    for way, rates in taken.items():
        median = statistics.median(rates)
        rounds = ", ".join(f"{each:.0f}" for each in rates)
        print(f"{way:<28}{median:>12.0f}{median / base:>8.2f}   {rounds}")
    print(f"(The client took {own:.1f} of {os.cpu_count()} processors.)")


def disturb(site: Server) -> None:
    path = f"/documents/numbers-{LONG}.csv"
    cases: dict[str, Callable[[], AbstractContextManager[object]]] = {
        "quiet": nullcontext,
        "20 stalled readers": lambda: site.stalled_readers(20, path),
        "200 stalled readers": lambda: site.stalled_readers(200, path),
        "12 stalled uploads": lambda: site.stalled_uploads(12),
    }
    rate(site.port, "/", 8)
    before = site.memory()
    rates: dict[str, list[float]] = {case: [] for case in cases}
    memory: dict[str, float] = {}
    for _ in range(ROUNDS):
        for case, begin in cases.items():
            with begin():
                rates[case].append(rate(site.port, "/", 8))
                memory.setdefault(case, site.memory())
    base = statistics.median(rates["quiet"])
    print(f"\n{'50 MB stalled; pages':<28}{'pages/s':>12}{'×':>8}{'MB':>8}{'grown':>8}   rounds")
    for case, taken in rates.items():
        median, grown = statistics.median(taken), memory[case] - before
        rounds = ", ".join(f"{each:.0f}" for each in taken)
        print(
            f"{case:<28}{median:>12.0f}{median / base:>8.2f}{memory[case]:>8.0f}{grown:>8.0f}"
            f"   {rounds}"
        )


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    configure()
    servers = []
    with tempfile.TemporaryDirectory(prefix="bhp-bench-") as name:
        folder = Path(name)
        print("Preparing a site …", file=sys.stderr)
        prepare(folder, SHORT, LONG)
        media = folder / "media"
        file = next(p for p in media.rglob("*.csv") if p.stat().st_size == SHORT)
        (folder / "limit").mkdir()
        try:
            servers.append(site := serve(folder))
            kind, other = limit(folder / "limit", media)
            servers.append(other)
            compare(site, kind, other, f"/{file.relative_to(media)}")
            disturb(site)
        finally:
            for server in servers:
                server.end()


if __name__ == "__main__":
    main()
