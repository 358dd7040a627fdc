"""Who may sign in with a password while single sign-on is in use."""

from django.conf import settings


def is_emergency_account(email: str) -> bool:
    """Return True if SSO_EMERGENCY_ACCOUNTS names the account: it signs in with a password."""
    return email.strip().casefold() in settings.SSO_EMERGENCY_ACCOUNTS


def may_use_password(email: str) -> bool:
    """Return True unless only the provider signs the account of `email` in."""
    return not settings.SSO_ONLY or is_emergency_account(email)
