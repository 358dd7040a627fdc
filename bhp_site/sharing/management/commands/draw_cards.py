from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.sharing.card_updates import draw_some, get_due_pages
from bhp_site.sharing.models import Card


class Command(BaseCommand):
    help = (
        "Draw the share cards of all pages again. If it was interrupted, the scheduler draws the "
        "rest, or run it again with --missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the flag `--missing`."""
        parser.add_argument("--missing", action="store_true", help="only cards missing or due")

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        """Draw all cards, or only missing and due ones if `missing`."""
        if not missing:
            # Without the hash, no card counts as current.
            Card.objects.update(due=timezone.now(), content_hash="")
        bar = ProgressBar(self.stderr, get_due_pages().count())
        while count := draw_some():
            bar(count)
        bar.end()
