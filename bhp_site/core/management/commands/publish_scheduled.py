from typing import Any

from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from bhp_site.core.publishing.scheduled import publish_due


class Command(WagtailCommand):
    """Wagtail's command by the rules of the scheduler.

    Wagtail's own ends at the first page that cannot go out, publishes a page in several
    transactions, and tells nobody what was refused.
    """

    help = (
        "Publish and unpublish the pages that are due, once. The scheduler does this every ten "
        "seconds."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Call `publish_due`; with `--dry-run`, list what is due as Wagtail does."""
        if options["dryrun"]:
            super().handle(*args, **options)
        else:
            publish_due()
