"""Read the figures of a chart from a small table, as an editor types or pastes it."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

MAX_CHARACTERS = 5_000
MAX_ROWS = 30
MAX_SERIES = 4
MAX_LABEL_CHARACTERS = 80
# More digits than this are no longer read by anybody: millions belong into the unit.
MAX_VALUE = 999_999_999
MAX_DECIMALS = 3

NUMBER = re.compile(r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]+))?")
YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
CURRENCIES = "£€$"
# What people type for a figure that nobody has.
MISSING = {"", "-", "–", "—", "n/a", "na", ".."}
EXAMPLE = "for example “Year, Patients”"


class InvalidFigures(ValueError):
    """The table cannot be drawn; the message tells the editor what to change."""


@dataclass(frozen=True)
class Series:
    """A column of figures with its name; None where there is no figure."""

    name: str
    values: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class Figures:
    """The figures of a chart: the heading and labels of its rows, and its series."""

    heading: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def values(self) -> list[Decimal]:
        """Return all figures that are there."""
        return [value for series in self.series for value in series.values if value is not None]

    @property
    def rows(self) -> Iterator[tuple[str, list[Decimal | None]]]:
        """Yield each label with its figures, one of each series; None where there is none."""
        columns = (series.values for series in self.series)
        for label, *values in zip(self.labels, *columns, strict=True):
            yield label, values


def parse_figures(text: str) -> Figures:
    """Return the figures in `text`: a line for each row, the names of the columns in the first.

    Columns are separated by tabs, as spreadsheets copy them, or by semicolons or commas. Raises
    InvalidFigures.
    """
    if len(text) > MAX_CHARACTERS:
        raise InvalidFigures(
            f"This table is too long for a chart: use at most {MAX_ROWS} rows, and offer the whole "
            "table as a document."
        )
    head, *rows = _split_rows(text) or [[]]
    _check_head(head)
    if not rows:
        raise InvalidFigures("Add a line for each row below the names of the columns.")
    if len(rows) > MAX_ROWS:
        raise InvalidFigures(f"A chart has at most {MAX_ROWS} rows; this table has {len(rows)}.")
    parsed = [_parse_row(row, number, head) for number, row in enumerate(rows, 2)]
    columns = zip(*(values for _, values in parsed), strict=True)
    series = tuple(Series(name, values) for name, values in zip(head[1:], columns, strict=True))
    for one in series:
        if all(value is None for value in one.values):
            raise InvalidFigures(f"The column “{one.name}” has no figures.")
    return Figures(head[0], tuple(label for label, _ in parsed), series)


def _split_rows(text: str) -> list[list[str]]:
    """Return the cells of each line that is not empty."""
    lines = [line for line in text.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    separator = next((mark for mark in "\t;" if mark in first), ",")
    try:
        rows = list(csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise InvalidFigures(
            "A quotation mark in this table is not closed. Remove it, or close it."
        ) from error
    # A spreadsheet copies the empty cells on the right too.
    width = max((_count_filled(row) for row in rows), default=0)
    return [[" ".join(cell.split()) for cell in row][:width] for row in rows]


def _count_filled(row: list[str]) -> int:
    return max((number for number, cell in enumerate(row, 1) if cell.strip()), default=0)


def _check_head(head: list[str]) -> None:
    """Raise InvalidFigures unless the first line names two or more columns."""
    if len(head) < 2:
        raise InvalidFigures(
            f"The first line names the columns, {EXAMPLE}. Separate columns with commas, or paste "
            "cells from a spreadsheet."
        )
    if len(head) > MAX_SERIES + 1:
        raise InvalidFigures(
            f"A chart has at most {MAX_SERIES} columns of figures; this table has {len(head) - 1}."
        )
    names = head[1:]
    if not all(names) or len({*names}) < len(names):
        raise InvalidFigures("Give each column of figures a name of its own in the first line.")
    for name in head:
        _check_label(name)
    if any(NUMBER.fullmatch(name) and not YEAR.fullmatch(name) for name in names):
        raise InvalidFigures(f"The first line names the columns, {EXAMPLE}. It has a number.")


def _check_label(label: str) -> None:
    if len(label) > MAX_LABEL_CHARACTERS:
        raise InvalidFigures(
            f"“{label[:40]}…” is too long: use at most {MAX_LABEL_CHARACTERS} characters."
        )


def _parse_row(
    row: list[str], number: int, head: list[str]
) -> tuple[str, tuple[Decimal | None, ...]]:
    """Return label and figures of the line with this `number`."""
    if len(row) > len(head):
        raise InvalidFigures(
            f"Line {number} has {len(row)} columns, but the first line names {len(head)}. If a "
            "number has a comma in it, separate the columns with semicolons instead."
        )
    label, *cells = row + [""] * (len(head) - len(row))
    if not label:
        raise InvalidFigures(f"Line {number} has no name in its first column.")
    _check_label(label)
    return label, tuple(
        _parse_number(cell, number, name) for name, cell in zip(head[1:], cells, strict=True)
    )


def _parse_number(cell: str, line: int, column: str) -> Decimal | None:
    """Return the number in a cell, with or without its unit; None for a missing one."""
    if cell.casefold() in MISSING:
        return None
    plain = cell.replace("−", "-").replace("–", "-").replace(" ", "")
    sign = "-" if plain.startswith("-") else ""
    plain = sign + plain.removeprefix("-").lstrip(CURRENCIES).removesuffix("%")
    match = NUMBER.fullmatch(plain)
    if match is None:
        raise InvalidFigures(
            f"Line {line}, “{column}”: “{cell[:40]}” is not a number. Type it as 1250 or 12.5, and "
            "leave the cell empty if there is no figure."
        )
    value = Decimal(plain.replace(",", ""))
    if abs(value) > MAX_VALUE:
        raise InvalidFigures(
            f"Line {line}, “{column}”: {cell[:40]} is too large to read. Type it in thousands or "
            "millions, and say so in the unit."
        )
    if len(match[1] or "") > MAX_DECIMALS:
        raise InvalidFigures(
            f"Line {line}, “{column}”: {cell[:40]} has more than {MAX_DECIMALS} decimal places. "
            "Round it."
        )
    return value


@dataclass(frozen=True)
class Unit:
    """The unit of the figures: `prefix` and `suffix` of each number, or `words` for all of them."""

    prefix: str = ""
    suffix: str = ""
    words: str = ""

    def format(self, value: Decimal) -> str:
        """Return a number for readers: “−£1,250m”."""
        sign = "−" if value < 0 else ""
        return f"{sign}{self.prefix}{abs(value):,f}{self.suffix}"


def parse_unit(text: str) -> Unit:
    """Return the unit that an editor has typed: “%”, “£”, “£m”, “km” or “patients”."""
    text = " ".join(text.split())
    if text.startswith(tuple(CURRENCIES)) and len(text) <= 3:
        return Unit(prefix=text[0], suffix=text[1:])
    if text == "%":
        return Unit(suffix=text)
    return Unit(words=text)
