"""Refuse addresses of the admin that name a confidential draft of others, whatever the view."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, TaskState, WorkflowState

from ..admin.readable_pages import filter_readable_pages
from ..monitoring.refusals import Reason, note_refusal
from ..references import PRIMARY_KEY
from ..url_prefixes import ADMIN_PREFIX
from .rules import get_hidden_paths, is_hidden

PAGE_KEYS = ("page_id", "page_to_move_id", "parent_page_id", "destination_id", "page_pk")
# Views of Wagtail that show the title of any page that their address names.
VIEWS_WITH_TITLES = {
    "wagtailadmin_explore",
    "wagtailadmin_explore_results",
    "wagtailadmin_pages:move_confirm",
}
# Objects that belong to a page, and whose views show its title.
OBJECTS: tuple[tuple[str, Any], ...] = (
    ("redirect_id", Redirect),
    ("task_state_id", TaskState),
    ("workflow_state_id", WorkflowState),
)


class HideConfidentialDrafts:
    """Middleware that answers 404 to addresses of the admin about a page hidden from the user.

    Views check permissions too. This holds for each of them, whatever it asks for: a reviewer may
    open a page because of a task, and a view may load it before it checks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; `process_view` checks what the address names."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise Http404 if the address names a hidden page."""
        if not request.path.startswith(ADMIN_PREFIX) or not request.user.is_authenticated:
            return
        keys = {str(kwargs[name]) for name in PAGE_KEYS if name in kwargs}
        match = request.resolver_match
        if match and match.view_name in VIEWS_WITH_TITLES:
            _check_readable(keys, request.user)
        objects = [(model, kwargs[name]) for name, model in OBJECTS if name in kwargs]
        if not (keys or objects) or not get_hidden_paths(request.user):
            return
        for model, key in objects:
            keys |= _find_pages(model, key)
        if any(is_hidden(page, request.user) for page in _get_pages(keys)):
            note_refusal(Reason.PRIVATE, "confidential draft")
            raise Http404


def _check_readable(keys: set[str], user: Any) -> None:
    """Raise Http404 if the user may not read the title of one of these pages."""
    pages = _get_pages(keys)
    readable = filter_readable_pages(pages, user).values("pk")
    if pages.exclude(pk__in=readable).exists():
        note_refusal(Reason.PRIVATE, "title of a page")
        raise Http404


def _get_pages(keys: set[str]) -> QuerySet[Page]:
    return Page.objects.filter(pk__in=[key for key in keys if PRIMARY_KEY.fullmatch(key)])


def _find_pages(model: Any, key: Any) -> set[str]:
    """Return the key of the page that a redirect or state is about; an empty set without one."""
    if model is Redirect:
        return {
            str(pk)
            for pk in Redirect.objects.filter(pk=key).values_list("redirect_page", flat=True)
        }
    state = model.objects.filter(pk=key).first()
    state = getattr(state, "workflow_state", state)
    is_page = state is not None and issubclass(state.content_type.model_class(), Page)
    return {state.object_id} if is_page else set()
