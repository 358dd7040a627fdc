"""Whose attempts are counted, for each way of guessing a password."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from bhp_site.core.rate_limits import get_client_network

from .attempts import AttemptLimit, AttemptSource

# Somebody who mistypes needs a few attempts; a shared network of an office needs more.
PASSWORD_BY_ACCOUNT = AttemptLimit("account", free_attempts=5)
PASSWORD_BY_DEVICE = AttemptLimit("known device", free_attempts=5)
PASSWORD_BY_NETWORK = AttemptLimit("network", free_attempts=20)
RESET_BY_ACCOUNT = AttemptLimit("reset of account", free_attempts=3, first_wait=300, max_wait=3600)
RESET_BY_NETWORK = AttemptLimit("reset by network", free_attempts=10, first_wait=60, max_wait=3600)
PAGE_PASSWORD_BY_NETWORK = AttemptLimit("page password by network", free_attempts=5)
# Everybody who has the password shares this limit, so that its waits stay short.
PAGE_PASSWORD = AttemptLimit("page password", free_attempts=100, first_wait=1, max_wait=60)
# Tokens cannot be guessed. Old links come from many people of one network.
UNKNOWN_LINK_BY_NETWORK = AttemptLimit(
    "unknown link by network", free_attempts=100, first_wait=1, max_wait=60
)

# A browser that has signed in to an account before has attempts of its own, so that nobody can
# lock an editor out by guessing (OWASP: device cookies).
DEVICE_COOKIE = "__Secure-known_device" if settings.SESSION_COOKIE_SECURE else "known_device"
DEVICE_COOKIE_SALT = "bhp_site.sign_in.device"
DEVICE_COOKIE_SECONDS = 365 * 24 * 60 * 60


def get_sign_in_sources(request: HttpRequest | None, email: str) -> list[AttemptSource]:
    """Return the sources of an attempt to sign in with `email`: an account or device, a network."""
    return get_sources(request, email, PASSWORD_BY_ACCOUNT, PASSWORD_BY_DEVICE, PASSWORD_BY_NETWORK)


def get_sources(
    request: HttpRequest | None,
    email: str,
    by_account: AttemptLimit,
    by_device: AttemptLimit,
    by_network: AttemptLimit,
) -> list[AttemptSource]:
    """Return the sources of an attempt at a secret of the account of `email`, with their limits."""
    name = _normalise(email)
    device = _get_device(request, name) if request else ""
    sources = [
        AttemptSource(by_device, f"{device} {name}") if device else AttemptSource(by_account, name)
    ]
    return sources + get_network_sources(by_network, request)


def get_reset_sources(request: HttpRequest, email: str) -> list[AttemptSource]:
    """Return the sources of a request to reset the password of `email`."""
    sources = get_network_sources(RESET_BY_NETWORK, request)
    return [AttemptSource(RESET_BY_ACCOUNT, _normalise(email)), *sources]


def get_page_sources(request: HttpRequest, restriction: Any) -> list[AttemptSource]:
    """Return the sources of an attempt at the password of a page or collection."""
    return get_shared_sources(request, str(restriction.pk))


def get_shared_sources(request: HttpRequest, name: str) -> list[AttemptSource]:
    """Return the sources of an attempt at a password that several people share.

    `name` tells what it protects: a network's own limit for it ends first, so that nobody can keep
    the others out.
    """
    network = get_client_network(request)
    return [
        AttemptSource(PAGE_PASSWORD_BY_NETWORK, f"{name} {network}"),
        AttemptSource(PAGE_PASSWORD, name),
    ]


def get_network_sources(limit: AttemptLimit, request: HttpRequest | None) -> list[AttemptSource]:
    """Return the source of an attempt from the visitor's network; none if it is unknown."""
    network = get_client_network(request) if request else ""
    return [AttemptSource(limit, network)] if network else []


def make_device(email: str, token: str) -> str:
    """Return the value of the cookie that marks a browser as known to the account of `email`."""
    return f"{token}:{_hash_account(_normalise(email))}"


def _get_device(request: HttpRequest, name: str) -> str:
    """Return the token of a browser that has signed in to this account; "" for any other."""
    cookie = request.get_signed_cookie(
        DEVICE_COOKIE, default="", salt=DEVICE_COOKIE_SALT, max_age=DEVICE_COOKIE_SECONDS
    )
    token, _, account = (cookie or "").partition(":")
    return token if account == _hash_account(name) else ""


def _normalise(email: str) -> str:
    return email.strip().casefold()


def _hash_account(name: str) -> str:
    return salted_hmac(DEVICE_COOKIE_SALT, name, algorithm="sha256").hexdigest()
