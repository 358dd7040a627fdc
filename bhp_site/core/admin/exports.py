"""Exports of the admin's listings and reports: no cell of them is a formula.

Wagtail writes formulas of XLSX files as text, but those of CSV files as they are. Views are written
by Wagtail and its packages, so the mixin they share is changed, and not each of them.
"""

from typing import Any

from wagtail.admin.views.mixins import SpreadsheetExportMixin

from bhp_site.core.text.spreadsheets import escape_formula

preprocess_field_value = SpreadsheetExportMixin.preprocess_field_value


def preprocess_safely(view: Any, field: str, value: Any, export_format: str) -> Any:
    """Return the cell for `value` as Wagtail does, escaped in CSV files."""
    cell = preprocess_field_value(view, field, value, export_format)
    return escape_formula(cell) if export_format == view.FORMAT_CSV else cell


def escape_exports() -> None:
    """Escape formulas in all CSV exports of the admin."""
    SpreadsheetExportMixin.preprocess_field_value = preprocess_safely
