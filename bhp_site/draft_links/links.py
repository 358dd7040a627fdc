"""Create, list and end links to drafts, and delete those that ended long ago."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from bhp_site.core.private_links import hash_token, make_token
from bhp_site.core.site_address import get_private_url

from .models import DEFAULT_LIFETIME, DraftLink, DraftLinkQuerySet


def create_link(
    page: Page,
    label: str,
    *,
    user: Any,
    expires_at: datetime.datetime | None = None,
    password: str = "",
    recipient: str = "",
    token: str = "",
) -> tuple[DraftLink, str]:
    """Create a link to the latest draft of `page`; return it with its full URL.

    The URL cannot be had again: only a hash of its token is stored. `expires_at` is seven days
    from now by default; `recipient` names the person to whom a personal link goes. `token` is
    random by default; one of `derive_token` lets the URL be built again.
    """
    token = token or make_token()
    with transaction.atomic():
        link = DraftLink.objects.create(
            page_id=page.pk,
            label=label,
            recipient=recipient,
            token_hash=hash_token(token),
            password=make_password(password) if password else "",
            created_by=user,
            expires_at=expires_at or timezone.now() + DEFAULT_LIFETIME,
        )
        if not recipient:
            log(page, "draft_links.create", user=user, data={"label": label})
    return link, get_private_url("draft", token)


def find_link(token: str) -> DraftLink | None:
    """Return the link with this token, ended or not; None if there is none."""
    links = DraftLink.objects.select_related("page")
    return links.filter(token_hash=hash_token(token)).first()


def list_links(page: Page) -> DraftLinkQuerySet:
    """Return the links to drafts of `page` that are passed around, the latest first.

    Personal links name their recipients, and are listed where they were sent from.
    """
    return DraftLink.objects.filter(page=page.pk, recipient="")


def end_links(links: DraftLinkQuerySet) -> int:
    """End those of `links` that still work, at once; return how many did."""
    return links.active().update(revoked_at=timezone.now())


def end_link(link: DraftLink, user: Any) -> None:
    """End one link at once, which the history of its page records."""
    with transaction.atomic():
        if end_links(DraftLink.objects.filter(pk=link.pk)) and not link.recipient:
            log(link.page, "draft_links.end", user=user, data={"label": link.label})


def end_links_of_user(user: Any, **kwargs: Any) -> None:
    """End the links that a deactivated user has made to pass around, or sent to themselves.

    Receiver of `account_deactivated`. Personal links of other people stay: a release was sent to
    them on behalf of the site, and the screen from which it was sent ends them.
    """
    own = DraftLink.objects.filter(created_by=user, recipient__in=["", str(user)[:150]])
    for link in own.active().select_related("page"):
        end_link(link, None)


def delete_outdated_links() -> int:
    """Delete links that ended DRAFT_LINKS_KEPT_DAYS ago, with their comments; return how many."""
    before = timezone.now() - datetime.timedelta(days=settings.DRAFT_LINKS_KEPT_DAYS)
    links = DraftLink.objects.ended_before(before)
    count = links.count()
    links.delete()
    return count
