"""Characters that no text of the site may hold: control characters and what is no character at all.

PowerPoint writes a vertical tab for a line break, other programs write other control characters.
XML 1.0 (2.2) cannot hold them, so one of them in a title would break a feed. They are removed from
every form and from every row that is saved; writers of XML and JSON remove them once more, for rows
that were written before or past Django.
"""

import json
import re
from typing import Any

from django.db import models
from django.db.models.signals import pre_save
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

# Vertical tab, form feed, the separators of records, and “next line”: they divide text.
DIVIDERS = "\x0b\x0c\x1c-\x1f\x85"
# Other control characters but tab and line breaks; halves of surrogate pairs; noncharacters.
OTHERS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
DIVIDER = re.compile(f"[{DIVIDERS}]")
OTHER = re.compile(f"[{OTHERS}]")
UNWANTED = re.compile(f"[{DIVIDERS}{OTHERS}]")
LINE_BREAKS = re.compile(r"\s*[\t\r\n]\s*")
# Spaces and what is not drawn at all, such as a zero-width space or a mark of direction.
INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]+"
)

# Apps whose rows hold no text of an editor.
SKIPPED_APPS = {"admin", "auth", "contenttypes", "migrations", "sessions", "wagtailsearch"}


def clean_text(text: str) -> str:
    """Return `text` without unwanted characters; those that separate lines become line breaks."""
    if not UNWANTED.search(text):
        return text
    return OTHER.sub("", DIVIDER.sub("\n", text))


def clean_line(text: str) -> str:
    """Return `text` in one line, without unwanted characters."""
    return LINE_BREAKS.sub(" ", clean_text(text))


def clean_value(value: Any) -> Any:
    """Return `value` with all strings in it, however deep, cleaned by `clean_text`."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_value(key): clean_value(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(clean_value(part) for part in value) if value else value
    return value


def clean_form_value(value: str) -> str:
    """Return the cleaned value of a form field; the rich-text editor sends its text as JSON."""
    if "\\u" in value and value.startswith(("{", "[")):
        try:
            data = json.loads(value)
        except ValueError:
            return clean_text(value)
        cleaned = clean_value(data)
        return value if cleaned == data else json.dumps(cleaned)
    return clean_text(value)


def is_invisible(text: str) -> bool:
    """Return True if `text` has no visible character."""
    return not INVISIBLE.sub("", clean_text(text))


def clean_row(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Clean every text field of a row that is saved in any way.

    Receiver of `pre_save`.
    """
    if sender._meta.app_label in SKIPPED_APPS:
        return
    for field in sender._meta.concrete_fields:
        # What has not been loaded is not written either.
        value = instance.__dict__.get(field.attname)
        if value is not None and (cleaned := _clean_field(field, value)) is not value:
            setattr(instance, field.attname, cleaned)


def _clean_field(field: Any, value: Any) -> Any:
    """Return `value` itself where there is nothing to clean."""
    if isinstance(field, StreamField):
        return _clean_stream(value)
    if isinstance(field, models.CharField) and isinstance(value, str):
        cleaned = clean_line(value)
    elif isinstance(field, models.TextField | models.JSONField):
        cleaned = clean_value(value)
    else:
        return value
    return value if cleaned == value else cleaned


def _clean_stream(value: Any) -> Any:
    if not isinstance(value, StreamValue):
        return value
    raw = list(value.raw_data)
    cleaned = clean_value(raw)
    return value if cleaned == raw else StreamValue(value.stream_block, cleaned, is_lazy=True)


def connect() -> None:
    """Connect the receiver for every row that is saved; called when the app is ready."""
    pre_save.connect(clean_row, dispatch_uid="clean-row")
