"""What editors have said about the check: acronyms everybody knows, findings that are none."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.log_actions import log
from wagtail.models import Page

from .check import TITLES, Finding

KNOWN = (
    "AA AI BBC CBE CEO COVID DNA EU GP HIV HR ICU ID IT KBE MBE MD MP MRI NHS NIHR OBE OK PDF RNA "
    "STEM TV UK US USA"
)


def known_to_all() -> str:
    return "\n".join(KNOWN.split())


@register_setting(icon="check")
class HouseStyleSettings(BaseSiteSetting):
    """What the house-style check takes for known."""

    acronyms = models.TextField(
        blank=True,
        default=known_to_all,
        help_text="Those that need no explanation, one a line. Our own short name and those of "
        "the partners are known anyway.",
    )

    panels = ["acronyms"]

    class Meta:
        verbose_name = "house style"

    def __str__(self) -> str:
        return "House style"


class Dismissal(models.Model):
    """An editor's word that a finding on a page is right as it stands, and why.

    It holds for these words on this page; other words are found again.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    words = models.CharField(max_length=250)
    reason = models.CharField(max_length=250)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "code", "words"], name="one_dismissal_each")
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.words}"

    @property
    def title(self) -> str:
        return TITLES.get(self.code, self.code)


def dismiss(page: Page, finding: Finding, reason: str, user: Any) -> None:
    """Show `finding` on `page` no more; logged with the reason."""
    with transaction.atomic():
        Dismissal.objects.update_or_create(
            page_id=page.pk,
            code=finding.code,
            words=finding.words,
            defaults={"reason": reason, "user": user},
        )
        _log(page, "house_style.dismiss", user, finding.title, finding.words, reason)


def take_back(dismissal: Dismissal, user: Any) -> None:
    """Show its finding again; logged."""
    with transaction.atomic():
        dismissal.delete()
        _log(dismissal.page, "house_style.take_back", user, dismissal.title, dismissal.words, "")


def _log(page: Page, action: str, user: Any, title: str, words: str, reason: str) -> None:
    log(page, action, user=user, data={"title": title, "words": words, "reason": reason})
