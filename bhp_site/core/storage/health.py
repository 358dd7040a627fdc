"""The health check of the bucket."""

import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .errors import UPLOAD_REFUSED, StorageUnavailable
from .media import PROBE_NAME

# Writing is paid for, so whether it works is asked this often at most.
PROBE_SECONDS = 20


class WriteProbe:
    """Remembers for some seconds that the bucket can be written to."""

    def __init__(self) -> None:
        self.written_at = 0.0

    def run(self) -> None:
        """Write to the bucket, unless that has just been done; raise StorageUnavailable."""
        storage: Any = default_storage
        if time.monotonic() - self.written_at < PROBE_SECONDS:
            storage.check_reachable()
            return
        storage.upload(PROBE_NAME, ContentFile(b"The site can write to this bucket."))
        self.written_at = time.monotonic()


write_probe = WriteProbe()


def check_object_storage() -> bool:
    """Return True if the bucket can be written to; raise StorageUnavailable."""
    write_probe.run()
    return True


def validate_storage(value: Any) -> None:
    """Raise ValidationError if an upload cannot be stored at present; a validator of forms."""
    if settings.STORAGE_URL:
        try:
            write_probe.run()
        except StorageUnavailable as error:
            raise ValidationError(UPLOAD_REFUSED) from error
