import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from bhp_site.core import background
from bhp_site.core.publishing import publish_due


class Command(BaseCommand):
    help = (
        "Publish and unpublish pages when their time has come, and do what takes long beside the "
        "requests, such as reading the text of files; runs until it is ended."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, then end")
        parser.add_argument("--every", type=float, default=10, help="seconds between two looks")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        while True:
            next_look = time.monotonic() + every
            close_old_connections()
            try:
                publish_due()
                if not once:
                    background.beat()
                # No page waits long for what takes long.
                while not once and time.monotonic() < next_look - every / 2:
                    if not background.work():
                        break
            except Exception as error:
                # The database may be away for a while; what is due stays due.
                self.stderr.write(f"Could not look for scheduled pages: {error}")
                connection.close()
            if once:
                return
            time.sleep(max(0, next_look - time.monotonic()))
