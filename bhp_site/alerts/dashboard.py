"""The dashboard's group of alerts that could not be sent."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup

from .models import AlertEmail


class FailedAlertsGroup(WaitingGroup):
    """The number of e-mails that are given up; hidden while there are none."""

    heading = "E-mail alerts"
    slug = "e-mail-alerts"
    order = 55
    template_name = "admin/failed_alerts_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the number of e-mails that the site no longer tries to send."""
        return {"count": AlertEmail.objects.filter(sent_at=None, is_given_up=True).count()}
