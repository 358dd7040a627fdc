"""Hooks of Wagtail that simplify reviews and show their results."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.views.home import (
    UserObjectsInWorkflowModerationPanel,
    WorkflowObjectsToModeratePanel,
)
from wagtail.models import Page, TaskState, WorkflowMixin

from bhp_site.core.admin.dashboard import WaitingGroup
from bhp_site.core.admin.decisions import add_decision_message

from .actions import simplify_action_menu
from .reviews import (
    PagesToReviewGroup,
    ReviewerCommentsGroup,
    SubmittedGroup,
    describe_decision,
    get_current_decision,
)
from .second_person import ask_for_reason


@hooks.register("construct_homepage_panels")
def remove_review_panels(request: HttpRequest, panels: list[Any]) -> None:
    """Remove Wagtail's panels about reviews, which are groups of “Waiting for you” here."""
    replaced = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, replaced)]


@hooks.register("construct_waiting_groups")
def add_review_groups(request: HttpRequest, groups: list[WaitingGroup]) -> None:
    """Add the groups of pages to review, of pages sent for review, and of reviewers' comments."""
    groups += [PagesToReviewGroup(), SubmittedGroup(), ReviewerCommentsGroup()]


@hooks.register("construct_page_action_menu")
def simplify_page_menu(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    """Replace the approval buttons in a page's menu by one, and ask for a second person."""
    page = context.get("page")
    page = page if page and page.pk else None
    if page:
        simplify_action_menu(menu_items, page, request.user)
    ask_for_reason(menu_items, page, request.user)


@hooks.register("construct_snippet_action_menu")
def simplify_snippet_menu(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    """Replace the approval buttons in a snippet's menu by one, and ask for a second person."""
    instance = context.get("instance")
    instance = instance if instance and instance.pk else None
    if instance:
        simplify_action_menu(menu_items, instance, request.user)
    ask_for_reason(menu_items, instance, request.user)


@hooks.register("insert_editor_js")
def insert_second_person_script() -> SafeString:
    """Return the script that changes the buttons of the editor after a change."""
    return format_html('<script type="module" src="{}"></script>', static("js/second-person.js"))


@hooks.register("before_edit_page")
def check_page_post(request: HttpRequest, page: Page) -> None:
    """Show the review decision, or an error for a button that the user may not use any more."""
    _add_review_message(request, page, page.title)
    if request.POST.get("action-publish") and not _may_publish(page, request.user):
        messages.error(
            request, f"“{page.title}” was not published: you do not have permission to publish it."
        )


@hooks.register("before_edit_snippet")
def check_snippet_post(request: HttpRequest, instance: Any) -> None:
    """Show the review decision, or an error if the user may not decide any more."""
    if isinstance(instance, WorkflowMixin):
        _add_review_message(request, instance, str(instance))


def _add_review_message(request: HttpRequest, instance: Any, title: str) -> None:
    """Show the review decision on GET; on POST, an error if the user may not decide."""
    if request.method == "GET":
        if decision := get_current_decision(instance):
            tell = messages.warning if _is_rejected(decision) else messages.info
            tell(request, describe_decision(decision))
        return
    action = request.POST.get("workflow-action-name", "")
    decides = request.POST.get("action-workflow-action")
    if decides and not _may_decide(instance, request.user, action):
        messages.error(
            request,
            f"“{title}” was not approved or sent back: it is not waiting for your review. "
            "Somebody may have decided already.",
        )


def _is_rejected(decision: TaskState) -> bool:
    return bool(decision.status == TaskState.STATUS_REJECTED)


def _may_publish(page: Page, user: Any) -> bool:
    return bool(page.permissions_for_user(user).can_publish())


def _may_decide(instance: Any, user: Any, action: str) -> bool:
    task = instance.current_workflow_task
    return bool(task) and action in {name for name, *_ in task.get_actions(instance, user)}


@hooks.register("after_edit_page")
def add_page_decision_message(request: HttpRequest, page: Page) -> None:
    """Name the reviewer's decision, which Wagtail's message calls an update."""
    if request.method == "POST" and request.POST.get("action-workflow-action"):
        add_decision_message(request, page)
