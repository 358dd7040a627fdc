import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from bhp_site.core.publishing import publish_due


class Command(BaseCommand):
    help = "Publish and unpublish pages when their time has come; runs until it is ended."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="look once, then end")
        parser.add_argument("--every", type=float, default=10, help="seconds between two looks")

    def handle(self, *args: Any, once: bool, every: float, **options: Any) -> None:
        while True:
            close_old_connections()
            try:
                publish_due()
            except Exception as error:
                # The database may be away for a while; what is due stays due.
                self.stderr.write(f"Could not look for scheduled pages: {error}")
                connection.close()
            if once:
                return
            time.sleep(every)
