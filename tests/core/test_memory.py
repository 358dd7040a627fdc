"""Converting images does not make a process larger for ever."""

import subprocess
import sys
from types import SimpleNamespace

import pytest

from bhp_site.core.memory import MAX_SHARED_BLOCK_BYTES, return_large_blocks
from tests.subprocesses import ROOT

CONVERT = """
import io, threading
import django
django.setup()
from concurrent.futures import ThreadPoolExecutor
from PIL import Image
from bhp_site.core.images.conversion import build_source

def get_megabytes():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024

data = io.BytesIO()
Image.new("RGB", (4000, 3000), "teal").save(data, "JPEG")
together = threading.Barrier(4)

def convert(number):
    # Each thread has converted, and none has ended, when the memory is measured.
    for _ in range(2):
        build_source(io.BytesIO(data.getvalue()), 1600)
    together.wait()

with ThreadPoolExecutor(4) as threads:
    before = get_megabytes()
    list(threads.map(convert, range(4)))
    print(get_megabytes() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it reads Linux's /proc")
def test_threads_that_have_converted_images_keep_little_memory() -> None:
    command = [sys.executable, "-c", CONVERT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 40


def test_a_library_without_the_option_is_left_alone() -> None:
    calls: list[tuple[int, int]] = []
    assert not return_large_blocks(SimpleNamespace())
    assert not return_large_blocks(SimpleNamespace(mallopt=lambda *call: calls.append(call)))
    assert calls == [(-3, MAX_SHARED_BLOCK_BYTES)]
