"""The dashboard's panel “Waiting for you”, with the groups that the apps add to it."""

import itertools
from typing import Any

from django.http import HttpRequest
from laces.components import Component
from wagtail import hooks
from wagtail.models import DraftStateMixin, Page, WorkflowMixin
from wagtail.snippets.models import get_snippet_models

from .links import get_edit_url

MAX_DRAFTS = 5
# Of each model: some are in review, scheduled or not editable for the user, and are left out.
MAX_CANDIDATES = 20


class WaitingGroup(Component):
    """A group of things that wait for the user; hidden if its template renders nothing.

    Apps add theirs with the hook `construct_waiting_groups`, which is called with the request
    and the list of groups.
    """

    heading = ""
    slug = ""
    order = 100


class WaitingPanel(Component):
    """The dashboard's first panel: all groups that have something for the user, in their order."""

    template_name = "admin/waiting_panel.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        self.groups: list[WaitingGroup] = []
        for add_groups in hooks.get_hooks("construct_waiting_groups"):
            add_groups(request, self.groups)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return each group with its rendered content, without empty ones."""
        groups = sorted(self.groups, key=lambda group: group.order)
        rendered = [(group, group.render_html(parent_context)) for group in groups]
        return {"groups": [(group, content) for group, content in rendered if content.strip()]}


class DraftsGroup(WaitingGroup):
    """The group of the pages and snippets that the user saved last and nobody has published."""

    heading = "Your drafts"
    slug = "drafts"
    order = 70
    template_name = "admin/drafts_group.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the latest drafts that the user may edit, with the addresses of their forms."""
        user = parent_context["request"].user
        drafts = ((draft, get_edit_url(draft, user)) for draft in _get_drafts(user))
        editable = ((draft, url) for draft, url in drafts if url)
        return {"drafts": list(itertools.islice(editable, MAX_DRAFTS))}


def _get_drafts(user: Any) -> list[Any]:
    """Return the user's drafts that are neither in review nor scheduled, the latest first."""
    querysets = [Page.objects.prefetch_workflow_states().annotate_approved_schedule()]
    querysets += [
        model._default_manager.all()
        for model in get_snippet_models()
        if issubclass(model, DraftStateMixin)
    ]
    drafts = [
        draft
        for queryset in querysets
        for draft in queryset.filter(has_unpublished_changes=True, latest_revision__user=user)
        .select_related("latest_revision")
        .order_by("-latest_revision__created_at")[:MAX_CANDIDATES]
        if not draft.approved_schedule and not _is_in_review(draft)
    ]
    return sorted(drafts, key=lambda draft: draft.latest_revision.created_at, reverse=True)


def _is_in_review(draft: Any) -> bool:
    """Return True if a reviewer has `draft` or has asked for changes to it."""
    return isinstance(draft, WorkflowMixin) and draft.current_workflow_state is not None
