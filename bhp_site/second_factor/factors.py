"""The factors of a user: who must have one, whether a code is right, adding and removing them."""

import logging
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import GroupCollectionPermission

from bhp_site.core.admin.page_policy import page_policy
from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.models import EventKind

logger = logging.getLogger(__name__)

Type = Authenticator.Type
# Permissions of these apps change accounts, groups, workflows and sites.
ADMINISTRATION_APPS = {"auth", "wagtailcore"}


def get_factors(user: Any) -> "QuerySet[Authenticator]":
    """Return the factors of `user`, an authenticator app and passkeys; no recovery codes."""
    factors = Authenticator.objects.filter(user_id=user.pk).exclude(type=Type.RECOVERY_CODES)
    return factors.order_by("created_at", "pk")


def has_factor(user: Any) -> bool:
    """Return True if signing in as `user` takes a second step."""
    return get_factors(user).exists()


def must_have_factor(user: Any) -> bool:
    """Return True if SECOND_FACTOR requires a factor of `user`."""
    if settings.SECOND_FACTOR == "optional":
        return False
    return settings.SECOND_FACTOR == "all" or can_publish_or_administer(user)


def can_publish_or_administer(user: Any) -> bool:
    """Return True if `user` can change what is public, or what other users may do."""
    if user.is_superuser or page_policy.user_has_permission(user, "publish"):
        return True
    for permission in user.get_all_permissions():
        app, _, codename = permission.partition(".")
        action, _, model = codename.partition("_")
        changes = action in ("add", "change", "delete")
        if action == "publish" or (
            changes
            and (app in ADMINISTRATION_APPS or model == "user" or model.endswith("settings"))
        ):
            return True
    return GroupCollectionPermission.objects.filter(
        group__user=user, permission__codename__startswith="publish_"
    ).exists()


def check_code(user: Any, code: str, request: HttpRequest) -> bool:
    """Return True if `code` is the app's, or an unused recovery code, of `user`, and use it up."""
    try:
        if _use_app_code(user, code):
            return True
        row = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
        if row is None or not RecoveryCodes(row).validate_code(code.replace(" ", "")):
            return False
    except InvalidToken:
        logger.exception("The factors of user %s were encrypted with another SECRET_KEY", user.pk)
        return False
    record_event(EventKind.RECOVERY_CODE_USED, user, request, actor=user)
    return True


@transaction.atomic
def _use_app_code(user: Any, code: str) -> bool:
    """Return True if the app shows `code` now; no code of this or an earlier time is valid again.

    allauth remembers used codes in the cache, which may be empty or unreachable.
    """
    rows = Authenticator.objects.select_for_update()
    row = rows.filter(user_id=user.pk, type=Type.TOTP).first()
    if row is None:
        return False
    counter = find_counter(get_adapter().decrypt(row.data["secret"]), code)
    if counter is None or counter <= row.data.get("last_counter", 0):
        return False
    row.data["last_counter"] = counter
    row.last_used_at = timezone.now()
    row.save(update_fields=["data", "last_used_at"])
    return True


def find_counter(secret: str, code: str) -> int | None:
    """Return the time step at which an app with `secret` shows `code` (RFC 6238), None if none."""
    for counter in totp.yield_hotp_counters_from_time():
        expected = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if compare_user_code(actual=code, expected=expected):
            return counter
    return None


@transaction.atomic
def add_app(user: Any, secret: str, counter: int, request: HttpRequest) -> None:
    """Add the authenticator app with `secret`, which has just shown the code of `counter`.

    It replaces an earlier one. Recovery codes are made if there are none.
    """
    Authenticator.objects.filter(user_id=user.pk, type=Type.TOTP).delete()
    data = {"secret": get_adapter().encrypt(secret), "last_counter": counter}
    Authenticator.objects.create(user=user, type=Type.TOTP, data=data)
    RecoveryCodes.activate(user)
    record_event(EventKind.FACTOR_ADDED, user, request, detail="Authenticator app")


@transaction.atomic
def remove_factor(factor: Authenticator, request: HttpRequest) -> None:
    """Remove a factor and, if it was the last one, the recovery codes."""
    user = factor.user
    detail = describe_factor(factor)
    factor.delete()
    if not has_factor(user):
        Authenticator.objects.filter(user_id=user.pk).delete()
    record_event(EventKind.FACTOR_REMOVED, user, request, detail=detail)


@transaction.atomic
def replace_recovery_codes(user: Any, request: HttpRequest) -> None:
    """Make new recovery codes. Earlier ones are not valid any more."""
    Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(user)
    record_event(EventKind.RECOVERY_CODES_CREATED, user, request)


def get_recovery_codes(user: Any) -> list[str]:
    """Return the unused recovery codes of `user`."""
    row = Authenticator.objects.filter(user_id=user.pk, type=Type.RECOVERY_CODES).first()
    try:
        codes: list[str] = RecoveryCodes(row).get_unused_codes() if row else []
    except InvalidToken:
        return []
    return codes


@transaction.atomic
def reset_factors(user: Any, request: HttpRequest | None = None) -> bool:
    """Remove all factors and codes of `user` and notify them; return False if there were none."""
    deleted, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    if deleted:
        record_event(EventKind.FACTOR_RESET, user, request)
    return bool(deleted)


def describe_factor(factor: Authenticator) -> str:
    """Return the name of a factor for its user."""
    return "Authenticator app" if factor.type == Type.TOTP else f"Passkey “{factor.wrap().name}”"
