import os
import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django_tasks import task_backends

from bhp_site.tasks.worker import LEASE_SECONDS, Worker


class Command(BaseCommand):
    help = (
        "Run background tasks, such as converting images and sending e-mails, until stopped. Any "
        "number of workers can run, on any number of machines."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option `--lease`."""
        parser.add_argument(
            "--lease",
            type=float,
            default=LEASE_SECONDS,
            help="seconds after which the tasks of a worker that died are run again (%(default)s)",
        )

    def handle(self, *args: Any, lease: float, **options: Any) -> None:
        """Run a worker until SIGINT or SIGTERM, then exit the process."""
        # Visitors and editors wait for the web server; nobody waits for a task.
        os.nice(10)
        worker = Worker(sorted(task_backends["database"].queues), lease)
        for signum in (signal.SIGINT, signal.SIGTERM):
            # In a thread: the handler may interrupt the main thread while it holds the lock.
            signal.signal(signum, lambda *_: threading.Thread(target=worker.stop).start())
        worker.run()
        # A thread that still runs has lost its task: do not wait for it.
        os._exit(0)
