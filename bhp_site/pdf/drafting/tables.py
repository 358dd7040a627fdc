"""Reads the tables of a tagged PDF as rows of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary

from bhp_site.pdf.objects import as_list, get_name, is_int
from bhp_site.pdf.structure import Element, StructureTree

MAX_SPAN = 50
MAX_ROWS = 2000
HAS_SPANS = "Some cells of this table span several rows or columns. Compare it with page {page}."
UNEQUAL_ROWS = (
    "The rows of this table have different numbers of cells. Compare it with page {page}."
)
SEVERAL_HEADER_ROWS = "The headings of this table fill several rows. Combine them in one row."
TOO_LONG = "This table is very long. Only its beginning is here."


@dataclass
class ParsedTable:
    """The text of a table's cells by row, and notes on what to check."""

    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    notes: list[str] = field(default_factory=list)


def iterate_attributes(tree: StructureTree, element: Element, owner: str) -> Iterator[Any]:
    """Yield the attributes of an element and of its classes for one owner (ISO 32000-1, 14.7.5)."""
    node = element.node
    classes = (tree.classes.get(item) for item in as_list(node.get("/C")) if get_name(item))
    for group in (node.get("/A"), *classes):
        for item in as_list(group):
            if isinstance(item, Dictionary) and get_name(item.get("/O")) == owner:
                yield item


def get_attribute(tree: StructureTree, element: Element, owner: str, key: str) -> Any:
    """Return an attribute of an element, such as “/ColSpan” of the owner “Table”; None if unset."""
    return next(
        (item.get(key) for item in iterate_attributes(tree, element, owner) if key in item), None
    )


def iterate_descendants(
    element: Element, kinds: tuple[str, ...], through: tuple[str, ...]
) -> Iterator[Element]:
    """Yield descendants of these kinds that are below elements of the kinds `through` only."""
    stack = list(reversed(element.kids))
    while stack:
        item = stack.pop()
        if item.kind in kinds:
            yield item
        elif item.kind in through:
            stack.extend(reversed(item.kids))


GROUPS = ("THead", "TBody", "TFoot", "NonStruct", "Div", "Sect", "")


def get_rows(element: Element) -> list[list[Element]]:
    """Return the cells of a table by row, as they are tagged."""
    rows = iterate_descendants(element, ("TR",), GROUPS)
    return [list(iterate_descendants(row, ("TH", "TD"), ("NonStruct", "Div", ""))) for row in rows]


def read_table(
    tree: StructureTree, element: Element, read_cell: Callable[[Element], str]
) -> ParsedTable:
    """Return a table as a grid, in which a cell with spans is followed by empty cells.

    `read_cell` returns the text of a cell.
    """
    table = ParsedTable()
    cells = [row for row in get_rows(element) if row]
    occupied: dict[tuple[int, int], bool] = {}
    widths: list[int] = []
    for at, row in enumerate(cells[:MAX_ROWS]):
        texts: list[str] = []
        for cell in row:
            while occupied.get((at, len(texts))):
                texts.append("")
            across, down = _read_span(tree, cell, "/ColSpan"), _read_span(tree, cell, "/RowSpan")
            if across > 1 or down > 1:
                _add_note(table, HAS_SPANS)
            for row_offset in range(1, down):
                for column_offset in range(across):
                    occupied[at + row_offset, len(texts) + column_offset] = True
            texts += [read_cell(cell), *([""] * (across - 1))]
        while occupied.get((at, len(texts))):
            texts.append("")
        table.rows.append(texts)
        widths.append(len(texts))
    if len(set(widths)) > 1:
        _add_note(table, UNEQUAL_ROWS)
        table.rows = [row + [""] * (max(widths) - len(row)) for row in table.rows]
    if len(cells) > MAX_ROWS:
        _add_note(table, TOO_LONG)
    heads = [all(cell.kind == "TH" for cell in row) for row in cells]
    table.has_header = bool(heads) and (heads[0] or _is_in_head(cells[0][0]))
    if len(cells) > 2 and sum(_is_in_head(row[0]) for row in cells) > 1:
        _add_note(table, SEVERAL_HEADER_ROWS)
    return table


def _add_note(table: ParsedTable, sentence: str) -> None:
    if sentence not in table.notes:
        table.notes.append(sentence)


def _read_span(tree: StructureTree, cell: Element, key: str) -> int:
    value = get_attribute(tree, cell, "Table", key)
    return min(max(value, 1), MAX_SPAN) if is_int(value) else 1


def _is_in_head(cell: Element) -> bool:
    return cell.is_within("THead")
