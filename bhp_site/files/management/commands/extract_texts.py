"""Command that reads the text of documents for search."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.files.page_text import Extraction, extract_text, get_unread_versions
from bhp_site.tasks.errors import TemporaryFailure


class Command(BaseCommand):
    help = (
        "Read the text of documents that has not been read yet, so that it can be searched. If it "
        "was interrupted, run it again: it continues where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--retry-failed`."""
        parser.add_argument(
            "--retry-failed", action="store_true", help="also read again documents that failed"
        )

    def handle(self, *args: Any, retry_failed: bool, **options: Any) -> None:
        """Extract missing texts, and failed ones if `retry_failed`; print the failures."""
        failed = Extraction.objects.filter(state=Extraction.State.FAILED)
        again = [row.version for row in failed.select_related("version")] if retry_failed else []
        versions = [*get_unread_versions(), *again]
        bar = ProgressBar(self.stderr, len(versions))
        for version in versions:
            try:
                extract_text(version)
            except TemporaryFailure as error:
                self.stderr.write(f"{version}: {error}")
            bar(1)
        bar.end()
        for extraction in failed.select_related("version__document"):
            self.stderr.write(f"{extraction.version}: {extraction.reason}")
