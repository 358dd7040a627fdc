import json
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
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
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import ResolverMatch
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.admin import messages
from wagtail.models import Page, Site, TaskState

from .admin_errors import answer_error, get_previous_url
from .caching import until_changed
from .characters import clean_form_value
from .models import SiteSettings
from .page_forms import SCHEDULE
from .publishing import PublishingRefused, collect_notes
from .publishing_rules import get_edit_link, get_schedule_refusal
from .url_prefixes import ADMIN_PREFIX

View = Callable[..., HttpResponseBase]

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "payment",
        "usb",
    )
)

# Wagtail's views that publish, unpublish, move or delete pages and people, by URL namespace or
# name. To publish a new name of a person renames the person's page.
PUBLISHING = {
    "wagtailadmin_pages",
    "wagtailsnippets_partners_person",
    "wagtail_bulk_action",
    "wagtailadmin_workflows",
    "wagtailadmin_api",
}
# The views whose form holds a page's text, and the buttons of that form that may publish it.
EDITING = {"wagtailadmin_pages:add", "wagtailadmin_pages:edit"}
ACTS = ("action-publish", "action-workflow-action")
# What the script of a body's editor counts its blocks with.
COUNTED = re.compile(r"-(count|order)$")


class SecurityHeaders:
    """Headers Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class RefuseBadBytes:
    """Answer 400 to a NUL byte anywhere in an address: no database can hold or look for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "\0" in query or "%00" in query:
            return HttpResponseBadRequest("Bad request: the address holds a NUL byte.")
        return self.get_response(request)


class CleanForms:
    """Remove control characters from what forms send, before any form looks at it.

    `characters.clean_row` cleans what is saved; a form must not compare or look up anything else.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Replace `request.POST` where it holds unwanted characters."""
        if request.method != "POST":
            return None
        changed: dict[str, list[str]] = {}
        for name, values in request.POST.lists():
            # A password is compared letter by letter.
            cleaned = values if "password" in name else [clean_form_value(str(v)) for v in values]
            if cleaned != values:
                changed[name] = cleaned
        if changed:
            form = request.POST.copy()
            for name, cleaned in changed.items():
                form.setlist(name, cleaned)
            request.POST = form  # type: ignore[assignment]
        return None


class CompressText(GZipMiddleware):
    """Compress pages and feeds; leave files alone, whose bytes, length and ranges are promised."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        if response.streaming:
            return response
        return super().process_response(request, response)


class CurrentSite:
    """Gives every request the site and its home page without asking the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Where Wagtail looks first: `Site.find_for_request`.
        if site := until_changed("site", self.find):
            request._wagtail_site = site  # type: ignore[attr-defined]
        return self.get_response(request)

    @staticmethod
    def find() -> Site | None:
        """The one site, with its home page as the page type it is."""
        site = Site.objects.select_related("root_page").filter(is_default_site=True).first()
        if site:
            home = site.root_page = site.root_page.specific
            home._known_unrestricted = not home.get_view_restrictions().exists()
        return site


def is_demonstration() -> bool:
    return SiteSettings.objects.filter(is_demonstration=True).exists()


class KeepOutOfSearch:
    """Keeps all of a demonstration out of search engines, its files, feeds and lists too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = response.status_code < HTTPStatus.BAD_REQUEST
        if found and until_changed("demonstration", is_demonstration):
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class AdminPolicy:
    """The admin's content security policy for everything under its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A preview is a page of the site that the editor shows in a frame of its own.
        if request.path.startswith(ADMIN_PREFIX) or getattr(request, "is_preview", False):
            response._csp_config = settings.ADMIN_CSP_DIRECTIVES  # type: ignore[attr-defined]
        return response


def _counts(name: str, form: QueryDict) -> bool:
    """Whether a field is the body's editor's own; a form may have an “order” to fill in, too."""
    return COUNTED.search(name) is not None and (
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
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if request.method != "POST" or match is None:
            return None
        if not PUBLISHING.intersection([*match.namespaces, match.url_name]):
            return None
        for name, value in request.POST.items():
            if _counts(name, request.POST) and not re.fullmatch(r"[0-9]{1,9}", str(value)):
                return HttpResponseBadRequest(f"Bad request: {name} must be a number.")
        if not _has_readable_comment(request.POST):
            return HttpResponseBadRequest("Bad request: the reviewer’s comment cannot be read.")
        try:
            with transaction.atomic(), collect_notes() as notes:
                _refuse_scheduled_page(match, kwargs)
                _refuse_unseen_changes(match, kwargs)
                response = view(request, *args, **kwargs)
        except MultiValueDictKeyError as missing:
            return HttpResponseBadRequest(f"Bad request: the form came without {missing.args[0]}.")
        except PublishingRefused as refusal:
            reason, buttons = str(refusal), [messages.button(*way) for way in refusal.ways]
        except Exception as error:
            # Django asks no `process_exception` about a view that is called here.
            if (answer := answer_error(request, error)) is None:
                raise
            return answer
        else:
            for note in notes:
                messages.warning(request, note)
            _explain_schedule(request, response)
            return response
        drop_messages(request)
        if "wagtailadmin_api" in match.namespaces:
            return JsonResponse({"detail": reason}, status=HTTPStatus.CONFLICT)
        if match.view_name not in EDITING:
            messages.error(request, reason, buttons)
            if request.headers.get("X-Requested-With") == "XMLHttpRequest":
                # A dialog's script, which goes where it is told; the message is shown there.
                return JsonResponse({"step": "success", "redirect": get_previous_url(request)})
            return redirect(get_previous_url(request))
        undone = "scheduled" if request.POST.get("action-publish") == SCHEDULE else "published"
        draft = request.POST.copy()
        for act in ACTS:
            draft.pop(act, None)
        request.POST = draft  # type: ignore[assignment]
        with transaction.atomic():
            response = view(request, *args, **kwargs)
        messages.error(request, f"Saved, but not {undone}. {reason}", buttons)
        return response


def _explain_schedule(request: HttpRequest, response: HttpResponseBase) -> None:
    """Say what is wrong with a schedule, whose fields are in a dialog that is closed."""
    form = (getattr(response, "context_data", None) or {}).get("form")
    for name in ("go_live_at", "expire_at"):
        for error in form.errors.get(name, ()) if form else ():
            messages.error(request, f"Schedule: {error}")


def drop_messages(request: HttpRequest) -> None:
    """Forget what this request was going to say, because its changes were undone."""
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
                f"“{page.title}” was not approved. It was changed after it was submitted. Open it, "
                "look at the changes and approve it there.",
                [get_edit_link(page)],
            )
