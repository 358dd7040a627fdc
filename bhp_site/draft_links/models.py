"""Links to the latest draft of a page, for people without an account, and their comments."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.text.dates import format_uk_time
from bhp_site.core.visibility import get_live_pages

DEFAULT_LIFETIME = datetime.timedelta(days=7)


class DraftLinkQuerySet(models.QuerySet["DraftLink"]):
    """Selections of links by whether they still work."""

    def active(self) -> "DraftLinkQuerySet":
        """Return the links that have neither expired nor been ended."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def ended_before(self, moment: datetime.datetime) -> "DraftLinkQuerySet":
        """Return the links that expired or were ended before `moment`."""
        return self.filter(Q(expires_at__lt=moment) | Q(revoked_at__lt=moment))


class DraftLink(models.Model):
    """A link to the latest draft of a page; its token is stored as a hash only.

    Nothing is stored about who opens it.
    """

    wagtail_reference_index_ignore = True

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="draft_links")
    label = models.CharField(max_length=100)
    # The person to whom a personal link was sent; empty for a link that is passed around.
    recipient = models.CharField(max_length=150, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    # As Django stores passwords; empty for a link without one.
    password = models.CharField(max_length=128, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    open_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)

    objects = DraftLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def has_ended(self) -> bool:
        """Return True if the link has expired or was ended."""
        return self.revoked_at is not None or self.expires_at <= timezone.now()

    @property
    def status(self) -> str:
        """Return until when the link works, or since when it does not, for editors."""
        if self.revoked_at:
            return f"Ended on {format_uk_time(self.revoked_at)}"
        if self.has_ended:
            return f"Expired on {format_uk_time(self.expires_at)}"
        return f"Works until {format_uk_time(self.expires_at)}"

    @property
    def was_published_since(self) -> bool:
        """Return True if the page was published after the link was made: the link is done."""
        published_at = self.page.last_published_at
        return published_at is not None and published_at > self.created_at

    def get_public_url(self) -> str:
        """Return the URL of the page once it has been published since; "" before, or if hidden."""
        if not self.was_published_since:
            return ""
        page = get_live_pages().filter(pk=self.page_id).first()
        return (page and page.get_url()) or ""

    def accepts_password(self, password: str) -> bool:
        """Return True if `password` is that of the link."""
        return check_password(password, self.password)

    def count_opening(self) -> None:
        """Count that the draft was opened, and when; not for a link that was sent by e-mail.

        Mail programs open such links by themselves, so their counts would say nothing.
        """
        if self.recipient:
            return
        DraftLink.objects.filter(pk=self.pk).update(
            open_count=F("open_count") + 1, last_opened_at=timezone.now()
        )


class DraftCommentQuerySet(models.QuerySet["DraftComment"]):
    """Selections of readers' comments."""

    def open(self) -> "DraftCommentQuerySet":
        """Return the comments that no editor has marked as done."""
        return self.filter(resolved_at=None)


class DraftComment(models.Model):
    """A comment that a reader of a draft left; deleted with the link."""

    wagtail_reference_index_ignore = True

    link = models.ForeignKey(DraftLink, on_delete=models.CASCADE, related_name="comments")
    name = models.CharField(max_length=100)
    text = models.TextField()
    # A form that is sent twice leaves one comment.
    fingerprint = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    objects = DraftCommentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"

    def resolve(self) -> None:
        """Mark the comment as done."""
        self.resolved_at = timezone.now()
        self.save(update_fields=["resolved_at"])

    def as_dict(self) -> dict[str, Any]:
        """Return all that is stored about the reader, for an answer to their request.

        Readers are known by the name that they entered, so these are all comments with it that
        were left with the same link.
        """
        comments = DraftComment.objects.filter(link=self.link_id, name=self.name)
        return {
            "name": self.name,
            "page": self.link.page.get_admin_display_title(),
            "link": self.link.label,
            "comments": [
                {
                    "text": comment.text,
                    "written": comment.created_at.isoformat(),
                    "marked_as_done": comment.resolved_at and comment.resolved_at.isoformat(),
                }
                for comment in comments
            ],
        }

    @classmethod
    def open_on(cls, page: Any) -> DraftCommentQuerySet:
        """Return the open comments on the drafts of `page`."""
        return cls.objects.open().filter(link__page=page.pk)
