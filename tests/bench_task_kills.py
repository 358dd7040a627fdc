"""Kills workers in the midst of tasks: `make bench-task-kills`, N=50.

Two workers run tasks that two other processes enqueue: four writers. After the last kill every task
must have had its effect exactly once, and nobody may have met a locked database. SEED=… repeats the
same pauses; DATABASE=postgresql uses a PostgreSQL of its own.
"""

import multiprocessing
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .postgresql_cluster import database
from .subprocesses import ROOT

LEASE_SECONDS = 2.0
DRAIN_SECONDS = 180
FORK = multiprocessing.get_context("fork")


class TaskKills:
    """Processes that enqueue and run tasks in the database of the settings."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.stopping = FORK.Event()
        self.kills: Counter[str] = Counter()

    def fork(self, target: Any, *args: Any) -> Any:
        """Start `target` in a process of its own, whose log goes to a file of the folder."""
        from django.db import connections

        connections.close_all()
        process = FORK.Process(target=self._run, args=[target, *args])
        process.start()
        return process

    def _run(self, target: Any, *args: Any) -> None:
        with (self.folder / "log").open("ab") as log:
            os.dup2(log.fileno(), 2)
        target(*args)
        os._exit(0)

    def enqueue(self, name: str) -> None:
        """Enqueue tasks, some in transactions that are rolled back, until asked to stop."""
        from django.db import connection, transaction

        from .tasks.sample_tasks import write_log_entry

        number = 0
        with (self.folder / f"enqueued-{name}").open("a") as committed:
            while not self.stopping.is_set():
                number += 1
                rolled_back = number % 5 == 0
                label = f"{name}-{number}{'-rolled-back' if rolled_back else ''}"
                with transaction.atomic():
                    write_log_entry.enqueue(label)
                    transaction.set_rollback(rolled_back)
                if not rolled_back:
                    committed.write(f"{label}\n")
                    committed.flush()
                time.sleep(0.05)
        connection.close()

    def work(self) -> None:
        """Run tasks until killed."""
        from bhp_site.tasks.worker import Worker

        Worker(["default", "slow"], LEASE_SECONDS).run()

    def kill(self, worker: Any) -> None:
        """Kill `worker` while some task runs, or a moment later."""
        from bhp_site.tasks.models import QueuedTask

        running = QueuedTask.objects.filter(status="RUNNING", lease_expires_at__isnull=False)
        before = running.count()
        time.sleep(self.chance.uniform(0, 0.15))
        worker.kill()
        worker.join()
        self.kills["a task was running" if before else "no task was running"] += 1

    def run(self, rounds: int) -> None:
        """Kill one worker after the other, then wait until no task is left."""
        enqueuers = [self.fork(self.enqueue, name) for name in ("first", "second")]
        workers = [self.fork(self.work) for _ in range(2)]
        try:
            for number in range(rounds):
                time.sleep(0.3)
                self.kill(workers[number % 2])
                workers[number % 2] = self.fork(self.work)
            self.stopping.set()
            for process in enqueuers:
                process.join()
            self.drain()
        finally:
            for process in (*enqueuers, *workers):
                process.kill()
                process.join()

    def drain(self) -> None:
        """Wait until every task is finished."""
        from bhp_site.tasks.models import QueuedTask

        deadline = time.monotonic() + DRAIN_SECONDS
        left = QueuedTask.objects.filter(status__in=("READY", "RUNNING"))
        while left.exists():
            if time.monotonic() > deadline:
                errors = sorted(set(left.values_list("error", flat=True)))
                raise AssertionError(f"{left.count()} tasks are left: {errors}")
            time.sleep(0.2)

    def check(self) -> None:
        """Assert that each task had its effect once, and print figures."""
        from wagtail.models import ModelLogEntry

        from bhp_site.tasks.models import QueuedTask

        enqueued = [
            label for path in self.folder.glob("enqueued-*") for label in path.read_text().split()
        ]
        effects = Counter(
            ModelLogEntry.objects.filter(action="test.task").values_list("label", flat=True)
        )
        repeated = QueuedTask.objects.filter(attempts__gt=1).count()
        log = (self.folder / "log").read_text()
        print(f"{sum(self.kills.values())} kills: {dict(self.kills)}")
        print(f"{len(enqueued)} tasks, {repeated} of them run more than once")
        assert not [label for label, times in effects.items() if times > 1], "an effect came twice"
        assert effects.keys() == set(enqueued), "a task was lost, or one came from nowhere"
        assert not QueuedTask.objects.filter(status="FAILED").exists(), "a task failed"
        assert "locked" not in log, log
        assert "Traceback" not in log, log
        print("Every task had its effect exactly once; nobody met a locked database.")


def main() -> None:
    rounds = int(os.environ.get("N") or 50)
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    print(f"{rounds} kills of workers, SEED={seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bhp-task-kills-")))
        os.environ.setdefault("DATA_DIR", str(folder))
        if os.environ.get("DATABASE") == "postgresql":
            os.environ["DATABASE_URL"] = stack.enter_context(database())
        os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
        if "DATABASE_URL" not in os.environ or os.environ.get("DATABASE"):
            command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(command, cwd=ROOT, check=True)
        import django

        django.setup()
        kills = TaskKills(folder, random.Random(seed))
        kills.run(rounds)
        kills.check()


if __name__ == "__main__":
    main()
