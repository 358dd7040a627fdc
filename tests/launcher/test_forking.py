"""Processes that the launcher forks end as processes that it starts do."""

import subprocess
import sys

import pytest

from ..subprocesses import ROOT

PROGRAM = """
import atexit, os, signal, subprocess, sys, time
from django.conf import settings
settings.configure()
from bhp_site.launcher.forking import ForkedProcess, end_with_launcher

def refuse():
    raise SystemExit("The port is in use.")

def fail():
    return 1 / 0

def find_no_launcher():
    # Not the parent, as when the launcher was killed in between.
    end_with_launcher(os.getpid())

read_end, write_end = os.pipe()

def sleep():
    assert os.getsid(0) == os.getpid() != os.getppid()
    print(open("/proc/self/comm").read().strip(), flush=True)
    os.write(write_end, b"x")
    time.sleep(60)

def fail_later():
    atexit.register(lambda: print("exit function", flush=True))
    sys.excepthook = lambda *error: print("reported", error[0].__name__, flush=True)
    fail()

def lose_output():
    reader, writer = os.pipe()
    os.close(reader)
    sys.stdout = os.fdopen(writer, "w")
    print("nobody reads this")

try:
    programs = (lambda: None, lambda: 3, refuse, fail, find_no_launcher, fail_later, lose_output)
    for program in programs:
        print(ForkedProcess("test", program).wait(20), flush=True)
    sleeping = ForkedProcess("sleeper", sleep)
    os.read(read_end, 1)
    try:
        sleeping.wait(0.1)
    except subprocess.TimeoutExpired:
        print("runs", sleeping.poll(), flush=True)
    os.killpg(sleeping.pid, signal.SIGTERM)
    print(sleeping.wait(20), sleeping.poll(), flush=True)
finally:
    print("only the parent comes here")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
def test_a_fork_ends_with_the_code_of_its_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.splitlines() == [
        "0",
        "3",
        "1",
        "1",
        "1",
        "reported ZeroDivisionError",
        "exit function",
        "1",
        "0",
        "bhp-sleeper",
        "runs None",
        "-15 -15",
        "only the parent comes here",
    ]
    assert done.stderr.startswith("The port is in use.\nTraceback")
    assert "ZeroDivisionError" in done.stderr
