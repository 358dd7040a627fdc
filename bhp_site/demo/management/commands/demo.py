from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.demo.load import load


class Command(BaseCommand):
    help = "Add the demonstration content. Existing content is not changed."

    def handle(self, *args: Any, **options: Any) -> None:
        load(report=self.stdout.write)
