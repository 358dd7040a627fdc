from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.files.page_text import (
    Extraction,
    extract_text,
    get_unread_versions,
)


class Command(BaseCommand):
    help = (
        "Read the text of files that nobody has read yet, so that it can be searched; what was "
        "interrupted goes on where it stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--retry-failed", action="store_true", help="try those again that could not be read"
        )

    def handle(self, *args: Any, retry_failed: bool, **options: Any) -> None:
        failed = Extraction.objects.filter(state=Extraction.State.FAILED)
        again = [one.version for one in failed.select_related("version")] if retry_failed else []
        versions = [*get_unread_versions(), *again]
        bar = ProgressBar(self.stderr, len(versions))
        for version in versions:
            extract_text(version)
            bar(1)
        bar.end()
        for one in failed.select_related("version__document"):
            self.stderr.write(f"{one.version}: {one.reason}")
