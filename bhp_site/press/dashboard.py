"""The dashboard's groups of the press: people to keep or delete, and e-mails that failed."""

from typing import Any

from bhp_site.core.admin.dashboard import WaitingGroup
from news.models import NewsPage

from .models import PressContact, PressEmail


class OutdatedContactsGroup(WaitingGroup):
    """The number of people with whom there has been no contact for a long time."""

    heading = "Press list"
    slug = "press-list"
    order = 65
    template_name = "admin/outdated_contacts_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return how many people there are to review."""
        return {"count": PressContact.objects.outdated().count()}


class FailedPressEmailsGroup(WaitingGroup):
    """The announcements whose e-mails to journalists could not be sent."""

    heading = "E-mails to journalists"
    slug = "press-emails"
    order = 45
    template_name = "admin/failed_press_emails_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the announcements, each once."""
        failing = PressEmail.objects.failing().exclude(kind=PressEmail.Kind.TEST)
        pages = NewsPage.objects.filter(pk__in=failing.order_by().values("page"))
        return {"pages": pages.order_by("title")}
