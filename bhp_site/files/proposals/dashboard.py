"""Proposals in the admin's menu, with their number, and on the dashboard."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.menu import MenuItem

from bhp_site.core.admin.dashboard import WaitingGroup

from ..permissions.approval import may_publish_anything
from .models import Proposal

MAX_LISTED = 5
# How long a decision stays on the proposer's dashboard.
RECENT_DECISION_PERIOD = datetime.timedelta(days=14)


class ProposalsMenuItem(MenuItem):
    """The menu item of proposals, for users who may decide or have proposed something."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Return True if the user may decide about proposals or has made one."""
        user: Any = request.user
        return may_publish_anything(user) or Proposal.objects.made_by(user).exists()

    def render_component(self, request: HttpRequest) -> Any:
        """Return the item with the number of proposals that wait for the user."""
        number = Proposal.objects.decidable_by(request.user).waiting().count()
        label = f"{self.label} ({number})" if number else self.label
        with_number = MenuItem(
            label, self.url, name=self.name, icon_name=self.icon_name, order=self.order
        )
        return with_number.render_component(request)


class ProposalsGroup(WaitingGroup):
    """The group of the proposals that wait for the user, and of the user's own."""

    heading = "Proposed changes"
    slug = "proposals"
    order = 30
    template_name = "admin/proposals_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the proposals for the group's template."""
        user = parent_context["request"].user
        waiting = Proposal.objects.decidable_by(user).waiting().with_targets()
        own = Proposal.objects.made_by(user).with_targets()
        recent = own.filter(decided_at__gt=timezone.now() - RECENT_DECISION_PERIOD)
        return {
            "number": waiting.count(),
            "waiting": waiting[:MAX_LISTED],
            "own": own.waiting()[:MAX_LISTED],
            "decided": recent.exclude(state=Proposal.State.CANCELLED)[:MAX_LISTED],
        }
