"""Keep somebody responsible for schedules, publishing and approval when accounts change.

An account can be deactivated, deleted or demoted on several screens of the admin, and by changing
or deleting a group. All of them are covered in one place: the change is made in a transaction, its
consequences are looked at, and it is undone where somebody has to decide something first.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from wagtail.admin import messages
from wagtail.models import GroupApprovalTask

from bhp_site.core.admin.errors import answer_error
from bhp_site.core.admin.page_policy import page_policy
from bhp_site.core.publishing.middleware import discard_messages
from bhp_site.core.publishing.publication import PublishingRefused

from .pending import PendingSchedule, get_pending_schedules, may_publish

View = Callable[..., HttpResponseBase]

ACCOUNT_VIEWS = {
    ("wagtailusers_users", "edit"),
    ("wagtailusers_users", "delete"),
    ("wagtailusers_groups", "edit"),
    ("wagtailusers_groups", "delete"),
}


@dataclass(frozen=True)
class Approvers:
    """The users who can approve pages in one step of a workflow."""

    task: GroupApprovalTask
    groups: int
    members: int


class Responsibilities:
    """The users who can schedule, publish and approve at this moment."""

    def __init__(self) -> None:
        schedules = get_pending_schedules()
        self.schedules = [row for row in schedules if may_publish(row.user, row.object)]
        publishers = page_policy.users_with_permission("publish").filter(is_active=True)
        self.publishers = set(publishers.values_list("pk", flat=True))
        administrators = get_user_model().objects.filter(is_active=True, is_superuser=True)
        self.administrators = set(administrators.values_list("pk", flat=True))
        tasks = GroupApprovalTask.objects.filter(
            active=True, workflow_tasks__workflow__active=True
        ).distinct()
        self.approvers = {task.pk: self._get_approvers(task) for task in tasks}

    @staticmethod
    def _get_approvers(task: GroupApprovalTask) -> Approvers:
        members = get_user_model().objects.filter(is_active=True, groups__in=task.groups.all())
        return Approvers(task, task.groups.count(), members.distinct().count())

    def find_orphans(self, before: "Responsibilities") -> list[PendingSchedule]:
        """Return the schedules whose author could publish them `before`, but no longer can."""
        publishable = {schedule.revision.pk for schedule in self.schedules}
        pending = {schedule.revision.pk for schedule in get_pending_schedules()}
        orphans = pending - publishable
        return [schedule for schedule in before.schedules if schedule.revision.pk in orphans]

    def find_refusals(self, before: "Responsibilities") -> list[tuple[str, str, str]]:
        """Return each reason why the change must not be made: (sentence, URL, text of a link)."""
        refusals = []
        if before.administrators and not self.administrators:
            refusals.append(
                (
                    "There would be no administrator after this change. Make somebody else an "
                    "administrator first.",
                    reverse("wagtailusers_users:index"),
                    "Users",
                )
            )
        if before.publishers and not self.publishers:
            refusals.append(
                (
                    "Nobody could publish pages after this change. Give somebody else that "
                    "permission first.",
                    reverse("wagtailusers_users:index"),
                    "Users",
                )
            )
        for key, approvers in self.approvers.items():
            earlier = before.approvers.get(key)
            lost_group = earlier and earlier.groups and not approvers.groups
            lost_everybody = (
                earlier and earlier.members and not approvers.members and not self.administrators
            )
            if lost_group or lost_everybody:
                refusals.append(
                    (
                        f"Nobody could approve pages in “{approvers.task}” after this change. "
                        "First choose another group for it, or add somebody to its group.",
                        reverse("wagtailadmin_workflows:edit_task", args=[key]),
                        f"Edit “{approvers.task}”",
                    )
                )
        return refusals

    def find_warnings(self, before: "Responsibilities") -> list[str]:
        """Return sentences about what only administrators could do after the change."""
        warnings = []
        if before.publishers - before.administrators and not self.publishers - self.administrators:
            warnings.append(
                "Only administrators can publish pages now. Add somebody to a group that can "
                "publish."
            )
        for key, approvers in self.approvers.items():
            earlier = before.approvers.get(key)
            if earlier and earlier.members and not approvers.members:
                warnings.append(
                    f"Only administrators can approve pages in “{approvers.task}” now. Add "
                    "somebody to its group."
                )
        return warnings


class AccountGuardMiddleware:
    """Middleware: ask about pending schedules; refuse to lose the last publisher or approver."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response; `process_view` handles requests that change accounts."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return the guarded response of a view that changes accounts; None for all others."""
        if request.method != "POST" or not _changes_accounts(request, kwargs):
            return None
        try:
            return self._guard(request, view, args, kwargs)
        except Exception as error:
            # Django does not call `process_exception` for a view that is called here.
            if (answer := answer_error(request, error)) is None:
                raise
            return answer

    def _guard(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return the response of `view`; or undo what it did and return a question or refusal."""
        with transaction.atomic():
            before = Responsibilities()
            errors = _apply_decisions(request, before.schedules)
            response = view(request, *args, **kwargs)
            after = Responsibilities()
            orphans = after.find_orphans(before)
            refusals = after.find_refusals(before)
            if not (orphans or refusals or errors):
                for warning in after.find_warnings(before):
                    messages.warning(request, warning)
                return response
            transaction.set_rollback(True)
        # The view has said that it succeeded.
        discard_messages(request)
        return _render_questions(request, orphans, refusals, errors)


def _changes_accounts(request: HttpRequest, kwargs: dict[str, Any]) -> bool:
    match = request.resolver_match
    if match is None:
        return False
    if match.url_name == "wagtail_bulk_action":
        model = (kwargs.get("app_label"), kwargs.get("model_name"))
        meta = get_user_model()._meta
        return model == (meta.app_label, meta.model_name)
    return any((namespace, match.url_name) in ACCOUNT_VIEWS for namespace in match.namespaces)


def _apply_decisions(request: HttpRequest, schedules: list[PendingSchedule]) -> list[str]:
    """Confirm or cancel what the form says; return sentences about what could not be."""
    errors = []
    for schedule in schedules:
        decision = request.POST.get(schedule.field_name)
        if decision not in ("confirm", "cancel"):
            continue
        if not schedule.may_be_decided_by(request.user):
            errors.append(f"You do not have permission to publish “{schedule.title}”.")
        elif decision == "cancel":
            schedule.cancel(request.user)
        else:
            try:
                schedule.confirm(request.user)
            except PublishingRefused as refusal:
                errors.append(f"The schedule of “{schedule.title}” cannot be confirmed. {refusal}")
    return errors


def _render_questions(
    request: HttpRequest,
    orphans: list[PendingSchedule],
    refusals: list[tuple[str, str, str]],
    errors: list[str],
) -> HttpResponseBase:
    names = {schedule.field_name for schedule in orphans} | {"csrfmiddlewaretoken"}
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in names
        for value in values
    ]
    context = {
        "schedules": [(row, row.may_be_decided_by(request.user)) for row in orphans],
        "may_continue": not refusals
        and all(row.may_be_decided_by(request.user) for row in orphans),
        "refusals": refusals,
        "errors": errors,
        "fields": fields,
    }
    return TemplateResponse(request, "scheduling/confirm_schedules.html", context).render()
