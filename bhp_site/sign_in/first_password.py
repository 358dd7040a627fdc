"""The generated password of the first account, which is kept in a file until it is replaced."""

from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction


def get_first_password_path() -> Path:
    """Return the file with the first password, which need not exist."""
    return Path(settings.DATA_DIR / "first-password")


def has_first_password(user: Any) -> bool:
    """Return True if the password of `user` is the one in the file."""
    path = get_first_password_path()
    return path.exists() and user.check_password(path.read_text().strip())


def get_first_account() -> Any:
    """Return the account for which the first password was generated; None without accounts."""
    return get_user_model().objects.order_by("pk").first()


def delete_replaced_password(
    instance: Any, update_fields: Collection[str] | None = None, **kwargs: Any
) -> None:
    """Delete the file once its account has another password (a receiver of `post_save`).

    Not at the first sign-in: whoever closes the browser before choosing a password needs it again.
    """
    if update_fields is not None and "password" not in update_fields:
        return
    path = get_first_password_path()
    if path.exists() and instance == get_first_account() and not has_first_password(instance):
        transaction.on_commit(partial(path.unlink, missing_ok=True))
