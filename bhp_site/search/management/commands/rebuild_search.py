from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.search.indexing import get_missing_documents, get_missing_pages, index_missing
from bhp_site.search.rebuilding import (
    get_indexed_documents,
    get_indexed_pages,
    rebuild_index,
)


class Command(BaseCommand):
    help = (
        "Add missing pages and documents to the search index. An interrupted run can be "
        "continued. With --from-scratch every entry is written again; searches lack nothing "
        "meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--from-scratch`."""
        parser.add_argument("--from-scratch", action="store_true", help="write every entry again")

    def handle(self, *args: Any, from_scratch: bool, **options: Any) -> None:
        """Index everything without an entry; with `from_scratch` everything."""
        rows = [get_indexed_pages(), get_indexed_documents()]
        if not from_scratch:
            rows = [get_missing_pages(), get_missing_documents()]
        bar = ProgressBar(self.stderr, sum(each.count() for each in rows))
        if from_scratch:
            rebuild_index(bar)
        while not from_scratch and (count := index_missing()):
            bar(count)
        bar.end()
