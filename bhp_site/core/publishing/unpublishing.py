"""Withdraw pages, say what visitors get instead of unpublished ones, and undo both."""

import logging
from typing import Any

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Page

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.outcome_choice import find_choice_errors
from bhp_site.core.unpublishing import Outcome, Unpublishing

from .publication import add_note

logger = logging.getLogger(__name__)


class UnpublishingFormatter(LogFormatter):
    """Describes in the history of a page what visitors get since it was unpublished."""

    label = "Withdraw or replace a page"

    def format_message(self, log_entry: Any) -> str:
        """Return what visitors get, and the reason."""
        data = log_entry.data
        reason = f" Reason: {data['reason']}" if data["reason"] else ""
        return f"Visitors now get: {Outcome(data['outcome']).label}.{reason}"


def record_unpublishing(
    page: Page, outcome: str, reason: str, target: Page | None = None, user: Any = None
) -> None:
    """Record what visitors get at the address of `page`, in one transaction with its log entry.

    `target` is the page to which they are redirected. A page that is withdrawn stays live; for
    the other outcomes it must have been unpublished.
    """
    with transaction.atomic():
        _delete_earlier(page)
        redirect = _create_redirect(page, target) if outcome == Outcome.REDIRECT else None
        Unpublishing.objects.create(
            page_id=page.pk, outcome=outcome, reason=reason, redirect=redirect
        )
        data = {"outcome": outcome, "reason": reason}
        log(instance=page, action="core.unpublishing", user=user, data=data)
        send_content_changed(page, "unpublish")


def expire(instance: Any) -> None:
    """Unpublish or withdraw a live page or snippet whose time is over, as its editor chose."""
    outcome, reason, target = _get_expiry_choice(instance)
    if outcome == Outcome.WITHDRAWN:
        # Otherwise it would be withdrawn again and again.
        Page.objects.filter(pk=instance.pk).update(expire_at=None)
    else:
        instance.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
    if outcome:
        record_unpublishing(instance, outcome, reason, target)


def _get_expiry_choice(instance: Any) -> tuple[str, str, Page | None]:
    """Return outcome, reason and target; nothing if the target is not public any more."""
    if not getattr(instance, "expiry_outcome", ""):
        return "", "", None
    choice = (instance.expiry_outcome, instance.expiry_reason, instance.expiry_target)
    if errors := [*find_choice_errors(*choice, [instance])]:
        logger.warning("Page %s expires without a replacement: %s", instance.pk, errors)
        return "", "", None
    return choice


def _create_redirect(page: Page, target: Page | None) -> Redirect:
    """Create or change the redirect from the address of `page`; it is temporary, to be undone."""
    redirect, _ = Redirect.objects.update_or_create(
        old_path=Redirect.normalise_path(page.get_url() or ""),
        site=None,
        defaults={"redirect_page": target, "redirect_link": "", "is_permanent": False},
    )
    return redirect


def _delete_earlier(page: Page) -> Unpublishing | None:
    earlier = Unpublishing.objects.select_related("redirect").filter(page=page.pk).first()
    if earlier:
        if earlier.redirect:
            earlier.redirect.delete()
        earlier.delete()
    return earlier


def end_unpublishing(instance: Page, **kwargs: Any) -> None:
    """Delete the notice or redirect of a page that is published again.

    Receiver of `page_published`.
    """
    earlier = _delete_earlier(instance) if instance.live else None
    if earlier and earlier.outcome == Outcome.WITHDRAWN:
        add_note(f"“{instance.title}” is no longer marked as withdrawn.")
