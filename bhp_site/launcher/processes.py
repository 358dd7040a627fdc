"""The processes of the site: started, watched and stopped together."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from types import FrameType

from django.conf import settings
from django.core.management import call_command

from bhp_site import health
from bhp_site.server import __main__ as server
from bhp_site.tasks.heartbeat import WEB_PREFIX

from .forking import ForkedProcess, end_with_launcher
from .heartbeat_ages import HeartbeatAges
from .preparation import ServiceUnavailable, prepare_quietly

START_TIMEOUT_SECONDS = 60
STOP_TIMEOUT_SECONDS = 10
# Processes besides the server, which are restarted when they end.
BACKGROUND_PROCESSES = ("scheduler", "worker")
# As `health.HUNG_SECONDS`, for a worker process of the web server, for which visitors wait.
HUNG_WEB_SECONDS = 20


def get_commands() -> dict[str, list[str]]:
    """Return the command line of each process, by name."""
    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    if settings.DEBUG:
        # It starts itself again when code changes.
        serve = [*manage, "runserver", f"{settings.HOST_IN_URL}:{settings.PORT}"]
    else:
        serve = [sys.executable, "-m", "bhp_site.server"]
    return {
        "server": serve,
        "scheduler": [*manage, "schedule"],
        "worker": [*manage, "run_worker"],
    }


def get_programs() -> dict[str, Callable[[], object]]:
    """Return by name the functions that do the same in forks; empty where forks are no use.

    Libraries of other systems than Linux may use threads, of which a fork keeps one.
    """
    if settings.DEBUG or sys.platform != "linux":
        return {}
    return {
        "server": server.run,
        "scheduler": partial(call_command, "schedule"),
        "worker": partial(call_command, "run_worker"),
    }


def has_room() -> bool:
    """Return True if a file can be created in the data folder."""
    return shutil.disk_usage(settings.DATA_DIR).free > 0


class ProcessGroup:
    """The running processes by name, and whether they are to stop."""

    def __init__(self) -> None:
        self.processes: dict[str, ForkedProcess | subprocess.Popen[bytes]] = {}
        self.started_at: dict[str, float] = {}
        self.heartbeats = HeartbeatAges()
        self.stop_requested = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Make all waiting methods return (a signal handler)."""
        self.stop_requested = True

    def start(self, name: str) -> None:
        """Start the process `name`."""
        if program := get_programs().get(name):
            self.processes[name] = ForkedProcess(name, program)
        else:
            # In a session of its own, Ctrl-C does not reach it: `stop` ends it instead.
            self.processes[name] = subprocess.Popen(
                get_commands()[name],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                # Safe, because the launcher has one thread.
                preexec_fn=partial(end_with_launcher, os.getpid()),
            )
        self.started_at[name] = time.monotonic()

    def is_hung(self, name: str) -> bool:
        """Return True if the background process `name` shows no sign of life."""
        age = time.monotonic() - self.started_at[name]
        return min(age, self.heartbeats.get_age(name)) > health.HUNG_SECONDS

    def is_running(self) -> bool:
        """Return True while the server runs and nobody has requested a stop."""
        return not self.stop_requested and self.processes["server"].poll() is None

    def wait_until_healthy(self) -> bool:
        """Wait for the server's first response; return False if it does not come.

        After START_TIMEOUT_SECONDS the server is left running.
        """
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self.is_running():
            if health.is_healthy(settings.HOST, settings.PORT, settings.SITE_HOST):
                return True
            if time.monotonic() > deadline:
                print(
                    f"The site has not answered for {START_TIMEOUT_SECONDS} seconds. It is still "
                    "running.",
                    flush=True,
                )
                return False
            time.sleep(0.1)
        return False

    def wait_until_prepared(self) -> str:
        """Prepare the site as soon as database and cache can be used.

        Return the password of a new account, else "".
        """
        while self.is_running():
            with contextlib.suppress(ServiceUnavailable):
                return prepare_quietly()
            time.sleep(1)
        return ""

    def watch(self) -> int:
        """Wait for the server to end or a stop, and return an exit code.

        Meanwhile, restart the other processes when they end or hang.
        """
        while not self.stop_requested:
            if self.processes["server"].poll() is not None:
                print("The server has stopped unexpectedly. Its last lines are above.", flush=True)
                return 1
            self.kill_hung_web_workers()
            for name in BACKGROUND_PROCESSES:
                if self.is_hung(name):
                    print(f"The {name} hangs. It is killed.", flush=True)
                    os.killpg(self.processes[name].pid, signal.SIGKILL)
                    self.processes[name].wait()
                if self.processes[name].poll() is not None:
                    print(f"The {name} has stopped unexpectedly. It is started again.", flush=True)
                    self.start(name)
                    time.sleep(1)
            time.sleep(0.2)
        return 0

    def kill_hung_web_workers(self) -> None:
        """Kill worker processes of the server that show no sign of life; granian replaces them."""
        for path in settings.DATA_DIR.glob(f"{WEB_PREFIX}*"):
            # A full disk keeps all of them from renewing the file.
            if self.heartbeats.get_age(path.name) < HUNG_WEB_SECONDS or not has_room():
                continue
            pid = int(path.name.removeprefix(WEB_PREFIX))
            with contextlib.suppress(ProcessLookupError):
                # Only a process of this server: the file may be of an earlier one.
                if os.getpgid(pid) == self.processes["server"].pid:
                    print("A process of the web server hangs. It is killed.", flush=True)
                    os.kill(pid, signal.SIGKILL)
            path.unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop all processes; kill those that take longer than STOP_TIMEOUT_SECONDS."""
        for path in settings.DATA_DIR.glob(f"{WEB_PREFIX}*"):
            path.unlink(missing_ok=True)
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
