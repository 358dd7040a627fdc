"""Tables for spreadsheets: CSV as RFC 4180 has it, with what spreadsheets want besides."""

import csv
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

# A spreadsheet would take a cell that begins so for a formula.
FORMULA_PREFIXES = ("=", "+", "-", "@", "\t", "\r")


def build_csv_response(
    name: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]
) -> HttpResponse:
    """Return a response that downloads the table as the file `name`: CSV in UTF-8 with a BOM.

    Cells that a spreadsheet would run as a formula get an apostrophe in front.
    """
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    write_table(response, columns, rows)
    return response


def write_table(output: Any, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Write the table as CSV to `output`, a file of text; no cell is a formula."""
    writer = csv.writer(output)
    writer.writerow(columns)
    writer.writerows([escape_formula(value) for value in row] for row in rows)


def escape_formula(value: Any) -> Any:
    """Return `value` with an apostrophe in front if a spreadsheet would take it for a formula."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_PREFIXES)
    return f"'{value}" if is_formula else value
