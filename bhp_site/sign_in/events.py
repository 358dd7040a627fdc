"""The log of accounts: who signed in or failed to, and what was changed about an account."""

import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import get_active_log_context

from bhp_site.core.rate_limits import get_client_network

from .account_emails import send_notice
from .models import AccountEmail, AccountEvent, EventKind

# Changes of which the user is told by e-mail, in case somebody else made them.
NOTIFIED_KINDS = {
    EventKind.PASSWORD_CHANGED,
    EventKind.ADDRESS_CHANGED,
    EventKind.FACTOR_ADDED,
    EventKind.FACTOR_REMOVED,
    EventKind.FACTOR_RESET,
    EventKind.RECOVERY_CODES_CREATED,
    EventKind.RECOVERY_CODE_USED,
    EventKind.IDENTITY_CONNECTED,
}


def record_event(
    kind: EventKind,
    user: Any,
    request: HttpRequest | None = None,
    *,
    detail: str = "",
    actor: Any = None,
    address: str = "",
    notice_address: str = "",
) -> AccountEvent:
    """Store and return what happened to the account of `user`, None for an unknown account.

    `address` is that of somebody who is invited, and has no account yet.

    `actor` is the user who did it, by default the one who is signed in to the admin with the
    request that is being handled. The user is told of changes in NOTIFIED_KINDS by e-mail, at
    `notice_address` if it is not the account's address now.
    """
    event = AccountEvent.objects.create(
        kind=kind,
        user=user,
        address=user.email if user else address,
        actor=actor or get_active_log_context().user,
        detail=detail[:250],
        network=get_client_network(request) if request else "",
    )
    if user and kind in NOTIFIED_KINDS:
        send_notice(event, notice_address or user.email)
    return event


def list_own_events(user: Any, limit: int = 20) -> list[AccountEvent]:
    """Return the latest events of the account of `user`."""
    return [*AccountEvent.objects.filter(user=user).select_related("actor")[:limit]]


def delete_old_events() -> None:
    """Delete events, and e-mails about them, that are older than ACCOUNT_EVENTS_KEPT_DAYS."""
    before = timezone.now() - datetime.timedelta(days=settings.ACCOUNT_EVENTS_KEPT_DAYS)
    AccountEvent.objects.filter(created_at__lt=before).delete()
    AccountEmail.objects.filter(created_at__lt=before).delete()


def count_recent_failures() -> int:
    """Return how many passwords and codes were refused in the last hour."""
    since = timezone.now() - datetime.timedelta(hours=1)
    kinds = (EventKind.SIGN_IN_FAILED, EventKind.FACTOR_FAILED)
    return AccountEvent.objects.filter(kind__in=kinds, created_at__gte=since).count()
