"""Read a CSV file of people for the press list; nothing is stored before an editor agrees."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from bhp_site.core.text.spreadsheets import FORMULA_PREFIXES

from ..models import PressContact

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_LINE_CHARACTERS = 10_000
SEPARATORS = "\t;,"
# The names of columns in an export.
COLUMN_LABELS = {
    "name": "Name",
    "outlet": "Outlet",
    "email": "E-mail address",
    "source": "Source",
    "added_on": "Added on",
    "last_contact_on": "Last contact",
    "notes": "Notes",
}
# Names of columns in an import, in lower case and without punctuation, for each field.
COLUMN_NAMES = {
    "name": {"name", "full name", "contact", "contact name", "journalist"},
    "outlet": {"outlet", "organisation", "publication", "media outlet", "company"},
    "email": {"email", "e mail", "email address", "e mail address", "mail", "address"},
    "source": {"source"},
    "notes": {"notes", "note", "comments"},
}
# Fields whose text is shown to others, in e-mails and in tables.
SINGLE_LINE_FIELDS = ("name", "outlet", "email", "source")
NO_COLUMNS = (
    "The first line must name the columns, with at least “Name” and “E-mail address”. “Outlet”, "
    "“Source” and “Notes” are optional."
)


class ImportRefused(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass
class InvalidRow:
    """A line of the file that cannot be imported."""

    line: int
    text: str
    reason: str


@dataclass
class ImportPreview:
    """The effect of an import: people to add, people already known, and lines with problems."""

    new: list[PressContact] = field(default_factory=list)
    known: list[PressContact] = field(default_factory=list)
    invalid: list[InvalidRow] = field(default_factory=list)


def decode_file(data: bytes) -> str:
    """Return the text of a CSV file in UTF-8, UTF-16 with a mark, or Windows-1252.

    Raises ImportRefused.
    """
    if len(data) > MAX_BYTES:
        raise ImportRefused("This file is larger than 1 MB. Split it into smaller files.")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    for name in (encoding, "cp1252"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ImportRefused(
        "This is not a CSV file. In your spreadsheet, choose “Save as” and then “CSV UTF-8”."
    )


def build_preview(text: str, default_source: str) -> ImportPreview:
    """Return what importing the CSV `text` would do; raises ImportRefused.

    Rows without a source get `default_source`.
    """
    rows = _read_rows(text)
    columns = _find_columns(rows[0][1])
    contacts = {contact.email.lower(): contact for contact in PressContact.objects.all()}
    preview, seen = ImportPreview(), set[str]()
    for line, cells in rows[1:]:
        values = {name: cells[at] for name, at in columns.items() if at < len(cells)}
        values["source"] = values.get("source") or default_source
        email = values.get("email", "").lower()
        if email in contacts:
            preview.known.append(contacts[email])
        elif reason := _get_refusal(values, email in seen):
            preview.invalid.append(InvalidRow(line, ", ".join(filter(None, cells))[:100], reason))
        else:
            preview.new.append(PressContact(**values))
            seen.add(email)
    return preview


def save_new(preview: ImportPreview) -> int:
    """Store the new people of `preview`; return how many they are.

    Somebody whom another editor has added since the preview is left as they are.
    """
    before = PressContact.objects.count()
    PressContact.objects.bulk_create(preview.new, ignore_conflicts=True)
    return PressContact.objects.count() - before


def _read_rows(text: str) -> list[tuple[int, list[str]]]:
    """Return line number and cells of each row that is not empty, the names of columns first."""
    first = text.lstrip().partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = []
    try:
        for row in reader:
            cells = [_clean_cell(cell) for cell in row]
            if any(cells):
                rows.append((reader.line_num, cells))
            if len(rows) > MAX_ROWS + 1:
                raise ImportRefused(f"This file has more than {MAX_ROWS:,} rows. Split it.")
            if sum(map(len, row)) > MAX_LINE_CHARACTERS:
                raise ImportRefused(
                    f"Line {reader.line_num} is too long. Check that quotation marks are closed, "
                    "and shorten long notes."
                )
    except csv.Error as error:
        raise ImportRefused(
            f"Line {reader.line_num} cannot be read. Check that quotation marks are closed, then "
            "save the file as CSV again."
        ) from error
    if not rows:
        raise ImportRefused("This file is empty.")
    return rows


def _clean_cell(cell: str) -> str:
    """Return a cell without the apostrophe that our own export puts before formulas."""
    cell = "\n".join(" ".join(line.split()) for line in cell.strip().splitlines())
    is_guarded = cell[:1] == "'" and cell[1:].startswith(FORMULA_PREFIXES)
    return cell[1:] if is_guarded else cell


def _find_columns(names: Iterable[str]) -> dict[str, int]:
    """Return the position of each field's column; raises ImportRefused without name or address."""
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        plain = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
        for attribute, known_names in COLUMN_NAMES.items():
            if plain in known_names:
                columns.setdefault(attribute, at)
    if not {"name", "email"} <= columns.keys():
        raise ImportRefused(NO_COLUMNS)
    return columns


def _get_refusal(values: dict[str, str], is_repeated: bool) -> str:
    """Return why a row cannot be imported; "" if it can."""
    if is_repeated:
        return "This e-mail address is in the file twice."
    for name in SINGLE_LINE_FIELDS:
        if values.get(name, "").startswith(FORMULA_PREFIXES):
            return f"The {name} begins with “{values[name][0]}”, as a formula does."
        if "\n" in values.get(name, ""):
            return f"The {name} has more than one line."
    try:
        PressContact(**values).clean_fields()
    except ValidationError as error:
        return " ".join(
            f"{COLUMN_LABELS[name]}: {message}"
            for name, messages in error.message_dict.items()
            for message in messages
        )
    return ""
