"""Models of the house-style check: accepted acronyms, and dismissed findings."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.log_actions import log
from wagtail.models import Page

from .checker import TITLES, StyleFinding

DEFAULT_ACRONYMS = (
    "AA AI BBC CBE CEO COVID DNA EU GP HIV HR ICU ID IT KBE MBE MD MP MRI NHS NIHR OBE OK PDF RNA "
    "STEM TV UK US USA"
)


def get_default_acronyms() -> str:
    """Return the acronyms that need no explanation, one a line."""
    return "\n".join(DEFAULT_ACRONYMS.split())


@register_setting(icon="check")
class HouseStyleSettings(BaseSiteSetting):
    """The acronyms that need no explanation."""

    acronyms = models.TextField(
        blank=True,
        default=get_default_acronyms,
        help_text=(
            "Acronyms that need no explanation. Enter one on each line. Our short name and those "
            "of the partners are included automatically."
        ),
    )

    panels = ["acronyms"]

    class Meta:
        verbose_name = "house style"

    def __str__(self) -> str:
        return "House style"


class Dismissal(models.Model):
    """An editor's decision that a finding on a page is correct as it is, with the reason.

    It applies to this text on this page only.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=20)
    text = models.CharField(max_length=250)
    reason = models.CharField(max_length=250)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["page", "code", "text"], name="one_dismissal_each")
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.text}"

    @property
    def title(self) -> str:
        """Return the title of the dismissed finding."""
        return TITLES.get(self.code, self.code)


def dismiss(page: Page, finding: StyleFinding, reason: str, user: Any) -> None:
    """Store that `finding` on `page` is dismissed for `reason`, and log it for `user`."""
    with transaction.atomic():
        Dismissal.objects.update_or_create(
            page_id=page.pk,
            code=finding.code,
            text=finding.text,
            defaults={"reason": reason, "user": user},
        )
        _log(page, "house_style.dismiss", user, finding.title, finding.text, reason)


def restore(dismissal: Dismissal, user: Any) -> None:
    """Delete a dismissal, so that its finding is shown again, and log it for `user`."""
    with transaction.atomic():
        dismissal.delete()
        _log(dismissal.page, "house_style.restore", user, dismissal.title, dismissal.text, "")


def _log(page: Page, action: str, user: Any, title: str, text: str, reason: str) -> None:
    log(page, action, user=user, data={"title": title, "text": text, "reason": reason})
