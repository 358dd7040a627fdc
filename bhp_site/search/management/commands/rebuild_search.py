from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.core.progress import Bar
from bhp_site.search.indexing import index_missing, missing_files, missing_pages
from bhp_site.search.models import Entry, Word


class Command(BaseCommand):
    help = (
        "Put into the search index what is missing there; what was interrupted goes on where it "
        "stopped. With --from-scratch everything is put there anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from-scratch", action="store_true", help="empty the index first")

    def handle(self, *args: Any, from_scratch: bool, **options: Any) -> None:
        if from_scratch:
            Entry.objects.all().delete()
            Word.objects.all().delete()
        bar = Bar(self.stderr, missing_pages().count() + missing_files().count())
        while done := index_missing():
            bar(done)
        bar.end()
