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

DAY = 24 * 60 * 60
# No upload takes longer to be written.
HOUR = 60 * 60


class Command(BaseCommand):
    help = (
        "Remove the bytes of files that nothing names any more, what broken uploads left, and "
        "uploads that nobody has decided on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days", type=int, default=7, help="how long bytes stay that nothing names (7)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(self, *args: Any, days: int, dry_run: bool, **options: Any) -> None:
        if days < 1:
            raise CommandError("--days must be at least 1: an upload may be under way.")
        root = Path(documents_storage().location)
        named = _named()
        found = [path for path in sorted(root.glob("documents/*/*")) if path.is_file()]
        if not named and any(not path.name.startswith(PARTIAL_PREFIX) for path in found):
            raise CommandError(
                "The database names no file at all, so it is hardly the one these files belong "
                "to: nothing has been removed. Check DATABASE_URL and DATA_DIR."
            )
        found += [path for path in sorted(root.glob("wagtail_uploads/*")) if path.is_file()]
        now, removed, total = time.time(), 0, 0
        for path in found:
            name = str(path.relative_to(root))
            before = now - (HOUR if path.name.startswith(PARTIAL_PREFIX) else days * DAY)
            if name not in named and (freed := _remove(path, before, dry_run)) is not None:
                self.stdout.write(f"{name} ({size(freed) or '0 KB'})")
                if not dry_run:
                    UploadedFile.objects.filter(file=name).delete()
                removed, total = removed + 1, total + freed
        verb = "would be removed" if dry_run else "removed"
        self.stdout.write(f"{removed} of {len(found)} files, {size(total) or '0 KB'}, {verb}.")


def _named() -> set[str]:
    """Names of the bytes that a row refers to."""
    models = (SiteDocument, DocumentVersion)
    return {name for model in models for name in model.objects.values_list("file", flat=True)}


def _remove(path: Path, before: float, dry_run: bool) -> int | None:
    """Remove `path` unless it was saved since `before` (Unix time); its bytes, None if it stays.

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
