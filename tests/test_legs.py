"""Legs of a test run go beside each other, and end together."""

import re
import signal
import sys
import time
from pathlib import Path

import pytest

from . import legs
from .legs import MAX_PROCESSES, MISSING, PASSED, Leg, run_beside, run_legs

PROGRAMS = {
    # Neither ends before the other has begun.
    "first": "meet('first', 'second'); print('...F [ 50%]'); print('one has failed'); sys.exit(1)",
    "second": "meet('second', 'first'); print('.... [100%]'); print('all have passed')",
    "alone": "assert len([*folder.glob('*-ended')]) == 2; print('it was alone')",
    "missing": "print('It needs a browser.'); sys.exit(77)",
    "killed": "os.kill(os.getpid(), 9)",
}
BEGIN = """
import os, sys, time
from pathlib import Path
folder = Path({folder!r})
def meet(own, other):
    (folder / own).touch()
    deadline = time.monotonic() + 60
    while not (folder / other).exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (folder / f"{{own}}-ended").touch()
"""
WAIT = """
import signal, sys, time
def end(*args):
    print("interrupted", flush=True)
    sys.exit(1)
signal.signal(signal.SIGINT, end)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = BEGIN.format(folder=str(tmp_path))
    monkeypatch.setattr(
        legs, "get_command", lambda name: [sys.executable, "-c", begin + PROGRAMS[name]]
    )


def create_leg(processes: int = 1) -> Leg:
    """Return a leg of which a program of this file takes the place."""
    return Leg("tests", lambda: True, processes)


def test_legs_run_beside_each_other_and_their_output_stays_together(
    capfd: pytest.CaptureFixture[str],
) -> None:
    names = {"first": create_leg(), "second": create_leg(), "alone": create_leg(MAX_PROCESSES)}
    codes = run_legs(names)
    assert codes == {"first": 1, "second": PASSED, "alone": PASSED}
    output = capfd.readouterr().out
    assert "first        ...F [ 50%]\n" in output
    assert "second       .... [100%]\n" in output
    assert re.search(r"FAILED after \d+:\d\d\none has failed\n", output)
    assert re.search(r"passed after \d+:\d\d\nall have passed\n", output)
    assert output.endswith("── tests\nit was alone\n")


def test_what_is_missing_and_what_is_killed_has_not_passed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    codes = run_legs({"missing": create_leg(), "killed": create_leg()})
    assert codes == {"missing": MISSING, "killed": -signal.SIGKILL}
    output = capfd.readouterr().out
    assert re.search(r"not run after \d+:\d\d\nIt needs a browser.\n", output)


def test_whatever_still_runs_is_interrupted(capfd: pytest.CaptureFixture[str]) -> None:
    deadline = time.monotonic() + 60
    with run_beside(sys.executable, "-c", WAIT):
        while "ready" not in capfd.readouterr().out:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert "interrupted" in capfd.readouterr().out
