"""Command that deletes stored files which nothing uses any more."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import UploadedFile

from bhp_site.core.storage.errors import StorageUnavailable
from bhp_site.core.storage.media import get_media, is_unfinished
from bhp_site.core.templatetags.site import size
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion

DAY_SECONDS = 24 * 60 * 60
# No upload takes longer to be written.
MAX_UPLOAD_SECONDS = 60 * 60


class Command(BaseCommand):
    help = (
        "Delete stored files that no document or version uses any more, incomplete uploads, and "
        "uploads that nobody has confirmed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options `--days` and `--dry-run`."""
        parser.add_argument(
            "--days", type=int, default=7, help="days to keep unused files (default: 7)"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="list the files without deleting them"
        )

    def handle(self, *args: Any, days: int, dry_run: bool, **options: Any) -> None:
        """Delete unused files that are older than `days`, or list them in a dry run.

        Raises CommandError if `days` is below 1, the files seem to belong to another database, or
        the bucket fails.
        """
        if days < 1:
            raise CommandError("--days must be at least 1, because an upload may be in progress.")
        try:
            self.sweep(days, dry_run)
        except StorageUnavailable as error:
            raise CommandError(
                f"{error} Files that were not listed have not been deleted. Try again later."
            ) from error

    def sweep(self, days: int, dry_run: bool) -> None:
        """Do what `handle` describes; raise StorageUnavailable too."""
        media, used = get_media(), _get_used_names()
        files = sorted(media.iter_files("documents"), key=lambda file: file.name)
        if not used and any(not is_unfinished(file.name) for file in files):
            raise CommandError(
                "Nothing was deleted. The database has no documents, so these files probably "
                "belong to another database. Check DATABASE_URL and DATA_DIR."
            )
        files += sorted(media.iter_files("wagtail_uploads"), key=lambda file: file.name)
        now, removed, total = time.time(), 0, 0
        for file in files:
            seconds = MAX_UPLOAD_SECONDS if is_unfinished(file.name) else days * DAY_SECONDS
            if file.name in used or file.mtime_ns / 1e9 >= now - seconds:
                continue
            if dry_run or media.delete_unused(file, before=now - seconds):
                self.stdout.write(f"{file.name} ({size(file.size) or '0 KB'})")
                if not dry_run:
                    UploadedFile.objects.filter(file=file.name).delete()
                removed, total = removed + 1, total + file.size
        verb = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{removed} of {len(files)} files, {size(total) or '0 KB'}, {verb}.")


def _get_used_names() -> set[str]:
    """Return the names in storage that a document or version uses."""
    models = (SiteDocument, DocumentVersion)
    return {name for model in models for name in model.objects.values_list("file", flat=True)}
