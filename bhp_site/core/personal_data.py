"""Answers to people who ask what the site stores about them, or that it be deleted.

Each app that stores personal data registers a source, which finds it by an e-mail address. Readers
of a draft leave only a name: their source finds comments by that.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import HttpResponse

from .text.spreadsheets import build_csv_response, write_table

Record = dict[str, Any]
CSV_COLUMNS = ("Where", "Record", "Field", "Value")


@dataclass(frozen=True)
class PersonalDataSource:
    """A part of the site that stores personal data, with functions to find and delete it."""

    name: str
    # Return all that is stored about a person, by their address.
    collect: Callable[[str], list[Record]]
    # Delete it; return how many records were deleted or emptied.
    delete: Callable[[str], int]
    # What a deletion leaves, and why.
    kept: str = ""


@dataclass(frozen=True)
class Deletion:
    """The result of a deletion in one source: how much was deleted, and what is left."""

    source: PersonalDataSource
    count: int
    left: list[Record]


sources: list[PersonalDataSource] = []


def collect_data(address: str) -> dict[str, list[Record]]:
    """Return what is stored about the person with `address`, by the names of the sources."""
    address = address.strip()
    data = {source.name: source.collect(address) for source in sources} if address else {}
    return {name: records for name, records in data.items() if records}


@transaction.atomic
def delete_data(address: str) -> list[Deletion]:
    """Delete what is stored about the person with `address`; return what was done."""
    address = address.strip()
    if not address:
        return []
    counts = [(source, source.delete(address)) for source in sources]
    done = [Deletion(source, count, source.collect(address)) for source, count in counts]
    return [deletion for deletion in done if deletion.count or deletion.left]


def build_data_response(name: str, data: Mapping[str, Any]) -> HttpResponse:
    """Return a response that downloads `data` as the JSON file `name`, indented to be read."""
    response = HttpResponse(write_json(data), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write_json(data: Mapping[str, Any]) -> str:
    """Return `data` as JSON, indented to be read."""
    return json.dumps(data, indent=2, ensure_ascii=False, cls=DjangoJSONEncoder)


def write_csv(data: Mapping[str, list[Record]]) -> str:
    """Return `data` as CSV with a row for each value; no cell is a formula."""
    output = io.StringIO()
    write_table(output, CSV_COLUMNS, _iter_rows(data))
    return output.getvalue()


def build_data_csv_response(name: str, data: Mapping[str, list[Record]]) -> HttpResponse:
    """Return a response that downloads `data` as the CSV file `name`."""
    return build_csv_response(name, CSV_COLUMNS, _iter_rows(data))


def _iter_rows(data: Mapping[str, list[Record]]) -> Iterator[tuple[str, int, str, str]]:
    """Yield the cells of each row of the CSV."""
    for name, records in data.items():
        for number, record in enumerate(records, start=1):
            for field, value in _flatten(record):
                yield name, number, field, value


def _flatten(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each value within `value`, names joined by a full stop."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flatten(part, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list):
        for number, part in enumerate(value, start=1):
            yield from _flatten(part, f"{field}.{number}")
    elif value not in (None, ""):
        yield field, str(value)
