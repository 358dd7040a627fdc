"""Measures memory over many uploads: `make bench-uploads`, N=1000.

An editor uploads documents of 3 MB and of 50 kB, and images of 2 and 12 megapixels, in turn, to a
site with two worker processes that the launcher has started. Each is confirmed, read and converted
as in the admin. The goals are for the web server; the launcher, the scheduler and the worker for
tasks, with which it shares most of its code, are printed with it.
"""

import io
import json
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
from PIL import Image

from .bench_kills import ADD, KilledSite
from .files.sending import Sending, report
from .measuring import Goal, at_most, tell
from .server.live_server import ask, get_megabytes

# At rest, and after any number of uploads.
MAX_MEGABYTES = 300
# From the first quarter of the uploads to the last.
MAX_GROWTH_MEGABYTES = 30
# Until the scheduler and the worker for tasks have started.
START_SECONDS = 15
ADD_IMAGE = "/admin/images/multiple/add/"


class UploadSite(KilledSite):
    """A site with two worker processes, to which an editor uploads."""

    workers = 2

    @contextmanager
    def run_launcher(self) -> Iterator[None]:
        """Run the whole site instead of the web server alone."""
        self.kill()
        self.command = [sys.executable, "-m", "bhp_site"]
        self.start()
        try:
            time.sleep(START_SECONDS)
            yield
        finally:
            # Its children end with it, in order.
            self.server.send_signal(signal.SIGTERM)
            self.server.wait()

    def get_memory(self) -> tuple[float, float]:
        """Return the megabytes of the web server's processes, and of all processes of the site."""
        megabytes = {pid: get_megabytes(pid) for pid in get_process_tree(self.server.pid)}
        # The server is the only child of the launcher that has children, its worker processes.
        server = next(pid for pid in get_children(self.server.pid) if get_children(pid))
        return sum(megabytes[pid] for pid in get_process_tree(server)), sum(megabytes.values())

    def post(self, path: str, form: dict[str, Any]) -> str:
        """Send a form; return the answer, which must be a success."""
        sending = Sending(self.port, path, self.cookies, form)
        headers = {name.replace("-", "_"): value for name, value in sending.headers.items()}
        answer, body = ask(self.port, path, "POST", sending.body, **headers)
        assert answer.status == 200, body
        return body.decode()

    def upload(self, number: int) -> None:
        """Upload the next of four kinds of files."""
        kind = number % 4
        if kind < 2:
            data = report(self.random) if kind else make_document(secrets.token_hex(8))
            path, form = self.prepare(ADD, data)
            form.pop("again")
            self.post(path, form)
            return
        size = (1600, 1200) if kind == 2 else (4000, 3000)
        name, format_name = ("a.png", "PNG") if kind == 2 else ("a.jpg", "JPEG")
        file = name, f"image/{format_name.lower()}", make_image(self.random, size, format_name)
        form = {"title": f"Image {number}", "collection": 1, "files[]": file}
        assert json.loads(self.post(ADD_IMAGE, form))["success"]


def get_children(pid: int) -> list[int]:
    """Return the processes that the process `pid` has started and that run."""
    return [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def get_process_tree(pid: int) -> list[int]:
    """Return `pid` and the processes below it."""
    return [pid, *(each for child in get_children(pid) for each in get_process_tree(child))]


def make_document(title: str) -> bytes:
    """Return a small PDF of five pages; the factories' needs Django."""
    pdf = pikepdf.new()
    for _ in range(5):
        pdf.add_blank_page()
    pdf.docinfo["/Title"] = title
    data = io.BytesIO()
    pdf.save(data)
    return data.getvalue()


def make_image(random_numbers: random.Random, size: tuple[int, int], format_name: str) -> bytes:
    """Return an image like no other that is not quickly compressed."""
    noise = Image.frombytes("RGB", (40, 30), random_numbers.randbytes(40 * 30 * 3))
    data = io.BytesIO()
    noise.resize(size).save(data, format_name)
    return data.getvalue()


def say(measured: tuple[float, float]) -> str:
    """Return both of `UploadSite.get_memory` in words."""
    return f"{measured[0]:.0f} MB, the whole site {measured[1]:.0f} MB"


def measure_uploads(uploads: int) -> list[Goal]:
    """Upload files; return how much memory the server takes, and how much more each quarter."""
    with tempfile.TemporaryDirectory(prefix="bhp-uploads-") as folder:
        site = UploadSite(Path(folder), random.Random(1))
        with site.run_launcher():
            for path in ("/", "/news/", "/admin/login/"):
                ask(site.port, path)
            measured = [site.get_memory()]
            print(f"At rest: {say(measured[0])}", flush=True)
            for number in range(uploads):
                site.upload(number)
                if (number + 1) % (uploads // 4) == 0:
                    measured.append(site.get_memory())
                    print(f"{number + 1} uploads: {say(measured[-1])}", flush=True)
    server = [megabytes for megabytes, _ in measured]
    return [
        at_most("memory at rest, two workers", server[0], MAX_MEGABYTES, " MB"),
        at_most(f"memory during {uploads} uploads", max(server), MAX_MEGABYTES, " MB"),
        at_most(
            "growth from the first quarter to the last",
            server[-1] - server[1],
            MAX_GROWTH_MEGABYTES,
            " MB",
        ),
    ]


if __name__ == "__main__":
    tell(measure_uploads(int(os.environ.get("N") or 1000)))
