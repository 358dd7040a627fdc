"""Writing of files so that they are complete or not there."""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

# Names of incomplete files begin with this.
PARTIAL_PREFIX = ".part-"


def write_atomically(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a temporary file, flush it to disk and rename it, so that `target` is complete."""
    handle, path = tempfile.mkstemp(dir=target.parent, prefix=PARTIAL_PREFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(path, target)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def link_temporarily(path: Path, folder: Path) -> Iterator[Path]:
    """Yield another name in `folder` of the file at `path`, whose bytes stay while it exists."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        link = Path(own) / path.name
        os.link(path, link)
        yield link
