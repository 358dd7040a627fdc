"""Sign-offs: who was asked to approve a quotation or a page, and what they answered."""

import datetime
import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.private_links import derive_token, hash_token
from bhp_site.core.site_address import get_private_url
from bhp_site.core.text.dates import format_uk_time
from bhp_site.draft_links.models import DraftLink

from .emails import SignOffEmail

__all__ = ["SignOff", "SignOffEmail"]

LINK_LIFETIME = datetime.timedelta(days=60)


def make_nonce() -> str:
    """Return 256 random bits, from which the token of a link is derived."""
    return secrets.token_hex(32)


class SignOffQuerySet(models.QuerySet["SignOff"]):
    """Selections of sign-offs."""

    def current(self) -> "SignOffQuerySet":
        """Return the sign-offs that were neither withdrawn nor replaced by a newer request."""
        return self.exclude(state=SignOff.State.CANCELLED)

    def unpublished(self) -> "SignOffQuerySet":
        """Return those whose page has not been published since they were asked for."""
        return self.filter(published_at=None)


class SignOff(models.Model):
    """A request to a person without an account to approve a quotation or a page."""

    wagtail_reference_index_ignore = True

    class State(models.TextChoices):
        """The answer of the person, or that there is none."""

        OPEN = "open", "Waiting for an answer"
        APPROVED = "approved", "Approved"
        SUGGESTED = "suggested", "Other words suggested"
        DECLINED = "declined", "Not to be used"
        CANCELLED = "cancelled", "Withdrawn"

    class Kind(models.TextChoices):
        """The kind of approval that the person is asked for."""

        QUOTATION = "quotation", "Quotation"
        PARTNER = "partner", "Partner’s approval"
        FACTS = "facts", "Fact check"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="sign_offs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # The id of the quotation's block; empty for a whole page.
    block_id = models.CharField(max_length=36, blank=True)
    name = models.CharField("name", max_length=150)
    # Deleted some time after the sign-off is closed, like the other personal data.
    email = models.EmailField("private e-mail address", blank=True)
    message = models.TextField(blank=True)
    nonce = models.CharField(max_length=64, default=make_nonce, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Shows the draft of a whole page to the person.
    draft_link = models.ForeignKey(
        DraftLink, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    reminder_count = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    # Of the words, name and role that the person saw when they answered.
    decided_hash = models.CharField(max_length=64, blank=True)
    suggested_words = models.TextField(blank=True)
    comment = models.TextField(blank=True)

    # When the page was first published after the request; the link then no longer works.
    published_at = models.DateTimeField(null=True)

    # A publisher's decision to go ahead without an approval of exactly this content.
    override_reason = models.CharField(max_length=250, blank=True)
    override_hash = models.CharField(max_length=64, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    overridden_at = models.DateTimeField(null=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save it; a new one with the hash of its token and the end of its link."""
        if self._state.adding:
            self.token_hash = hash_token(self.token)
            self.expires_at = self.expires_at or self.requested_at + LINK_LIFETIME
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """Return the token of the link, which is not stored."""
        return derive_token("sign-off", self.nonce)

    @property
    def draft_token(self) -> str:
        """Return the token of the link to the draft, which is not stored."""
        return derive_token("sign-off-draft", self.nonce)

    @property
    def url(self) -> str:
        """Return the full URL of the page on which the person answers."""
        return get_private_url("sign-off", self.token)

    @property
    def draft_url(self) -> str:
        """Return the full URL of the draft of a whole page; "" for a quotation."""
        return get_private_url("draft", self.draft_token) if self.draft_link_id else ""

    @property
    def is_closed(self) -> bool:
        """Return True if the person can no longer answer: withdrawn, expired or published."""
        is_expired = self.expires_at <= timezone.now()
        is_published = self.published_at is not None
        return self.state == self.State.CANCELLED or is_expired or is_published

    @property
    def failed_email(self) -> SignOffEmail | None:
        """Return an e-mail about it that could not be sent so far; None if there is none."""
        failing = SignOffEmail.objects.failing().filter(sign_off=self.pk)
        return failing.order_by("-pk").first()

    @property
    def answer_in_words(self) -> str:
        """Return what was answered and when, or since when an answer is awaited."""
        if self.decided_at:
            return f"{self.get_state_display()} on {format_uk_time(self.decided_at)}"
        return f"Asked on {format_uk_time(self.requested_at)}"
