"""Models of the content audit: review dates and reminders, external links and their checks."""

from django.db import models
from django.utils import timezone
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

# A link counts as broken when it has failed on so many days.
BROKEN_AFTER_DAYS = 3


@register_setting(icon="history")
class ContentAuditSettings(BaseSiteSetting):
    """The interval after its last publication at which a page is due for review."""

    review_months = models.PositiveSmallIntegerField(
        "months until a review",
        default=12,
        help_text=(
            "A page without its own review date is listed under Content health when it was last "
            "published this many months ago. Enter 0 to list none. News, reports and quotes are "
            "never listed, because each describes its own date."
        ),
    )

    panels = ["review_months"]

    class Meta:
        verbose_name = "content health"

    def __str__(self) -> str:
        return "Content health"


class Reminder(models.Model):
    """A reminder that a page is due for review, sent at most once for each due date."""

    # Reminders do not count as uses of a page in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    # Written by version 2.0.0 only, which may run beside this one during an upgrade.
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "due_on"], name="one_reminder_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.page_id}, due on {self.due_on}"


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    """Queries for links by the state of their checks."""

    def due(self) -> "LinkCheckQuerySet":
        """Return the links to be checked now, the longest due first."""
        return self.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")

    def broken(self) -> "LinkCheckQuerySet":
        """Return the links that have failed on several days, the longest failing first."""
        return self.filter(failures__gte=BROKEN_AFTER_DAYS).order_by("failing_since", "url")


class LinkCheck(models.Model):
    """A URL on another site that our pages link to, and the result of its last check."""

    url = models.CharField(max_length=2000, unique=True)
    host = models.CharField(max_length=255)
    # HTTP status; None if nothing has answered.
    status = models.PositiveSmallIntegerField(null=True)
    # A sentence for editors; empty if the link works.
    problem = models.CharField(max_length=250, blank=True)
    answered_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    # First day, number of days and last day of the current series of failures.
    failing_since = models.DateField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_on = models.DateField(null=True)

    objects = LinkCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """A page that has a link; without a page, the footer of every page has it."""

    # External links do not count as uses of a page in Wagtail's reference index.
    wagtail_reference_index_ignore = True

    link = models.ForeignKey(LinkCheck, on_delete=models.CASCADE, related_name="uses")
    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "page"], name="one_use_per_page"),
            models.UniqueConstraint(
                fields=["link"], condition=models.Q(page=None), name="one_use_in_the_footer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} on {self.page_id or 'all pages'}"
