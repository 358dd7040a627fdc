"""Signed links of people without an account: to confirm, to manage, and to leave.

A token is a random key and its signature, so the database alone does not give it away.
"""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404
from django.urls import reverse

from .models import Subscriber, SubscriptionRequest

request_signer = Signer(salt="bhp_site.alerts.request")
subscriber_signer = Signer(salt="bhp_site.alerts.subscriber")


def get_absolute_url(name: str, *args: str) -> str:
    """Return the URL of a view with the address of this site."""
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def get_confirm_url(request: SubscriptionRequest) -> str:
    """Return the link that confirms an address."""
    return get_absolute_url("alerts-confirm", request_signer.sign(request.key))


def get_manage_url(subscriber: Subscriber) -> str:
    """Return the link to a subscriber's own page."""
    return get_absolute_url("alerts-manage", subscriber_signer.sign(subscriber.key))


def get_leave_url(subscriber: Subscriber) -> str:
    """Return the link to stop all e-mails (RFC 8058)."""
    return get_absolute_url("alerts-leave", subscriber_signer.sign(subscriber.key))


def get_key(token: str, signer: Signer) -> str:
    """Return the key in `token`; raise Http404 if it was not made by this site."""
    try:
        return signer.unsign(token)
    except BadSignature:
        raise Http404("There is no such page.") from None


def find_request(token: str) -> Any:
    """Return the request with this token; None if it has expired or was confirmed before."""
    key = get_key(token, request_signer)
    request = SubscriptionRequest.objects.filter(key=key).first()
    return None if request is None or request.is_expired else request


def find_subscriber_by_token(token: str) -> Any:
    """Return the subscriber with this token; None if they have left."""
    return Subscriber.objects.filter(key=get_key(token, subscriber_signer)).first()
