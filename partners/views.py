"""The register as data, at addresses that stay: for members' own annual reviews."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from .register import Kind, Member, members

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
# A spreadsheet would take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _record(member: Member, request: HttpRequest) -> dict[str, Any]:
    """A member as data: dates as ISO 8601 bounds, None where a side is open."""
    left = next(iter(member.of(Kind.LEFT)[-1:]), None)
    joined = member.joined
    return {
        "name": member.name,
        "short_name": member.short_name,
        "other_names": list(member.other_names),
        "former_names": [{"name": name, "until": until} for name, until in member.former_names],
        "kind": member.kind_name,
        "order": joined.order if joined else None,
        "joined_earliest": joined.earliest if joined else None,
        "joined_latest": joined.latest if joined else None,
        "left_earliest": left.earliest if left else None,
        "left_latest": left.latest if left else None,
        "website": member.website,
        "page": request.build_absolute_uri(member.url),
    }


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(one["name"] if isinstance(one, dict) else one for one in value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


@require_safe
def register_csv(request: HttpRequest) -> HttpResponse:
    """One line a member (RFC 4180, UTF-8 with a mark for spreadsheets); lists part at “; ”."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="bhp-members.csv"'
    response.headers["Cache-Control"] = "public, no-cache"
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for member in members():
        record = _record(member, request)
        writer.writerow([_cell(record[column]) for column in COLUMNS])
    return response


@require_safe
def register_json(request: HttpRequest) -> JsonResponse:
    """The same as JSON: one object with a list `members`."""
    response = JsonResponse({"members": [_record(one, request) for one in members()]})
    response.headers["Cache-Control"] = "public, no-cache"
    return response
