"""Settings of single sign-on that decide about passwords."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model


def get_provider_name() -> str:
    """Return the name of the provider of single sign-on; "" if it is not in use."""
    return settings.SSO_NAME if settings.SSO_ISSUER else ""


def is_emergency_account(email: str) -> bool:
    """Return True if SSO_EMERGENCY_ACCOUNTS names the account: it signs in with a password."""
    return email.strip().casefold() in settings.SSO_EMERGENCY_ACCOUNTS


def may_use_password(email: str) -> bool:
    """Return True unless only the provider signs the account of `email` in."""
    return not settings.SSO_ONLY or is_emergency_account(email)


def find_user_to_reset(email: str) -> Any:
    """Return the active user with this address who may choose a new password; None without one.

    Users whom only single sign-on signs in may not. Without it, users who have no password yet may.
    """
    user = get_user_model().objects.filter(email__iexact=email, is_active=True).first()
    if user is None or not may_use_password(user.email):
        return None
    if settings.SSO_ISSUER and not is_emergency_account(user.email):
        return user if user.has_usable_password() else None
    return user
