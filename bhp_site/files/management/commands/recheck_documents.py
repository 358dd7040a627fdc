"""Command that checks the accessibility of all PDFs again."""

from typing import Any

from django.core.management.base import BaseCommand

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.files.recheck import recheck_version
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.errors import Unreadable
from bhp_site.tasks.errors import TemporaryFailure


class Command(BaseCommand):
    help = (
        "Check the accessibility of all PDFs again, for example after an upgrade that changes the "
        "checks. What is public stays public; the findings that editors and visitors see change."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all stored PDFs again, and print the versions whose findings have changed."""
        versions = DocumentVersion.objects.filter(withdrawn_at=None, file__iendswith=".pdf")
        bar = ProgressBar(self.stderr, versions.count())
        changed = 0
        for version in versions.select_related("document").order_by("pk").iterator(100):
            try:
                if recheck_version(version):
                    changed += 1
                    self.stdout.write(f"{version}: the findings have changed")
            except (Unreadable, TemporaryFailure) as error:
                self.stderr.write(f"{version}: {error}")
            bar(1)
        bar.end()
        self.stdout.write(f"{changed} of {versions.count()} PDFs have other findings than before.")
