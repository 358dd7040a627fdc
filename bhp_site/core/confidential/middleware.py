"""Refuse addresses of the admin that name a confidential draft of others, whatever the view."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page, TaskState, WorkflowState

from ..admin.readable_pages import filter_readable_pages
from ..references import PRIMARY_KEY
from ..url_prefixes import ADMIN_PREFIX
from .rules import get_hidden_page_keys

PAGE_KEYS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id", "page_pk")
# Views of Wagtail that show the title of any page that their address names.
VIEWS_WITH_TITLES = {
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_pages:move_confirm",
}
STATES: tuple[tuple[str, Any], ...] = (
    ("task_state_id", TaskState),
    ("workflow_state_id", WorkflowState),
)


class HideConfidentialDrafts:
    """Let no view of the admin run for a page that is hidden from the user: 404.

    Views check permissions too. This holds for each of them, whatever it asks for: a reviewer may
    open a page because of a task, and a view may load it before it checks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise Http404 if the address names a hidden page."""
        if not request.path.startswith(ADMIN_PREFIX) or not request.user.is_authenticated:
            return
        names = {str(kwargs[name]) for name in PAGE_KEYS if name in kwargs}
        match = request.resolver_match
        if match and match.view_name in VIEWS_WITH_TITLES:
            _check_readable(names, request.user)
        if not names and not any(name in kwargs for name, _ in STATES):
            return
        hidden = get_hidden_page_keys(request.user)
        if not hidden:
            return
        for name, model in STATES:
            if name in kwargs:
                names |= _find_pages(model, kwargs[name])
        if names & {str(key) for key in hidden}:
            raise Http404


def _check_readable(keys: set[str], user: Any) -> None:
    """Raise Http404 if the user may not read the title of one of these pages."""
    pages = Page.objects.filter(pk__in=filter(PRIMARY_KEY.fullmatch, keys))
    if filter_readable_pages(pages, user).count() < pages.count():
        raise Http404


def _find_pages(model: Any, key: Any) -> set[str]:
    """Return the key of the page of a task or a workflow; empty if it is not about a page."""
    state = model.objects.filter(pk=key).first()
    state = getattr(state, "workflow_state", state)
    is_page = state is not None and issubclass(state.content_type.model_class(), Page)
    return {state.object_id} if is_page else set()
