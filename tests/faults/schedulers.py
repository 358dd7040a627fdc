"""Several schedulers at once, and one that hangs (F7)."""

import json
import os
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from ..prepared_sites import EMPTY, copy_site
from ..server.live_server import INHERITED, ask
from ..subprocesses import ROOT, get_command, run_program
from .clocks import DUE, LOOK, SCHEDULE, look
from .launched_site import LaunchedSite
from .outcomes import LONG_REPEATS, REPEATS, Outcome, scale

SCHEDULERS = 8
# Calls what the scheduler calls, whenever a line comes in.
PUBLISH = """
import sys
from bhp_site.core.publishing.scheduled import publish_due
from django.db import connection
connection.ensure_connection()
for line in sys.stdin:
    print(publish_due(), flush=True)
"""
# Within this time the operator is told of a scheduler that hangs.
READY_SECONDS = 30
# Within this time after its return a late page is published.
LATE_SECONDS = 60
HANG_SECONDS = 90


def run_schedulers_at_once() -> Outcome:
    """Let eight processes publish the same page at once, again and again."""
    outcome = Outcome()
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        copy_site(EMPTY, Path(folder))
        env = INHERITED | {"DATA_DIR": folder, "DEMO": "0", "PYTHONPATH": str(ROOT)}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = get_command(PUBLISH)
        schedulers: list[subprocess.Popen[str]] = [
            subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL, **pipes)  # type: ignore[call-overload]
            for _ in range(SCHEDULERS)
        ]
        repeats = scale(50, 5)
        titles = [f"At once {number}" for number in range(repeats)]
        try:
            # All due within the first round or two, so that the schedulers meet at many pages.
            run_program(SCHEDULE.format(pages=dict.fromkeys(titles, 1)), env)
            time.sleep(1)
            published = 0
            for _ in range(3):
                for scheduler in schedulers:
                    assert scheduler.stdin
                    scheduler.stdin.write("\n")
                    scheduler.stdin.flush()
                for scheduler in schedulers:
                    assert scheduler.stdout
                    published += int(scheduler.stdout.readline())
        finally:
            for scheduler in schedulers:
                scheduler.kill()
                scheduler.wait()
        rows = json.loads(run_program(LOOK.format(titles=titles), env))
        wrong = {title: row for title, row in rows.items() if row != DUE}
        outcome.repeats = repeats
        outcome.expect(not wrong and len(rows) == repeats, f"not published once: {wrong}")
        outcome.expect(published == repeats, f"{published} publications of {repeats} pages")
    return outcome


def hang_scheduler() -> Outcome:
    """Stop the scheduler of a site for a while; only in the long form, because it takes minutes."""
    outcome = Outcome()
    if REPEATS < LONG_REPEATS:
        outcome.figures.append("only in the long form")
        return outcome
    with tempfile.TemporaryDirectory(prefix="bhp-faults-") as folder:
        site = LaunchedSite(Path(folder))
        try:
            for number in range(3):
                hang_once(site, f"Late {number}", outcome)
        finally:
            site.end()
    return outcome


def hang_once(site: LaunchedSite, title: str, outcome: Outcome) -> None:
    """Stop the scheduler, and note when the operator is told and when a late page is published."""
    until_ready(site, True, 60)
    pid = find_scheduler(site)
    site.python(SCHEDULE.format(pages={title: 15}))
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()
    told = until_ready(site, False, HANG_SECONDS)
    outcome.expect(told < READY_SECONDS, f"the operator is told after {told:.0f} s")
    # The launcher replaces it; a scheduler without a launcher goes on by itself.
    while Path(f"/proc/{pid}").exists() and time.monotonic() - began < HANG_SECONDS:
        time.sleep(0.2)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    back = time.monotonic()
    rows = look(site, [title], lambda rows: rows[title] == DUE, LATE_SECONDS)
    late = time.monotonic() - back
    outcome.expect(rows == {title: DUE}, f"not published once: {rows}")
    outcome.figures.append(
        f"told after {told:.0f} s, gone {back - began:.0f} s, published {late:.0f} s later"
    )
    outcome.repeats += 1


def find_scheduler(site: LaunchedSite) -> int:
    """Return the process id of the scheduler of a site."""
    launcher = site.launcher.process.pid
    for child in Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split():
        if Path(f"/proc/{child}/comm").read_text() == "bhp-scheduler\n":
            return int(child)
    raise AssertionError("there is no scheduler")


def until_ready(site: LaunchedSite, is_ready: bool, seconds: float) -> float:
    """Wait until `/readyz` says so; return the seconds, `seconds` at most."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if (ask(site.port, "/readyz")[0].status == 200) == is_ready:
            break
        time.sleep(0.5)
    return time.monotonic() - began
