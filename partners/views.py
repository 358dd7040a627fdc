"""The members as CSV and JSON at permanent URLs, for members' own annual reviews."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from bhp_site.core.caching.cacheable import cacheable
from bhp_site.core.text.spreadsheets import build_csv_response

from .membership import Member, get_members

COLUMNS = (
    "name",
    "short_name",
    "other_names",
    "former_names",
    "kind",
    "order",
    "joined_earliest",
    "joined_latest",
    "left_earliest",
    "left_latest",
    "website",
    "page",
)


def _build_record(member: Member, request: HttpRequest) -> dict[str, Any]:
    """Return a member as a dictionary with the keys in `COLUMNS`; None where a date is open."""
    joined, left = member.join_event, member.leave_event
    return {
        "name": member.name,
        "short_name": member.short_name,
        "other_names": list(member.other_names),
        "former_names": [
            {
                "name": event.former_name,
                "until_earliest": event.earliest,
                "until_latest": event.latest,
            }
            for event in member.events
            if event.former_name
        ],
        "kind": member.kind_name,
        "order": joined.order if joined else None,
        "joined_earliest": joined.earliest if joined else None,
        "joined_latest": joined.latest if joined else None,
        "left_earliest": left.earliest if left else None,
        "left_latest": left.latest if left else None,
        "website": member.website,
        "page": request.build_absolute_uri(member.url),
    }


def _format_cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(item["name"] if isinstance(item, dict) else item for item in value)
    return value


@require_safe
@cacheable()
def export_csv(request: HttpRequest) -> HttpResponse:
    """Return all members as CSV, a row each; lists are joined with “; ”."""
    records = (_build_record(member, request) for member in get_members())
    rows = ([_format_cell(record[column]) for column in COLUMNS] for record in records)
    return build_csv_response("bhp-members.csv", COLUMNS, rows)


@require_safe
@cacheable()
def export_json(request: HttpRequest) -> JsonResponse:
    """Return all members as JSON: one object with a list `members`."""
    return JsonResponse({"members": [_build_record(member, request) for member in get_members()]})
