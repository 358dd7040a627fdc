"""Settings of single sign-on that decide about passwords."""

from django.conf import settings


def get_provider_name() -> str:
    """Return the name of the provider of single sign-on; "" if it is not in use."""
    return settings.SSO_NAME if settings.SSO_ISSUER else ""


def is_emergency_account(email: str) -> bool:
    """Return True if SSO_EMERGENCY_ACCOUNTS names the account: it signs in with a password."""
    return email.strip().casefold() in settings.SSO_EMERGENCY_ACCOUNTS


def may_use_password(email: str) -> bool:
    """Return True unless only the provider signs the account of `email` in."""
    return not settings.SSO_ONLY or is_emergency_account(email)
