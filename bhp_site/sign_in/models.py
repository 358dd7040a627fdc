from django.conf import settings
from django.db import models
from django.utils import timezone

from bhp_site.core.mail.queue import QueuedEmail


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
    """What the log of accounts records."""

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


class AccountEmail(QueuedEmail):
    """An e-mail to a user about their account."""
