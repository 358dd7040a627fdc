"""Processes that are forked from the launcher, so that all share what it has imported.

Importing Django and Wagtail takes longer than the rest of a start, and most of the memory of a
process. The launcher has one thread, and no connection to the database when it forks.
"""

import atexit
import ctypes
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from django.db import connections

# Options of prctl(2): a signal when the parent ends, and the name that `ps -e` shows.
PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15
POLL_SECONDS = 0.05
libc = ctypes.CDLL(None)


def end_with_launcher(launcher: int) -> None:
    """Let this process, a child of the process `launcher`, be asked to end when that is killed."""
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        # It may have been killed before the call.
        if os.getppid() != launcher:
            os._exit(1)


class ForkedProcess:
    """A child process that runs a function of this program; it is used like a `Popen`."""

    def __init__(self, name: str, program: Callable[[], object]) -> None:
        connections.close_all()
        # Pages of memory stay shared while nobody writes to them, as the garbage collector would.
        gc.collect()
        gc.freeze()
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        launcher = os.getpid()
        self.pid = os.fork()
        if not self.pid:
            run_and_exit(name, program, launcher)

    def poll(self) -> int | None:
        """Return the exit code, or the negative number of a signal; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = float("inf")) -> int:
        """Wait for the end and return the exit code; raise TimeoutExpired.

        `timeout` is in seconds.
        """
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(POLL_SECONDS)
        return code


def run_and_exit(name: str, program: Callable[[], object], launcher: int) -> None:
    """Run `program` in a session of its own and exit this process, a fork of `launcher`.

    Its exit code is the number that `program` returns, or 0; 1 after an exception.
    """
    code = 1
    try:
        # Ctrl-C does not reach it: the launcher ends it instead.
        os.setsid()
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, signal.SIG_DFL)
        end_with_launcher(launcher)
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_NAME, f"bhp-{name}".encode())
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        result = program()
        code = result if isinstance(result, int) else 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else bool(end.code)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException:
        # It also reports the error, if error reports are on.
        sys.excepthook(*sys.exc_info())
    finally:
        try:
            # As at the end of any process; for example, error reports are sent.
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            # Whatever the launcher has still to do is not for this process, even if nobody reads
            # its output any more.
            os._exit(code)
