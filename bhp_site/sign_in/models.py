from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode

from bhp_site.core.mail.queue import QueuedEmail
from bhp_site.core.private_links import LINK_PLACEHOLDER, derive_token
from bhp_site.core.roles import get_role_name
from bhp_site.core.site_address import get_private_url
from bhp_site.core.text.dates import format_uk_time

from .password_rules import find_user_to_reset

TOKEN_KIND = "invitation"  # noqa: S105 — not a secret


class AttemptCounter(models.Model):
    """The attempts at a password that have not succeeded, of one source.

    It is kept in the database, so that limits hold while the cache is down or has been emptied.
    """

    # Counters do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    # A keyed hash of the name of the limit and of the account, network or page.
    key = models.CharField(max_length=64, unique=True)
    attempts = models.PositiveIntegerField()
    last_attempt_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.attempts} attempts"


class EventKind(models.TextChoices):
    """The kinds of events in the log of accounts."""

    SIGNED_IN = "signed-in", "Signed in"
    SIGNED_OUT = "signed-out", "Signed out"
    SIGN_IN_FAILED = "sign-in-failed", "Failed to sign in"
    PASSWORD_CHANGED = "password-changed", "Password changed"
    ADDRESS_CHANGED = "address-changed", "E-mail address changed"
    GROUPS_CHANGED = "groups-changed", "Groups changed"
    DEACTIVATED = "deactivated", "Account deactivated"
    REACTIVATED = "reactivated", "Account activated again"
    FACTOR_ADDED = "factor-added", "Second step of signing in added"
    FACTOR_REMOVED = "factor-removed", "Second step of signing in removed"
    FACTOR_RESET = "factor-reset", "Second step of signing in reset"
    FACTOR_FAILED = "factor-failed", "Failed at the second step of signing in"
    RECOVERY_CODES_CREATED = "recovery-codes-created", "Recovery codes created"
    RECOVERY_CODE_USED = "recovery-code-used", "Recovery code used"
    SESSIONS_ENDED = "sessions-ended", "Sessions ended"
    INVITED = "invited", "Invited"
    INVITATION_WITHDRAWN = "invitation-withdrawn", "Invitation withdrawn"
    INVITATION_ACCEPTED = "invitation-accepted", "Invitation accepted"
    ACCOUNT_CREATED = "account-created", "Account created"
    IDENTITY_CONNECTED = "identity-connected", "Connected to single sign-on"
    IDENTITY_DISCONNECTED = "identity-disconnected", "Disconnected from single sign-on"


class AccountEvent(models.Model):
    """A sign-in, a failure to sign in, or a change of an account."""

    wagtail_reference_index_ignore = True

    kind = models.CharField(max_length=30)
    # None if there is no such account: what was typed is not stored, as it may be a password.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="events"
    )
    # The address of the account at that time.
    address = models.EmailField(blank=True)
    # Who did it, if signed in: the user, or an administrator.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    detail = models.CharField(max_length=250, blank=True)
    # The visitor's IPv4 address or IPv6 network.
    network = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "account event"

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Return what happened, in words."""
        return EventKind(self.kind).label

    @property
    def is_by_other(self) -> bool:
        """Return True if another user did it."""
        return self.actor_id is not None and self.actor_id != self.user_id


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Selections of invitations."""

    def active(self) -> "InvitationQuerySet":
        """Return the invitations whose link still works."""
        return self.filter(expires_at__gt=timezone.now())


class Invitation(models.Model):
    """An invitation that nobody has accepted yet; deleted when it is accepted or withdrawn."""

    wagtail_reference_index_ignore = True

    first_name = models.CharField(max_length=150)
    last_name = models.CharField(max_length=150)
    email = models.EmailField(unique=True)
    # The role: a group, or that of an administrator.
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="+")
    is_administrator = models.BooleanField(default=False)
    # The token is derived from it, so that the database does not hold the token.
    nonce = models.CharField(max_length=64)
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the full name."""
        return f"{self.first_name} {self.last_name}"

    @property
    def role(self) -> str:
        """Return the name of the role."""
        return get_role_name(self.group.name if self.group else "")

    @property
    def status(self) -> str:
        """Return until when the link works, or since when it does not."""
        is_active = self.expires_at > timezone.now()
        verb = "Link works until" if is_active else "Link expired on"
        return f"{verb} {format_uk_time(self.expires_at)}"

    @property
    def has_problem(self) -> bool:
        """Return True if the latest e-mail could not be sent."""
        emails = [*self.emails.all()]
        return bool(emails) and emails[-1].sent_at is None and bool(emails[-1].problem)

    @property
    def url(self) -> str:
        """Return the link, which only the secret key of the site leads to."""
        return get_private_url("accept-invitation", derive_token(TOKEN_KIND, self.nonce))


# Stands in the text of an e-mail for the link of a password reset, which is made when it is sent.
RESET_LINK_PLACEHOLDER = "[[link to reset the password]]"


class AccountEmail(QueuedEmail):
    """An e-mail to a user of the admin, or to somebody who is invited to have an account."""

    invitation = models.ForeignKey(
        Invitation, null=True, on_delete=models.CASCADE, related_name="emails"
    )

    def prepare(self) -> bool:
        """Put the link of an invitation, or of a password reset, in place; it is not stored.

        Return False for a reset that was requested for an account which does not exist, or which
        has no password.
        """
        if self.invitation:
            self.text = self.text.replace(LINK_PLACEHOLDER, self.invitation.url)
        if RESET_LINK_PLACEHOLDER in self.text:
            user = find_user_to_reset(self.to)
            if user is None:
                return False
            # Not as it was entered, which may only look like it.
            self.to = user.email
            self.text = self.text.replace(RESET_LINK_PLACEHOLDER, _make_reset_link(user))
        return True


def _make_reset_link(user: Any) -> str:
    """Return the address at which `user` can choose a new password, once."""
    uid = urlsafe_base64_encode(str(user.pk).encode())
    token = default_token_generator.make_token(user)
    return settings.SITE_URL + reverse("wagtailadmin_password_reset_confirm", args=[uid, token])
