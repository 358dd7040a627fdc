"""Command that copies the stored files of a site from its data folder to the bucket."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bhp_site.core.progress_bar import ProgressBar
from bhp_site.core.storage.media import MediaBucket, MediaFolder


class Command(BaseCommand):
    help = (
        "Copy the files in DATA_DIR/media, or in FOLDER, to the bucket that STORAGE_URL names. "
        "Files that are there with the same size are left alone, so it can be repeated."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `folder`, the path of the files to upload; DATA_DIR/media if it is not given."""
        parser.add_argument("folder", metavar="FOLDER", type=Path, nargs="?")

    def handle(self, *args: Any, folder: Path | None, **options: Any) -> None:
        """Copy what is missing; raises CommandError without a bucket or a folder."""
        if not settings.STORAGE_URL:
            raise CommandError("Set STORAGE_URL to the bucket first.")
        source = MediaFolder(folder or settings.DATA_DIR / "media")
        if not source.root.is_dir():
            raise CommandError(f"There is no folder {source.root}.")
        bucket = MediaBucket()
        stored_sizes = {file.name: file.size for file in bucket.iter_files()}
        files = [file for file in source.iter_files() if stored_sizes.get(file.name) != file.size]
        bar = ProgressBar(self.stderr, len(files))
        for file in files:
            bucket.write(file.name, source.root / file.name, file.mtime_ns)
            bar(1)
        bar.end()
        self.stdout.write(f"{len(files)} files were copied; {len(stored_sizes)} were there before.")
