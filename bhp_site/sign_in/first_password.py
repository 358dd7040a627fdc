"""The generated password of the first account, which is kept in a file until it is used."""

from pathlib import Path
from typing import Any

from django.conf import settings


def get_first_password_path() -> Path:
    """Return the file with the first password, which need not exist."""
    return Path(settings.DATA_DIR / "first-password")


def has_first_password(user: Any) -> bool:
    """Return True if the password of `user` is the one in the file."""
    path = get_first_password_path()
    return path.exists() and user.check_password(path.read_text().strip())


def delete_first_password(sender: Any, user: Any, **kwargs: Any) -> None:
    """Delete the file with the first password once its user has signed in (a receiver)."""
    if has_first_password(user):
        get_first_password_path().unlink(missing_ok=True)
