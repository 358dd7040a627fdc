"""Ask for a sign-off, record its answer, accept suggested words, go ahead without approval."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.rules import get_change_refusal
from bhp_site.draft_links.links import create_link, end_links
from bhp_site.draft_links.models import DraftLink

from .emails import notify_editor, send_request
from .models import SignOff
from .subjects import Subject, find_subject

State = SignOff.State

REMINDER_INTERVAL = datetime.timedelta(days=2)
MAX_REMINDERS = 2


class ContentChanged(Exception):
    """The draft was changed since the person opened the page: they must read it again."""


def get_draft(page: Page) -> Any:
    """Return the latest draft of `page`."""
    return page.specific.get_latest_revision_as_object()


def request_sign_off(
    page: Page, subject: Subject, *, kind: str, name: str, email: str, message: str, user: Any
) -> SignOff:
    """Ask a person by e-mail, and return the sign-off.

    Earlier requests for the same quotation end; of a whole page, those to the same person.
    """
    with transaction.atomic():
        former = SignOff.objects.current().filter(page=page, block_id=subject.block_id)
        if not subject.block_id:
            former = former.filter(kind=kind, email=email)
        _cancel(former)
        sign_off = SignOff(
            page_id=page.pk,
            kind=kind,
            block_id=subject.block_id,
            name=name,
            email=email,
            message=message,
            requested_by=user,
        )
        sign_off.save()
        if not subject.block_id:
            sign_off.draft_link, _ = create_link(
                page,
                sign_off.get_kind_display(),
                user=user,
                expires_at=sign_off.expires_at,
                recipient=name,
                token=sign_off.draft_token,
            )
            sign_off.save(update_fields=["draft_link"])
        data = {"subject": subject.label, "name": name}
        log(page, "sign_off.request", user=user, data=data)
        send_request(sign_off, subject.label)
    return sign_off


def _cancel(sign_offs: Any) -> None:
    end_links(DraftLink.objects.filter(pk__in=sign_offs.values("draft_link")))
    sign_offs.update(state=State.CANCELLED)


def record_answer(
    sign_off: SignOff, state: str, seen_hash: str, *, words: str = "", comment: str = ""
) -> None:
    """Store an answer about the content with the hash `seen_hash`, and tell the editor.

    Raises ContentChanged if the draft has other content by now.
    """
    with transaction.atomic():
        current = SignOff.objects.select_for_update().get(pk=sign_off.pk)
        subject = find_subject(get_draft(current.page), current.block_id)
        if subject is None or subject.content_hash != seen_hash:
            raise ContentChanged
        current.state, current.decided_at = state, timezone.now()
        current.decided_hash = seen_hash
        current.suggested_words, current.comment = words, comment
        current.save()
        log_answer(current, subject)
        notify_editor(current, subject.label)


def log_answer(sign_off: SignOff, subject: Subject, user: Any = None) -> None:
    """Record who answered what about which content in the history of the page."""
    data = {
        "subject": subject.label,
        "name": sign_off.name,
        "answer": sign_off.get_state_display(),
        "hash": sign_off.decided_hash,
    }
    log(sign_off.page, "sign_off.answer", user=user, data=data)


def accept_suggestion(sign_off: SignOff, user: Any) -> None:
    """Put the suggested words into the draft: they then count as approved by who wrote them.

    Raises PublishingRefused if the page cannot be changed, or no longer has the quotation.
    """
    with transaction.atomic():
        current = SignOff.objects.select_for_update().get(pk=sign_off.pk)
        if refusal := get_change_refusal(current.page, user):
            raise refusal
        draft = get_draft(current.page)
        block = next((b for b in draft.body if str(b.id) == current.block_id), None)
        if block is None or current.state != State.SUGGESTED:
            raise PublishingRefused("The draft no longer has this quotation, or it was answered.")
        block.value["words"] = current.suggested_words
        draft.save_revision(user=user, log_action=True)
        subject = find_subject(draft, current.block_id)
        if subject is None:
            raise PublishingRefused("The draft no longer has this quotation.")
        current.state, current.decided_hash = State.APPROVED, subject.content_hash
        current.save(update_fields=["state", "decided_hash"])
        log_answer(current, subject, user)


def override(sign_off: SignOff, reason: str, user: Any) -> None:
    """Record that a publisher goes ahead with the content as it is, and why."""
    with transaction.atomic():
        subject = find_subject(get_draft(sign_off.page), sign_off.block_id)
        if subject is None:
            return
        sign_off.override_reason, sign_off.override_hash = reason, subject.content_hash
        sign_off.overridden_by, sign_off.overridden_at = user, timezone.now()
        fields = ["override_reason", "override_hash", "overridden_by", "overridden_at"]
        sign_off.save(update_fields=fields)
        data = {"subject": subject.label, "name": sign_off.name, "reason": reason}
        log(sign_off.page, "sign_off.override", user=user, data=data)


def send_reminders() -> None:
    """Remind people who have not answered for two days, and again after two more (a job)."""
    now = timezone.now()
    due = SignOff.objects.current().filter(
        state=State.OPEN, reminder_count__lt=MAX_REMINDERS, expires_at__gt=now
    )
    before = now - REMINDER_INTERVAL
    for sign_off in due.filter(requested_at__lt=before).select_related("page", "requested_by"):
        last = sign_off.reminded_at or sign_off.requested_at
        subject = find_subject(get_draft(sign_off.page), sign_off.block_id)
        if last > before or sign_off.is_closed or subject is None or not sign_off.email:
            continue
        with transaction.atomic():
            # Only one of several schedulers sends it.
            rows = due.filter(pk=sign_off.pk, reminder_count=sign_off.reminder_count)
            if rows.update(reminder_count=sign_off.reminder_count + 1, reminded_at=now):
                send_request(sign_off, subject.label, is_reminder=True)
