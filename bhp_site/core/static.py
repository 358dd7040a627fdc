from collections.abc import Iterator

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

PRECOMPRESSED_PREFIXES = ("css/", "fonts/", "js/", "icon")


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed names for all, ready-made compression for what visitors load.

    Compressing the admin's thousand files takes five times as long as everything else a first
    start does; images of the site are built with STATIC_COMPRESS_ALL=1 and compress them too.
    """

    def compress_files(self, paths: list[str]) -> Iterator[tuple[str, str]]:
        """Yield (name, compressed name); without STATIC_COMPRESS_ALL only for some folders."""
        if not settings.STATIC_COMPRESS_ALL:
            paths = [path for path in paths if path.startswith(PRECOMPRESSED_PREFIXES)]
        return super().compress_files(paths)
