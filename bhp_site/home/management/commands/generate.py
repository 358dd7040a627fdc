import sys
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import ReferenceIndex

from bhp_site.core.generation import generation
from bhp_site.core.progress import Bar
from bhp_site.home.generate import NotEmpty, generate
from bhp_site.home.skeleton import ensure
from news.models import NewsPage
from reports.models import ReportPage


class Command(BaseCommand):
    help = "Fill an empty site with made-up content, to see how it behaves when it is large."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--news", type=int, default=10_000)
        parser.add_argument("--reports", type=int, default=2_000)
        parser.add_argument("--partners", type=int, default=500)

        parser.add_argument(
            "--pages", type=int, default=0, help="give each report a file with the text of so many"
        )

    def handle(
        self, *args: Any, news: int, reports: int, partners: int, pages: int, **options: Any
    ) -> None:
        ensure()
        # Each is written once, and those with references are looked at once more.
        bar = Bar(self.stderr, news + reports + partners + news + reports)
        try:
            generate(news, reports, partners, bar, pages)
        except NotEmpty as error:
            raise CommandError(f"{error} Start from an empty site (DEMO=0).") from error
        for model in (ReportPage, NewsPage):
            for page in model.objects.iterator(chunk_size=200):
                ReferenceIndex.create_or_update_for_object(page)
                bar(1)
        bar.end()
        self.stderr.write("Filling the search indexes …")
        call_command("update_index", verbosity=0, stdout=sys.stderr)
        call_command("rebuild_search", stderr=self.stderr)
        generation.advance()
