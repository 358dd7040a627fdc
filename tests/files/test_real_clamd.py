"""The scanner's client with a real clamd, which knows one signature, where clamd is installed."""

import io
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bhp_site.files.virus_scan.clamd import FileTooLarge, ScannerUnavailable, scan

from ..scanner import NAME, SIGNATURE
from ..subprocesses import free_port

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/bin:/usr/local/sbin")
MAX_BYTES = 1_000_000
CONFIGURATION = """
Foreground yes
DatabaseDirectory {folder}
LocalSocket {folder}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength {size}
"""

pytestmark = pytest.mark.skipif(CLAMD is None, reason="clamd is not installed")


class Clamd:
    """A clamd process with its configuration, which can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.addresses = (str(folder / "clamd.ctl"), f"127.0.0.1:{self.port}")
        (folder / "test.ndb").write_text(f"{NAME}:0:*:{SIGNATURE.hex()}\n")
        text = CONFIGURATION.format(folder=folder, port=self.port, size=MAX_BYTES)
        (folder / "clamd.conf").write_text(text)
        self.start()

    def start(self) -> None:
        """Start the process, and wait until it answers."""
        command = [str(CLAMD), "--config-file", str(self.folder / "clamd.conf")]
        log = (self.folder / "log").open("a")
        self.process = subprocess.Popen(command, stdout=log, stderr=log)
        for _ in range(200):
            try:
                for address in self.addresses:
                    scan(io.BytesIO(b"ping"), address)
            except ScannerUnavailable:
                time.sleep(0.05)
            else:
                return
        pytest.fail((self.folder / "log").read_text())

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    clamd = Clamd(tmp_path_factory.mktemp("clamd"))
    yield clamd
    clamd.kill()


class DeadlyFile(io.BytesIO):
    """A file during whose transfer clamd is killed."""

    clamd: Clamd

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes; with the second part, end the process."""
        if self.tell():
            self.clamd.kill()
        return super().read(size)


@pytest.mark.parametrize("number", [0, 1], ids=["socket", "port"])
def test_results(clamd: Clamd, number: int) -> None:
    address = clamd.addresses[number]
    content = b"x" * 300_000
    assert scan(io.BytesIO(content), address) == ""
    assert scan(io.BytesIO(content + SIGNATURE), address) == f"{NAME}.UNOFFICIAL"
    assert scan(io.BytesIO(), address) == ""
    for size in (MAX_BYTES + 1, MAX_BYTES * 20):
        with pytest.raises(FileTooLarge):
            scan(io.BytesIO(b"x" * size), address)


def test_a_scanner_that_does_not_answer(clamd: Clamd) -> None:
    clamd.process.send_signal(signal.SIGSTOP)
    for address in clamd.addresses:
        with pytest.raises(ScannerUnavailable):
            scan(io.BytesIO(b"x"), address, timeout=0.1)
    clamd.process.send_signal(signal.SIGCONT)
    assert scan(io.BytesIO(b"x"), clamd.addresses[0]) == ""


def test_a_scanner_that_is_restarted_during_a_scan(clamd: Clamd) -> None:
    file = DeadlyFile(b"x" * 900_000)
    file.clamd = clamd
    with pytest.raises(ScannerUnavailable):
        scan(file, clamd.addresses[0])
    with pytest.raises(ScannerUnavailable):
        scan(io.BytesIO(b"x"), clamd.addresses[0])
    clamd.start()
    assert scan(io.BytesIO(b"x"), clamd.addresses[0]) == ""
