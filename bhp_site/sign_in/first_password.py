"""The generated password of the first account, which is kept in a file until it is used."""

from typing import Any

from django.conf import settings


def delete_first_password(sender: Any, user: Any, **kwargs: Any) -> None:
    """Delete the file with the first password once its user has signed in (a receiver)."""
    path = settings.DATA_DIR / "first-password"
    if path.exists() and user.check_password(path.read_text().strip()):
        path.unlink(missing_ok=True)
