"""Limits of attempts at codes, passkeys and single sign-on."""

from django.http import HttpRequest

from bhp_site.sign_in.attempts import AttemptLimit, AttemptSource
from bhp_site.sign_in.sources import get_sources

CODE_BY_ACCOUNT = AttemptLimit("code of account", free_attempts=5)
CODE_BY_DEVICE = AttemptLimit("code by known device", free_attempts=5)
CODE_BY_NETWORK = AttemptLimit("code by network", free_attempts=20)
PASSKEY_BY_NETWORK = AttemptLimit("passkey by network", free_attempts=20)
# Each attempt makes the site ask the provider.
SINGLE_SIGN_ON_BY_NETWORK = AttemptLimit("single sign-on by network", free_attempts=20)


def get_code_sources(request: HttpRequest, email: str) -> list[AttemptSource]:
    """Return the sources of an attempt at a code of the account of `email`."""
    return get_sources(request, email, CODE_BY_ACCOUNT, CODE_BY_DEVICE, CODE_BY_NETWORK)
