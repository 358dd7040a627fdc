from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.home.demo.load import load


class Command(BaseCommand):
    help = "Fill the site with demonstration content; what is there already is left alone."

    def handle(self, *args: Any, **options: Any) -> None:
        load(say=self.stdout.write)
