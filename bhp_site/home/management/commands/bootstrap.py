from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.home.bootstrap import bootstrap_site
from bhp_site.home.models import HomePage
from bhp_site.home.starting_pages import create_starting_pages


class Command(BaseCommand):
    help = (
        "Create the home page and index pages where missing, and set the site's address. A new "
        "site also gets drafts of the accessibility statement, privacy and contact pages."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the pages and settings that are missing, and begin a new cache version."""
        is_new = not HomePage.objects.exists()
        home = bootstrap_site()
        if is_new:
            create_starting_pages(home)
        # A new release may cache other values under the same keys.
        cache_version.restart()
