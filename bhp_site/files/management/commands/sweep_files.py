"""Command that deletes stored files which nothing uses any more."""

import os
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import UploadedFile

from bhp_site.core.templatetags.site import size
from bhp_site.files.facts import documents_storage
from bhp_site.files.models import SiteDocument
from bhp_site.files.storage import PARTIAL_PREFIX
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

        Raises CommandError if `days` is below 1 or the files seem to belong to another database.
        """
        if days < 1:
            raise CommandError("--days must be at least 1, because an upload may be in progress.")
        root = Path(documents_storage().location)
        used = _get_used_names()
        paths = [path for path in sorted(root.glob("documents/*/*")) if path.is_file()]
        if not used and any(not path.name.startswith(PARTIAL_PREFIX) for path in paths):
            raise CommandError(
                "Nothing was deleted. The database has no documents, so these files probably "
                "belong to another database. Check DATABASE_URL and DATA_DIR."
            )
        paths += [path for path in sorted(root.glob("wagtail_uploads/*")) if path.is_file()]
        now, removed, total = time.time(), 0, 0
        for path in paths:
            name = str(path.relative_to(root))
            before = now - (
                MAX_UPLOAD_SECONDS if path.name.startswith(PARTIAL_PREFIX) else days * DAY_SECONDS
            )
            if name not in used and (freed := _remove(path, before, dry_run)) is not None:
                self.stdout.write(f"{name} ({size(freed) or '0 KB'})")
                if not dry_run:
                    UploadedFile.objects.filter(file=name).delete()
                removed, total = removed + 1, total + freed
        verb = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{removed} of {len(paths)} files, {size(total) or '0 KB'}, {verb}.")


def _get_used_names() -> set[str]:
    """Return the names in storage that a document or version uses."""
    models = (SiteDocument, DocumentVersion)
    return {name for model in models for name in model.objects.values_list("file", flat=True)}


def _remove(path: Path, before: float, dry_run: bool) -> int | None:
    """Remove `path` unless it was saved since `before` (Unix time); return its bytes, or None.

    It is moved aside first: who saves the same bytes at this moment then either writes them anew,
    or has touched them, which is seen here.
    """
    try:
        stat = path.stat()
        if stat.st_mtime >= before:
            return None
        if dry_run:
            return stat.st_size
        aside = path.with_name(f"{PARTIAL_PREFIX}swept-{path.name}")
        os.rename(path, aside)
        if aside.stat().st_mtime >= before:
            os.rename(aside, path)
            return None
        aside.unlink()
    except FileNotFoundError:
        # Another sweep, or the end of an upload, was faster.
        return None
    return stat.st_size
