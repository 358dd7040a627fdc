"""Passkeys (WebAuthn): added by signed-in users, and then used instead of password and code.

A passkey asks for a fingerprint, a face or a PIN. Two factors are thus in one step.
"""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal import auth as webauthn
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.models import EventKind

from .factors import Type

# What allauth and fido2 raise for credentials that are malformed or wrong.
REFUSALS = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)
MAX_NAME_LENGTH = 60


class PasskeyRefused(Exception):
    """The browser's answer does not prove anything."""


def are_offered(request: HttpRequest) -> bool:
    """Return True if browsers allow passkeys at the request's host: not at an IP address."""
    host = urlsplit(f"//{request.get_host()}").hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return True
    return False


def get_request_options(user: Any = None) -> dict[str, Any]:
    """Return what a browser needs to use a passkey: of `user`, or of any account."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    return options


def get_creation_options(user: Any) -> dict[str, Any]:
    """Return what a browser needs to create a passkey that identifies the account by itself."""
    options: dict[str, Any] = webauthn.begin_registration(user, passwordless=True)
    return options


def check_passkey(credential: Any) -> Any:
    """Return the active user whose passkey the browser used; raise PasskeyRefused if it is wrong.

    The holder must have proved to the device who they are.
    """
    try:
        user = webauthn.extract_user_from_response(credential)
        response = webauthn.parse_authentication_response(credential)
        passkey = webauthn.complete_authentication(user, credential)
        is_verified = response.response.authenticator_data.is_user_verified()
    except REFUSALS as error:
        raise PasskeyRefused from error
    if not is_verified or not user.is_active:
        raise PasskeyRefused
    passkey.last_used_at = timezone.now()
    passkey.save(update_fields=["last_used_at"])
    return user


@transaction.atomic
def add_passkey(user: Any, name: str, credential: Any, request: HttpRequest) -> None:
    """Add the passkey that the browser created; raise PasskeyRefused if it is not valid.

    Recovery codes are made if there are none.
    """
    try:
        webauthn.parse_registration_response(credential)
        is_verified = webauthn.complete_registration(credential).is_user_verified()
    except REFUSALS as error:
        raise PasskeyRefused from error
    if not is_verified:
        raise PasskeyRefused
    number = Authenticator.objects.filter(user_id=user.pk, type=Type.WEBAUTHN).count() + 1
    name = name.strip()[:MAX_NAME_LENGTH] or f"Passkey {number}"
    webauthn.WebAuthn.add(user, name, credential)
    RecoveryCodes.activate(user)
    record_event(EventKind.FACTOR_ADDED, user, request, detail=f"Passkey “{name}”")
