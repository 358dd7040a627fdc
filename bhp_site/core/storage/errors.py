"""Errors of a storage that cannot be used at present."""

from bhp_site.tasks.errors import TemporaryFailure

# For an editor whose upload was refused.
UPLOAD_REFUSED = (
    "The site’s storage cannot take files at the moment, so this file was not saved. Try again in "
    "a few minutes. If that does not help, tell the people who run the site."
)


class StorageUnavailable(TemporaryFailure, OSError):
    """The storage of documents and images does not answer, is full, or refuses the site."""


class StoredFileMissing(TemporaryFailure, FileNotFoundError):
    """A stored file is not there. Perhaps a folder is not mounted, so it may come back."""


def is_caused_by_storage(error: BaseException | None) -> bool:
    """Return True if `error`, or what it was raised for, is a StorageUnavailable."""
    while error and not isinstance(error, StorageUnavailable):
        error = error.__cause__ or error.__context__
    return error is not None
