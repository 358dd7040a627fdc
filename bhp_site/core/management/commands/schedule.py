import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from bhp_site.core.images import make_slow_renditions
from bhp_site.core.publishing import publish_due


class Command(BaseCommand):
    help = (
        "Publish and unpublish pages when their time has come, and make the formats of pictures "
        "that take long; runs until it is ended."
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
                # No page waits long for a picture.
                while not once and time.monotonic() < next_look - every / 2:
                    if not make_slow_renditions():
                        break
            except Exception as error:
                # The database may be away for a while; what is due stays due.
                self.stderr.write(f"Could not look for scheduled pages: {error}")
                connection.close()
            if once:
                return
            time.sleep(max(0, next_look - time.monotonic()))
