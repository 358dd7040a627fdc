from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.sharing.keeping import draw_some, waiting
from bhp_site.sharing.models import Card


class Command(BaseCommand):
    help = (
        "Draw all cards anew, which pages are shared with. What is interrupted is finished by the "
        "scheduler, or by --missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--missing", action="store_true", help="only those missing or due")

    def handle(self, *args: Any, missing: bool, **options: Any) -> None:
        if not missing:
            # What they show is forgotten, so that none is thought to be up to date.
            Card.objects.update(due=timezone.now(), shows="")
        bar = ProgressBar(self.stderr, waiting().count())
        while done := draw_some():
            bar(done)
        bar.end()
