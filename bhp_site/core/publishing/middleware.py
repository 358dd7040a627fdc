"""Run the admin's requests that publish in one transaction, and explain what is refused."""

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.messages.storage import default_storage
from django.db import transaction
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    JsonResponse,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin import messages
from wagtail.models import Page, TaskState

from bhp_site.core.admin.errors import answer_error, get_previous_url
from bhp_site.core.page_forms import SCHEDULE_ACTION

from .publication import PublishingRefused, collect_notes
from .rules import get_edit_link, get_schedule_refusal
from .second_person import REASON_FIELD, go_ahead

View = Callable[..., HttpResponseBase]

# Wagtail's views that publish, unpublish, move or delete pages and people, by URL namespace or
# name. To publish a new name of a person renames the person's page.
PUBLISHING_VIEWS = {
    "wagtailadmin_pages",
    "wagtailsnippets_partners_person",
    "wagtail_bulk_action",
    "wagtailadmin_workflows",
    "wagtailadmin_api",
    # The screen of a release, in `bhp_site.press_releases`.
    "release",
}
# The views whose form holds the text of a page or person, and the buttons of that form that may
# publish it.
EDIT_VIEWS = {
    "wagtailadmin_pages:add",
    "wagtailadmin_pages:edit",
    "wagtailsnippets_partners_person:add",
    "wagtailsnippets_partners_person:edit",
}
PUBLISH_BUTTONS = ("action-publish", "action-workflow-action")
# What the script of a body's editor counts its blocks with.
BLOCK_COUNTER = re.compile(r"-(count|order)$")


def _is_block_counter(name: str, form: QueryDict) -> bool:
    """Return True if a form field is the admin's own; forms may have an “order” field of theirs."""
    return BLOCK_COUNTER.search(name) is not None and (
        name.endswith("-count") or f"{name[:-5]}type" in form
    )


def _has_readable_comment(form: QueryDict) -> bool:
    """Return whether what comes with a reviewer's decision is a comment and nothing else."""
    try:
        extra = json.loads(form.get("workflow-action-extra-data", "{}"))
    except ValueError:
        return False
    return (
        isinstance(extra, dict)
        and extra.keys() <= {"comment"}
        and all(isinstance(comment, str) and "\0" not in comment for comment in extra.values())
    )


class PublishInOneTransaction:
    """Run the admin's page views that change something in one transaction.

    Wagtail saves a page, sends its signals and writes its log one after the other, so that a
    failure in between leaves a page live without its log entry, or an announcement without its
    quotes. Uploads are left alone: reading a file must not hold the database's write lock.

    What cannot be published is undone as a whole. Where it came with a text, that is sent through
    the same form again as a draft, so that nothing the editor has written is lost.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response; `process_view` handles requests that publish."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Return the view's response, or one that names the reason why nothing was published.

        None for requests that this middleware does not handle. A malformed form gets a 400
        response.
        """
        match = request.resolver_match
        if request.method != "POST" or match is None:
            return None
        if not PUBLISHING_VIEWS.intersection([*match.namespaces, match.url_name]):
            return None
        for name, value in request.POST.items():
            if _is_block_counter(name, request.POST) and not re.fullmatch(
                r"[0-9]{1,9}", str(value)
            ):
                return HttpResponseBadRequest(f"Bad request: {name} must be a number.")
        if not _has_readable_comment(request.POST):
            return HttpResponseBadRequest("Bad request: the reviewer’s comment cannot be read.")
        try:
            with transaction.atomic(), go_ahead(_get_reason(request)), collect_notes() as notes:
                _refuse_scheduled_page(match, kwargs)
                _refuse_unseen_changes(match, kwargs)
                response = view(request, *args, **kwargs)
        except MultiValueDictKeyError as missing:
            return HttpResponseBadRequest(f"Bad request: the form came without {missing.args[0]}.")
        except PublishingRefused as refusal:
            reason, buttons = str(refusal), [messages.button(*way) for way in refusal.ways]
        except Exception as error:
            # Django does not call `process_exception` for a view that is called here.
            if (answer := answer_error(request, error)) is None:
                raise
            return answer
        else:
            for note in notes:
                messages.warning(request, note)
            _explain_schedule(request, response)
            return response
        discard_messages(request)
        if "wagtailadmin_api" in match.namespaces:
            return JsonResponse({"detail": reason}, status=HTTPStatus.CONFLICT)
        if match.view_name not in EDIT_VIEWS:
            messages.error(request, reason, buttons)
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":
                # A dialog's script follows the redirect in the JSON; the message is shown there.
                return JsonResponse({"step": "success", "redirect": get_previous_url(request)})
            return redirect(get_previous_url(request))
        undone = (
            "scheduled" if request.POST.get("action-publish") == SCHEDULE_ACTION else "published"
        )
        draft = request.POST.copy()
        for act in PUBLISH_BUTTONS:
            draft.pop(act, None)
        request.POST = draft  # type: ignore[assignment]
        with transaction.atomic():
            response = view(request, *args, **kwargs)
        messages.error(request, f"Saved, but not {undone}. {reason}", buttons)
        return response


def _get_reason(request: HttpRequest) -> str:
    """Return the reason for going ahead without a second person: a field, or an approval's comment.

    An approval has one text, which is both.
    """
    form = request.POST
    if reason := form.get(REASON_FIELD, "").strip():
        return reason
    if form.get("workflow-action-name") == "approve":
        extra = json.loads(form.get("workflow-action-extra-data") or "{}")
        return str(extra.get("comment", "")).strip()
    match = request.resolver_match
    is_approval = match and match.kwargs.get("action_name") == "approve"
    return form.get("comment", "").strip() if is_approval else ""


def _explain_schedule(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say what is wrong with a schedule, whose fields are in a dialog that is closed."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    for name in ("go_live_at", "expire_at"):
        for error in form.errors.get(name, ()) if form else ():
            messages.error(request, f"Schedule: {error}")


def discard_messages(request: HttpRequest) -> None:
    """Discard the messages that this request has added, because its changes were rolled back."""
    request._messages = default_storage(request)  # type: ignore[attr-defined]


def _refuse_scheduled_page(match: ResolverMatch, kwargs: dict[str, Any]) -> None:
    """Refuse to publish a scheduled page through the admin's API, which looks at no lock."""
    if "wagtailadmin_api" in match.namespaces and kwargs.get("action_name") == "publish":
        page = Page.objects.filter(pk=kwargs["pk"]).first()
        if page and (refusal := get_schedule_refusal(page)):
            raise refusal


def _refuse_unseen_changes(match: ResolverMatch, kwargs: dict[str, Any]) -> None:
    """Refuse to approve a page in a list where it was changed since it was submitted.

    The list offers what was submitted to be looked at; what is published is the latest draft.
    """
    if match.url_name == "workflow_action" and kwargs.get("action_name") == "approve":
        state = TaskState.objects.filter(pk=kwargs["task_state_id"]).first()
        page = Page.objects.filter(pk=kwargs.get("page_id")).first()
        if page and state and page.latest_revision_id != state.revision_id:
            raise PublishingRefused(
                f"“{page.title}” was not approved, because it was changed after it was submitted. "
                "Open it, check the changes and approve it there.",
                [get_edit_link(page)],
            )
