import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from bhp_site.tasks.scheduler import Scheduler


class Command(BaseCommand):
    help = (
        "Run the periodic jobs listed in bhp_site/jobs.py, such as publishing scheduled pages, "
        "until stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--once`."""
        parser.add_argument("--once", action="store_true", help="run every job once, then end")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Run the scheduler until SIGINT or SIGTERM, or its due jobs once if `once`."""
        scheduler = Scheduler(import_string(settings.JOBS))
        if once:
            scheduler.run_due_jobs()
            return
        for signum in (signal.SIGINT, signal.SIGTERM):
            # In a thread: the handler may interrupt the main thread while it holds the lock.
            signal.signal(signum, lambda *_: threading.Thread(target=scheduler.stop).start())
        scheduler.run()
