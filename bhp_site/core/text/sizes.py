"""Formats file sizes, and sets limits of uploads."""

from typing import Any

from django.template.defaultfilters import floatformat


def format_size(number: int | None) -> str:
    """Return a number of bytes as text in decimal units: “4 MB”, “1.2 MB”, “310 KB”."""
    if not number:
        return ""
    if number < 999_500:
        return f"{max(1, round(number / 1000))} KB"
    return f"{floatformat(round(number / 1_000_000, 1), -1)} MB"


def set_upload_limit(field: Any, max_bytes: int, hint: str, what_to_do: str) -> None:
    """Limit Wagtail's file `field` to `max_bytes`, with help text and error message of our own.

    `hint` begins the help text; `what_to_do` is the sentence after the error.
    """
    limit = format_size(max_bytes)
    field.max_upload_size = max_bytes
    field.help_text = f"{hint} At most {limit}.".strip()
    refusal = f"This file is larger than {limit}. {what_to_do}"
    # Wagtail fills the first one in with `%`.
    field.error_messages["file_too_large"] = refusal.replace("%", "%%")
    field.error_messages["file_too_large_unknown_size"] = refusal
