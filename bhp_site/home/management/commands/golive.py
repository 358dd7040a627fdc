from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bhp_site.home.golive import get_steps

MARKS = {True: "done ", False: "TO DO", None: "check"}


class Command(BaseCommand):
    help = "List what to do before visitors come, and how. Fails while something is to do."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the go-live checklist; raise CommandError if a step is to do."""
        steps = get_steps()
        for step in steps:
            self.stdout.write(f"{MARKS[step.done]}  {step.label}")
            if not step.done:
                self.stdout.write(f"       {step.advice}")
        if left := sum(step.done is False for step in steps):
            raise CommandError(f"{left} of {len(steps)} steps are to do.")
