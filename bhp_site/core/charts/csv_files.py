"""The figures of a chart as a CSV file."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify

from bhp_site.core.text.spreadsheets import build_csv_response

from .figures import parse_figures


def build_figures_response(value: Mapping[str, Any]) -> HttpResponse:
    """Return a response with the figures of the chart that a block's `value` describes.

    The unit is stated in the names of the columns. Raises InvalidFigures.
    """
    figures = parse_figures(value.get("figures") or "")
    unit = f" ({value['unit']})" if value.get("unit") else ""
    columns = [figures.heading, *(f"{series.name}{unit}" for series in figures.series)]
    name = slugify(value.get("title") or "")[:60].strip("-") or "figures"
    rows = ([label, *("" if n is None else n for n in numbers)] for label, numbers in figures.rows)
    return build_csv_response(f"{name}.csv", columns, rows)
