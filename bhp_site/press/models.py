"""Models: people on the press list, and the releases that were sent to them under embargo."""

import datetime
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest, Lower
from django.utils import timezone

from bhp_site.core.mail.queue import QueuedEmail
from bhp_site.draft_links.links import end_links
from bhp_site.draft_links.models import DraftLink, DraftLinkQuerySet

from .sending.emails import prepare_email

__all__ = ["PressContact", "PressEmail", "ReleaseRecipient"]

MAX_NOTES_CHARACTERS = 2000


class PressContactQuerySet(models.QuerySet["PressContact"]):
    """Queries for people on the press list."""

    def outdated(self) -> "PressContactQuerySet":
        """Return the people with whom there has been no contact for longer than we keep them."""
        retention = datetime.timedelta(days=settings.PRESS_CONTACTS_KEPT_DAYS)
        last = Greatest("added_on", Coalesce("last_contact_on", "added_on"))
        limit = timezone.localdate() - retention
        return self.alias(last_activity=last).filter(last_activity__lt=limit)

    def get_by_email(self, email: str) -> "PressContact | None":
        """Return the person with this address in any case; None if nobody has it."""
        return self.filter(email__iexact=email).first()


class PressContact(models.Model):
    """A person who writes or speaks about the partnership, and how we know of them."""

    # Notes about people do not count as uses of an object in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    name = models.CharField(max_length=100)
    outlet = models.CharField(
        max_length=150,
        blank=True,
        help_text="The newspaper, station or site they work for. Leave it empty for a freelancer.",
    )
    email = models.EmailField("e-mail address")
    source = models.CharField(
        max_length=200,
        help_text=(
            "How you know this address, for example “Asked to be added by e-mail” or “Published "
            "on the outlet’s website”. People can ask where we got their address."
        ),
    )
    added_on = models.DateField("added on", default=timezone.localdate)
    last_contact_on = models.DateField(
        "last contact",
        null=True,
        blank=True,
        help_text="Set automatically when you send a release from this site.",
    )
    notes = models.TextField(
        blank=True,
        max_length=MAX_NOTES_CHARACTERS,
        help_text=(
            "What you need for your work, for example their subjects. They can ask to see it."
        ),
    )

    objects = PressContactQuerySet.as_manager()

    class Meta:
        verbose_name = "person on the press list"
        verbose_name_plural = "press list"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_press_contact_per_email",
                violation_error_message="This e-mail address is already on the press list.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.outlet}" if self.outlet else self.name

    def as_dict(self) -> dict[str, Any]:
        """Return all that is stored about the person, for an answer to their request."""
        return {
            "name": self.name,
            "outlet": self.outlet,
            "email": self.email,
            "source": self.source,
            "added_on": self.added_on.isoformat(),
            "last_contact_on": self.last_contact_on and self.last_contact_on.isoformat(),
            "notes": self.notes,
            "releases": [
                {"title": recipient.page.title, "sent_on": recipient.created_at.isoformat()}
                for recipient in self.releases.select_related("page")
            ],
        }


class ReleaseRecipientQuerySet(models.QuerySet["ReleaseRecipient"]):
    """Queries for those who have a release under embargo."""

    def active(self) -> "ReleaseRecipientQuerySet":
        """Return the recipients whose access was not ended."""
        return self.filter(ended_at=None)

    def outdated(self) -> "ReleaseRecipientQuerySet":
        """Return the recipients whose data has been kept long enough."""
        retention = datetime.timedelta(days=settings.PRESS_RECIPIENTS_KEPT_DAYS)
        return self.filter(created_at__lt=timezone.now() - retention)


class ReleaseRecipient(models.Model):
    """A person to whom an announcement was sent under embargo, with their personal link."""

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(
        "news.NewsPage", on_delete=models.CASCADE, related_name="press_recipients"
    )
    contact = models.ForeignKey(
        PressContact, null=True, on_delete=models.SET_NULL, related_name="releases"
    )
    # As on the press list when it was sent; name and address are emptied on request.
    name = models.CharField(max_length=100, blank=True)
    outlet = models.CharField(max_length=150, blank=True)
    email = models.EmailField(blank=True)
    link = models.ForeignKey(
        DraftLink, null=True, on_delete=models.SET_NULL, related_name="press_recipients"
    )
    # `ReleaseEmbargo.key` of the last e-mail that was sent; empty if none was.
    told = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ReleaseRecipientQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        permissions = [("send_under_embargo", "Can send releases under embargo")]
        constraints = [
            models.UniqueConstraint(fields=["page", "contact"], name="one_release_per_contact")
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name or "Deleted person", self.outlet]))

    def end(self) -> None:
        """End the recipient's link, and delete what was not sent to them yet."""
        with transaction.atomic():
            self.emails.filter(sent_at=None).delete()
            end_links(self._get_links())
            if self.ended_at is None:
                self.ended_at = timezone.now()
                self.save(update_fields=["ended_at"])

    def _get_links(self) -> DraftLinkQuerySet:
        """Return the personal link; empty if it was deleted."""
        return DraftLink.objects.filter(press_recipients=self)

    def forget(self) -> None:
        """End the link and delete the personal data; when and for which outlet it was is kept."""
        with transaction.atomic():
            self.end()
            self.emails.all().delete()
            # Its label names the person.
            self._get_links().delete()
            self.name = self.email = ""
            self.link = None
            self.save(update_fields=["name", "email", "link"])


class PressEmail(QueuedEmail):
    """An e-mail about a release under embargo. Its text is written when it is sent.

    Waiting for the mail server, it would otherwise tell of an embargo that has been changed or is
    over.
    """

    class Kind(models.TextChoices):
        """The purpose of an e-mail."""

        RELEASE = "release", "Release"
        CHANGE = "change", "Change of the embargo"
        TEST = "test", "Test"

    # An editor sees the reason on the screen, and can correct the address.
    gives_up_when_refused = True

    page = models.ForeignKey("news.NewsPage", on_delete=models.CASCADE, related_name="press_emails")
    # None for a test.
    recipient = models.ForeignKey(
        ReleaseRecipient, null=True, on_delete=models.CASCADE, related_name="emails"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # What an editor wrote above the release.
    message = models.TextField(blank=True)
    # The personal link, which is forgotten once the e-mail was sent.
    link_url = models.CharField(max_length=250, blank=True)

    class Meta(QueuedEmail.Meta):
        default_permissions = ()

    def prepare(self) -> bool:
        """Write the text as the embargo is now; return False if there is nothing to tell.

        Raises EmailHeld.
        """
        return prepare_email(self)

    def handle_sent(self) -> None:
        """Note what the recipient knows now, and forget the link."""
        PressEmail.objects.filter(pk=self.pk).update(link_url="", message="")
        ReleaseRecipient.objects.filter(emails=self).update(told=self.told_key)
        contacts = PressContact.objects.filter(releases__emails=self)
        contacts.update(last_contact_on=timezone.localdate())

    # `ReleaseEmbargo.key` of the text, set by `prepare`.
    told_key = ""
