"""Reports need a licence, or a reason for having none, before they are published."""

from typing import Any

from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.rules import get_edit_link

from .models import ReportPage


def check_licence(instance: ReportPage, **kwargs: Any) -> None:
    """Raise PublishingRefused for a report without licence and reason.

    Receiver of `publishing`.
    """
    if refusal := get_licence_refusal(instance):
        raise refusal


def get_licence_refusal(page: Any) -> PublishingRefused | None:
    """Return why `page` needs a licence before it is published; None if it does not.

    Only reports need one, and the licence in “Site settings” is enough.
    """
    if not isinstance(page, ReportPage) or page.effective_licence or page.licence_reason.strip():
        return None
    return PublishingRefused(
        f"The report “{page.title}” has no licence. Choose one under “More”, or enter the reason "
        "for having none.",
        [get_edit_link(page)],
    )
