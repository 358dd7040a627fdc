"""Changes of stored files by another program than the site, in a folder or in a bucket."""

import tempfile
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from bhp_site.core.storage.media import get_media


def delete_bytes(file: Any) -> None:
    """Delete the bytes of a model's `file`, as another program would."""
    if not settings.STORAGE_URL:
        Path(file.path).unlink()
        return
    storage, name = file.storage, str(file.name)
    storage.client.delete_object(**storage._get_target(name))
    storage.copies.discard(name)


def overwrite_bytes(name: str, data: bytes) -> None:
    """Write `data` to the stored file `name`, as another program would."""
    with tempfile.NamedTemporaryFile() as source:
        source.write(data)
        source.flush()
        get_media().write(name, Path(source.name), time.time_ns())


def list_names(folder: str) -> list[str]:
    """Return the names of the stored files in `folder`."""
    return [file.name for file in get_media().iter_files(folder)]
