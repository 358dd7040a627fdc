"""Causes faults in real processes and prints what happened: `make faults`, REPEATS=20, SECONDS=60.

Each fault has goals: no acknowledged change is lost, nothing answers with an error but 503 with
Retry-After, cached pages and documents are always served, and everything works again by itself.
Faults that other measurements or tests cause already are run from there. `FAULTS=F1,F4` chooses.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from ..postgresql_cluster import Missing
from ..run import PYTEST
from ..subprocesses import ROOT
from .clocks import set_clocks
from .databases import cut_power, lose_database
from .disks import fill_disks
from .outcomes import Outcome, scale
from .receivers import raise_in_receivers
from .schedulers import hang_scheduler, run_schedulers_at_once
from .servers import hang_web_workers, lose_cache_server, stall_clients


def run_measurement(name: str, repeats: int) -> Callable[[], Outcome]:
    """Return a function that runs `python -m tests.<name>`, which fails if a goal is missed."""
    return lambda: _run([sys.executable, "-m", f"tests.{name}"], repeats, N=str(repeats))


def run_tests(*tests: str) -> Callable[[], Outcome]:
    """Return a function that runs these tests."""

    def run() -> Outcome:
        if missing := [test for test in tests if not (ROOT / test.partition("::")[0]).exists()]:
            raise Missing(missing[0])
        return _run([*PYTEST, *tests], 1)

    return run


def _run(command: list[str], repeats: int, **variables: str) -> Outcome:
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True
    )
    lines = [line for line in done.stdout.splitlines() if line.strip()] or [""]
    outcome = Outcome(repeats, figures=[lines[-1].strip()[:90]])
    outcome.expect(done.returncode == 0, f"{' '.join(command[1:])} failed: {done.stderr[-500:]}")
    return outcome


FAULTS: dict[str, tuple[str, Callable[[], Outcome]]] = {
    "F1": ("PostgreSQL stopped, killed, frozen", lose_database),
    "F2": ("cache server killed, frozen, full", lose_cache_server),
    "F3a": ("workers killed during tasks", run_measurement("bench_task_kills", scale(50, 4))),
    "F3b": ("workers killed while sending", run_measurement("bench_alert_kills", scale(50, 2))),
    "F3c": ("worker killed during a scan", run_tests("tests/files/test_virus_scan.py")),
    "F4a": ("server killed during uploads", run_measurement("bench_kills", scale(200, 8))),
    "F4b": ("server killed during releases", run_measurement("bench_release_kills", scale(50, 2))),
    "F5": ("disk full", fill_disks),
    "F6": ("stalled uploads and readers", stall_clients),
    "F7a": ("eight schedulers at once", run_schedulers_at_once),
    "F7b": ("the scheduler hangs", hang_scheduler),
    "F8": ("receivers and hooks that raise", raise_in_receivers),
    "F9": ("power cut: all processes killed", cut_power),
    "F10": ("earlier code on the new schema", run_tests("tests/upgrades/test_previous_code.py")),
    "F11": (
        "object storage away, slow, full",
        run_tests("tests/core/storage", "tests/server/test_object_storage.py"),
    ),
    "F12": ("clocks wrong, and clocks that change", set_clocks),
    "F13": ("a process of the web server hangs", hang_web_workers),
}


def main() -> int:
    """Cause the faults, print a table, and return 1 if a goal was missed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    chosen = (os.environ.get("FAULTS") or ",".join(FAULTS)).split(",")
    rows, has_failed = [], False
    for name in chosen:
        label, cause = FAULTS[name]
        print(f"{name} {label} …", file=sys.stderr, flush=True)
        began = time.monotonic()
        try:
            outcome = cause()
        except Missing as error:
            rows.append((name, label, "", f"not run: {error} is missing"))
            continue
        except Exception as error:
            # The other faults are still to be caused.
            outcome = Outcome(problems=[f"{type(error).__name__}: {str(error)[-500:]}"])
        has_failed |= bool(outcome.problems)
        result = "FAILED" if outcome.problems else "passed"
        details = "; ".join(outcome.problems + outcome.figures)
        seconds = time.monotonic() - began
        rows.append((name, label, str(outcome.repeats), f"{result} in {seconds:.0f} s: {details}"))
        print(f"{rows[-1][3]}", file=sys.stderr, flush=True)
    print(f"{'':5}{'fault':38}{'times':>6}  result")
    for name, label, repeats, result in rows:
        print(f"{name:5}{label:38}{repeats:>6}  {result}")
    return int(has_failed)


if __name__ == "__main__":
    raise SystemExit(main())
