"""Every address of the admin, from the URL configuration, and requests to one."""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from wagtail.admin.views.bulk_action.registry import bulk_action_registry

from ..admin.test_hostile_requests import fill, iter_routes

API_ACTIONS = ("copy", "convert_alias", "create_alias", "delete", "publish", "unpublish", "move")
WORKFLOW_ACTIONS = ("approve", "reject")
# Parts of addresses for which each of these values has an entry of its own.
ACTION_VALUES = {
    "<str:action_name>": API_ACTIONS,
    "<slug:action_name>": WORKFLOW_ACTIONS,
}
# A part of an address that is written as a regular expression.
NAMED_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
BULK = "bulk/<str:app_label>/<str:model_name>/<str:action>/"
# Rows that say nothing about a permission: the session, who edits, attempts, and logs.
INCIDENTAL_TABLES = re.compile(
    r'"(django_session|wagtailadmin_editingsession|wagtailusers_userprofile|sign_in_\w+|wagtailsearch\w*|search_\w+)"'
)
# A script that is neither a file nor data, also inside of JSON, where a quotation mark is escaped.
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*(?:\bsrc=|type=\\?[\"']application/(?:ld\+)?json))[^>]*>"
    r"|<[^>]*\s(?:on[a-z]+=|href=\\?[\"']javascript:)",
    re.IGNORECASE,
)
WRITING = re.compile(r"(INSERT|UPDATE|DELETE)\b")


def list_routes() -> list[str]:
    """Return the route of each address of the admin below “/admin/”, with a row for each action."""
    admin = next(one for one in get_resolver().url_patterns if str(one.pattern) == "admin/")
    routes = {expanded for route in iter_routes(admin) for expanded in _expand(route)}
    return sorted(routes - {"^.*/$"})


def _expand(route: str) -> Iterator[str]:
    if route == BULK:
        bulk_action_registry._scan_for_bulk_actions()
        for app, models in bulk_action_registry.actions.items():
            for model, actions in models.items():
                yield from (f"bulk/{app}/{model}/{action}/" for action in actions)
        return
    part = next((part for part in ACTION_VALUES if part in route), None)
    if part is None:
        yield route
    else:
        yield from (route.replace(part, value) for value in ACTION_VALUES[part])


def get_address(route: str, objects: dict[str, dict[str, Any]]) -> str:
    """Return the address of `route` for `objects`, by the beginnings of the routes they are for."""
    values: dict[str, Any] = {}
    for start in sorted(objects, key=len):
        if route.startswith(start):
            values |= objects[start]
    takes_ids = route.startswith("bulk/") or route.endswith("chosen-multiple/")
    query = f"?id={values['pk']}" if takes_ids else ""
    named = NAMED_GROUP.sub(r"<\1>", route)
    return f"/admin/{fill(named, values)}{query}"


def request(client: Client, method: str, address: str, marker: str = "") -> str:
    """Send a request whose changes are undone, and return the letter of what came back.

    “x” if the response has a script that the content security policy forbids,
    “w” if POST wrote something, “!” if the response has the `marker`, “r” for other responses,
    “-” for a refusal, “0” for “not found”, “.” if the method is not allowed, “5” for an error.
    """
    cookies = client.cookies.copy()
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            response = getattr(client, method.lower())(address)
        body = b"" if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies
    status = response.status_code
    if status >= 500:
        return "5"
    if INLINE_SCRIPT.search(body.decode(errors="replace")):
        return "x"
    if _is_refusal(response):
        return "-"
    if status in (404, 405):
        return {404: "0", 405: "."}[status]
    if marker and marker.encode() in body:
        return "!"
    # GET may store what it computes, such as a rendition.
    return "w" if method == "POST" and any(map(_writes, queries.captured_queries)) else "r"


def _is_refusal(response: Any) -> bool:
    """Return whether the response refuses: 403, a redirect to sign in, or to the dashboard."""
    target = response.get("Location", "").partition("?")[0]
    return response.status_code in (401, 403) or target in ("/admin/", "/admin/login/")


def _writes(query: dict[str, str]) -> bool:
    sql = query["sql"]
    return bool(WRITING.match(sql)) and not INCIDENTAL_TABLES.search(sql)
