"""Compare sign-offs with what a draft says now, and refuse to publish what is not approved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.publishing.checklist import ChecklistEntry
from bhp_site.core.publishing.publication import PublishingRefused

from .models import SignOff
from .subjects import Subject, find_subject

# Why a sign-off blocks publication, after the name of what it is about.
REASONS = {
    SignOff.State.OPEN: "has not been approved yet: {name} has not answered.",
    SignOff.State.SUGGESTED: "has not been approved: {name} has suggested other words.",
    SignOff.State.DECLINED: "must not be used: {name} has declined it.",
}
OUTDATED_REASON = "was changed after {name} had approved it."


@dataclass(frozen=True)
class SignOffStatus:
    """A sign-off and its subject as a draft has it now; None if the draft no longer has it."""

    sign_off: SignOff
    subject: Subject | None

    @property
    def is_overridden(self) -> bool:
        """Return True if a publisher decided to go ahead with exactly this content."""
        return self._has_hash(self.sign_off.override_hash)

    @property
    def is_outdated(self) -> bool:
        """Return True if the content was changed after it was approved."""
        is_approved = self.sign_off.state == SignOff.State.APPROVED
        return bool(is_approved and self.subject) and not self._has_hash(self.sign_off.decided_hash)

    @property
    def is_approved(self) -> bool:
        """Return True if the person approved exactly this content."""
        is_approved = self.sign_off.state == SignOff.State.APPROVED
        return is_approved and self._has_hash(self.sign_off.decided_hash)

    @property
    def is_finished(self) -> bool:
        """Return True if it no longer matters: what it is about is gone, or the page is published.

        An approved quotation matters for as long as the page has it.
        """
        is_published = self.sign_off.published_at is not None
        return self.subject is None or (not self.sign_off.block_id and is_published)

    @property
    def is_blocking(self) -> bool:
        """Return True if the page cannot be published with this content."""
        return not (self.is_finished or self.is_approved or self.is_overridden)

    @property
    def reason(self) -> str:
        """Return a sentence that says why it blocks publication."""
        subject = self.subject
        label = subject.label if subject and self.sign_off.block_id else "The page"
        reason = (
            OUTDATED_REASON if self.is_outdated else REASONS[SignOff.State(self.sign_off.state)]
        )
        return f"{label[:1].upper()}{label[1:]} {reason.format(name=self.sign_off.name)}"

    @property
    def summary(self) -> str:
        """Return the state in a few words, for lists."""
        if self.is_overridden and not self.is_approved:
            return "Going ahead without approval"
        if self.is_outdated:
            return "Approved, but changed since"
        return self.sign_off.get_state_display()

    def _has_hash(self, content_hash: str) -> bool:
        return bool(self.subject and content_hash == self.subject.content_hash)


def list_statuses(draft: Any) -> list[SignOffStatus]:
    """Return the status of each current sign-off of a draft, in the order of the requests."""
    sign_offs = SignOff.objects.current().filter(page=draft.pk)
    sign_offs = sign_offs.select_related("page", "requested_by", "overridden_by")
    return [
        SignOffStatus(sign_off, find_subject(draft, sign_off.block_id)) for sign_off in sign_offs
    ]


def get_sign_offs_url(page_id: int, block_id: str = "") -> str:
    """Return the URL of the screen with the sign-offs of a page, for one quotation or all."""
    return reverse("sign-offs", args=[page_id]) + (f"?subject={block_id}" if block_id else "")


def check_sign_offs(instance: Any, **kwargs: Any) -> None:
    """Raise PublishingRefused for a page with a sign-off that is not an approval of its content.

    Receiver of `publishing`.
    """
    if not isinstance(instance, Page) or not instance.pk:
        return
    blocking = [status for status in list_statuses(instance) if status.is_blocking]
    if blocking:
        raise PublishingRefused(
            f"{blocking[0].reason} Wait for an approval, or let a publisher go ahead with a "
            "recorded reason.",
            [(get_sign_offs_url(instance.pk), "See the sign-offs")],
        )


def record_publication(instance: Page, **kwargs: Any) -> None:
    """Note on the sign-offs of a page that it is published now.

    Receiver of `page_published`, after the checks of the publication.
    """
    SignOff.objects.unpublished().filter(page=instance.pk).update(published_at=timezone.now())


def list_checklist_entries(draft: Any) -> Iterable[ChecklistEntry]:
    """Yield what the checklist says about the sign-offs of a page."""
    if not isinstance(draft, Page) or not draft.pk:
        return
    for status in list_statuses(draft):
        if status.is_finished:
            continue
        label = status.subject.label if status.subject and status.sign_off.block_id else "This page"
        yield ChecklistEntry(
            label=f"{label}: sign-off by {status.sign_off.name}",
            is_required=True,
            is_done=not status.is_blocking,
            url=get_sign_offs_url(draft.pk),
            note=status.reason if status.is_blocking else "",
            is_sign_off=True,
        )
