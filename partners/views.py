"""The register as data, at addresses that stay: for members' own annual reviews."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from bhp_site.core.spreadsheets import csv_response
from bhp_site.core.storing import storable

from .register import Member, members

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


def _record(member: Member, request: HttpRequest) -> dict[str, Any]:
    """A member as data: dates as ISO 8601 bounds, None where a side is open."""
    joined, left = member.joined, member.left
    return {
        "name": member.name,
        "short_name": member.short_name,
        "other_names": list(member.other_names),
        "former_names": [
            {"name": one.former_name, "until_earliest": one.earliest, "until_latest": one.latest}
            for one in member.happenings
            if one.former_name
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


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join(one["name"] if isinstance(one, dict) else one for one in value)
    return value


@require_safe
@storable()
def register_csv(request: HttpRequest) -> HttpResponse:
    """One line a member; lists part at “; ”."""
    records = (_record(member, request) for member in members())
    rows = ([_cell(record[column]) for column in COLUMNS] for record in records)
    return csv_response("bhp-members.csv", COLUMNS, rows)


@require_safe
@storable()
def register_json(request: HttpRequest) -> JsonResponse:
    """The same as JSON: one object with a list `members`."""
    return JsonResponse({"members": [_record(one, request) for one in members()]})
