"""Full disks (F5): small file systems of their own, which only root can mount."""

import random
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..bench_kills import ADD, KilledSite
from ..files.sending import Sending, report
from ..killable_site import health
from ..postgresql_cluster import Missing
from ..server.live_server import ask
from .outcomes import RECOVERY_SECONDS, UNCACHED, Outcome, Visitors, scale

# Documents and a page that was not requested before are read from the full disk too.
PATHS = ("/", "/news/", "/documents/the-report.pdf", UNCACHED)
# What the message to the editor contains.
MESSAGE = "disk of the server is full"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a file system of `size` at `folder` for so long; raise Missing."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True).returncode:
        raise Missing("the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill the file system at `folder` with one file, and return its path."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096, 1):
            with suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    return path


def fill_disks() -> Outcome:
    """Fill the disk of documents, of the database and of the page cache."""
    outcome = Outcome()
    # Folder in the data folder, size, how often, and whether an upload must be refused.
    for name, size, repeats, is_refused in (
        ("media", "64m", scale(10, 1), True),
        (".", "600m", scale(5, 1), True),
        ("page_cache", "8m", scale(5, 1), False),
    ):
        with tempfile.TemporaryDirectory(prefix="bhp-faults-") as parent:
            data = Path(parent) / "data"
            data.mkdir(mode=0o700)
            with small_disk(data / name, size) as disk:
                site = KilledSite(data, random.Random(name))
                try:
                    for _ in range(repeats):
                        fill_once(site, disk, is_refused, outcome)
                finally:
                    site.kill()
    return outcome


def fill_once(site: KilledSite, disk: Path, is_refused: bool, outcome: Outcome) -> None:
    """Fill `disk`; note what visitors and an editor get, and whether all is well afterwards."""
    name = disk.name
    path, form = site.prepare(ADD, report(site.random))
    filler = fill(disk)
    with Visitors(site.port, PATHS) as visitors:
        status, text = send(site, path, form)
        time.sleep(1)
        ready = ask(site.port, "/readyz")[0].status
    outcome.expect({*visitors.statuses} == {200}, f"{name}: {dict(visitors.statuses)}")
    if is_refused:
        said = f"{name}: the editor gets {status} {text[:200]}"
        outcome.expect(MESSAGE in text.lower() and status in (200, 503), said)
        outcome.expect(ready == 503, f"{name}: the site says that it is ready")
    else:
        outcome.expect(status == 200, f"{name}: the editor gets {status}")
    filler.unlink()
    began = started = time.monotonic()
    while not is_uploaded(site) and started - began < 60:
        time.sleep(0.2)
        started = time.monotonic()
    # How long the upload itself takes depends on the machine.
    seconds = started - began
    outcome.expect(seconds < RECOVERY_SECONDS, f"{name}: uploads again after {seconds:.0f} s")
    assert health.is_healthy("127.0.0.1", site.port, "localhost")
    site.check_files()
    outcome.repeats += 1


def send(site: KilledSite, path: str, form: dict[str, object]) -> tuple[int, str]:
    """Send a form as the editor; return the status and the text of the answer."""
    sending = Sending(site.port, path, site.cookies, form)
    headers = {name.replace("-", "_"): value for name, value in sending.headers.items()}
    answer, body = ask(site.port, path, "POST", sending.body, **headers)
    return answer.status, body.decode()


def is_uploaded(site: KilledSite) -> bool:
    """Upload another document; return True if it is stored."""
    with suppress(OSError, AssertionError, KeyError):
        path, form = site.prepare(ADD, report(site.random))
        return send(site, path, form)[0] == 200
    return False
