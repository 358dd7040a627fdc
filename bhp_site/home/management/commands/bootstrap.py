from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.home.bootstrap import bootstrap_site


class Command(BaseCommand):
    help = "Create the home page and index pages where missing, and set the site's address."

    def handle(self, *args: Any, **options: Any) -> None:
        bootstrap_site()
        # A new release may cache other values under the same keys.
        cache_version.restart()
