"""When pages are reviewed, who has been reminded of it, and which links answer."""

from django.db import models
from django.utils import timezone
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page

# Days on which a link has to fail before it counts as broken.
DAYS = 3


@register_setting(icon="history")
class UpkeepSettings(BaseSiteSetting):
    """After how long a page is to be looked at again."""

    review_months = models.PositiveSmallIntegerField(
        "months to a review",
        default=12,
        help_text="Pages without a date of their own are listed under Content health when they "
        "were last published so long ago; 0 lists none of them. News, reports and quotes are not "
        "meant: they tell of their day.",
    )

    panels = ["review_months"]

    class Meta:
        verbose_name = "upkeep"

    def __str__(self) -> str:
        return "Upkeep"


class Reminder(models.Model):
    """That somebody is told, once, that a page was to be reviewed by a day."""

    # It is no use of the page.
    wagtail_reference_index_ignore = True

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    due_on = models.DateField()
    tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "due_on"], name="one_reminder_per_date")
        ]

    def __str__(self) -> str:
        return f"{self.page_id}, due on {self.due_on}"


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def due(self) -> "LinkCheckQuerySet":
        return self.filter(next_at__lte=timezone.now()).order_by("next_at", "pk")

    def broken(self) -> "LinkCheckQuerySet":
        """Those that have failed on several days, the oldest failure first."""
        return self.filter(failures__gte=DAYS).order_by("failing_since", "url")


class LinkCheck(models.Model):
    """An address on another site that our pages link to, and whether it answers."""

    url = models.CharField(max_length=2000, unique=True)
    host = models.CharField(max_length=255)
    # Of HTTP; none where nothing has answered.
    status = models.PositiveSmallIntegerField(null=True)
    # A sentence, "" while nothing is wrong.
    problem = models.CharField(max_length=250, blank=True)
    answered_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    # Since when, on how many days, and when last it has failed.
    failing_since = models.DateField(null=True)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_on = models.DateField(null=True)

    objects = LinkCheckQuerySet.as_manager()

    def __str__(self) -> str:
        return self.url


class LinkUse(models.Model):
    """That a page links to an address; without a page, that the footer of all pages does."""

    # It is no use of the page.
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
