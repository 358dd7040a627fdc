from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.core.generation import generation
from bhp_site.home.skeleton import ensure


class Command(BaseCommand):
    help = "Make the home page and the indexes where they are missing, and set the site's address."

    def handle(self, *args: Any, **options: Any) -> None:
        ensure()
        # A new release may keep other things under the same names.
        generation.restart()
