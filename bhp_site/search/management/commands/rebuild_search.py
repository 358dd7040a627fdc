from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.search.indexing import get_missing_documents, get_missing_pages, index_missing
from bhp_site.search.models import Entry, Word


class Command(BaseCommand):
    help = (
        "Add missing pages and documents to the search index. An interrupted run can be "
        "continued. With --from-scratch the whole index is rebuilt."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--from-scratch`."""
        parser.add_argument("--from-scratch", action="store_true", help="empty the index first")

    def handle(self, *args: Any, from_scratch: bool, **options: Any) -> None:
        """Index everything without an entry; `from_scratch` deletes all entries first."""
        if from_scratch:
            Entry.objects.all().delete()
            Word.objects.all().delete()
        bar = ProgressBar(
            self.stderr, get_missing_pages().count() + get_missing_documents().count()
        )
        while count := index_missing():
            bar(count)
        bar.end()
