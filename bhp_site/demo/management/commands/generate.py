import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import ReferenceIndex

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.progress_bar import ProgressBar
from bhp_site.demo.generate import SiteNotEmptyError, generate
from bhp_site.home.bootstrap import bootstrap_site
from news.models import NewsPage
from reports.models import ReportPage


class Command(BaseCommand):
    help = "Fill an empty site with generated content, to measure a large site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the numbers of pages to generate."""
        parser.add_argument("--news", type=int, default=10_000)
        parser.add_argument("--reports", type=int, default=2_000)
        parser.add_argument("--partners", type=int, default=500)

        parser.add_argument(
            "--pages",
            type=int,
            default=0,
            help="pages of text in the document of each report (0: no text)",
        )

    def handle(
        self, *args: Any, news: int, reports: int, partners: int, pages: int, **options: Any
    ) -> None:
        """Generate pages; raise CommandError if the site is not empty."""
        bootstrap_site()
        # Reports and news count twice: they are written, then their references are indexed.
        progress_bar = ProgressBar(self.stderr, news + reports + partners + news + reports)
        try:
            generate(news, reports, partners, progress_bar, pages)
        except SiteNotEmptyError as error:
            raise CommandError(f"{error} Start from an empty site (DEMO=0).") from error
        for model in (ReportPage, NewsPage):
            for page in model.objects.iterator(chunk_size=200):
                ReferenceIndex.create_or_update_for_object(page)
                progress_bar(1)
        progress_bar.end()
        self.stderr.write("Filling the search indexes …")
        call_command("update_index", verbosity=0, stdout=sys.stderr)
        call_command("rebuild_search", stderr=self.stderr)
        cache_version.advance()
