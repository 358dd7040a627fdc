"""Send a release to people under embargo, tell them of changes, and end their access."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from bhp_site.core.models import User
from bhp_site.draft_links.links import create_link
from bhp_site.draft_links.models import DraftLink
from news.models import NewsPage

from ..models import PressContact, PressEmail, ReleaseRecipient
from .emails import is_change_needed
from .embargo import get_embargo

# Links lead to the published release for so long after the end of the embargo.
LINK_LIFETIME_AFTER_EMBARGO = datetime.timedelta(days=30)
TEST_LINK_LIFETIME = datetime.timedelta(days=1)


@transaction.atomic
def send_release(page: NewsPage, contacts: Iterable[PressContact], message: str, user: Any) -> int:
    """Queue the release for these people, each with a link of their own; return for how many.

    Those who have it already are left out, so that a form that is sent twice does nothing.
    """
    NewsPage.objects.select_for_update().get(pk=page.pk)
    having = {*page.press_recipients.active().values_list("contact", flat=True)}
    new = [contact for contact in contacts if contact.pk not in having]
    for contact in new:
        recipient = _add_recipient(page, contact)
        link, url = create_link(
            page,
            f"Sent under embargo to {recipient}"[:100],
            user=user,
            expires_at=_get_expiry(page),
            recipient=str(recipient)[:150],
        )
        recipient.link = link
        recipient.save(update_fields=["link"])
        _queue(page, contact.email, PressEmail.Kind.RELEASE, recipient, message, url)
    if new:
        log(page, "press.send", user=user, data={"count": len(new)})
    return len(new)


def _add_recipient(page: NewsPage, contact: PressContact) -> ReleaseRecipient:
    """Return a new recipient; one whose access was ended earlier starts again."""
    values = {"name": contact.name, "outlet": contact.outlet, "email": contact.email}
    recipient, _ = ReleaseRecipient.objects.update_or_create(
        page=page,
        contact=contact,
        defaults=values | {"told": "", "ended_at": None, "created_at": timezone.now()},
    )
    return recipient


def send_test(page: NewsPage, message: str, user: User, earlier: int | None = None) -> PressEmail:
    """Queue the same e-mail for the user, with a link that works for a day, and return it.

    If the test with the key `earlier` has failed, try to send that one again.
    """
    failed = PressEmail.objects.filter(pk=earlier or 0, kind=PressEmail.Kind.TEST).failing().first()
    if failed:
        failed.try_now()
        return failed
    expires_at = timezone.now() + TEST_LINK_LIFETIME
    _, url = create_link(
        page, f"Test by {user}"[:100], user=user, expires_at=expires_at, recipient=str(user)[:150]
    )
    return _queue(page, user.email, PressEmail.Kind.TEST, None, message, url)


def tell_of_change(page: NewsPage) -> int:
    """Queue an e-mail to everybody who must know of a change of the embargo; return how many.

    Nothing is queued for those whose previous e-mail waits: it will have the words of then.
    """
    embargo, count = get_embargo(page), 0
    if embargo.until:
        links = DraftLink.objects.filter(press_recipients__page=page)
        links.active().update(expires_at=_get_expiry(page))
    for recipient in page.press_recipients.active():
        waiting = recipient.emails.filter(sent_at=None, is_given_up=False)
        for email in waiting.failing():
            # What made every form of it wrong may be over.
            email.try_again()
        if not waiting.exists() and is_change_needed(recipient.told, embargo):
            _queue(page, recipient.email, PressEmail.Kind.CHANGE, recipient)
            count += 1
    return count


def end_access(page: NewsPage, recipients: Iterable[ReleaseRecipient], user: Any) -> int:
    """End the links of these recipients, and delete what waits for them; return how many."""
    ended = list(recipients)
    with transaction.atomic():
        for recipient in ended:
            recipient.end()
        if ended:
            log(page, "press.end", user=user, data={"count": len(ended)})
    return len(ended)


def retry_failed(page: NewsPage) -> bool:
    """Try again to send the e-mails that failed; return False if the first of them fails again.

    The others are left to the workers: a mail server that does not answer takes long for each.
    """
    emails = PressEmail.objects.filter(page=page).exclude(kind=PressEmail.Kind.TEST).failing()
    failed = list(emails)
    for email in failed[1:]:
        email.try_again()
    for email in failed[:1]:
        email.try_now()
    return not emails.filter(pk__in=[email.pk for email in failed[:1]]).exists()


def delete_outdated_recipients() -> int:
    """Delete to whom releases were sent long ago, with their e-mails; return how many."""
    outdated = list(ReleaseRecipient.objects.outdated())
    with transaction.atomic():
        for recipient in outdated:
            recipient.forget()
            recipient.delete()
    limit = timezone.now() - TEST_LINK_LIFETIME
    PressEmail.objects.filter(kind=PressEmail.Kind.TEST, created_at__lt=limit).delete()
    return len(outdated)


def _get_expiry(page: NewsPage) -> datetime.datetime:
    return (get_embargo(page).until or timezone.now()) + LINK_LIFETIME_AFTER_EMBARGO


def _queue(
    page: NewsPage,
    address: str,
    kind: str,
    recipient: ReleaseRecipient | None,
    message: str = "",
    link_url: str = "",
) -> PressEmail:
    email = PressEmail(
        page=page,
        to=address,
        kind=kind,
        recipient=recipient,
        message=message,
        link_url=link_url,
        # Subject and text are written when it is sent.
        subject=page.title[:150],
        text="",
    )
    email.queue()
    return email
