"""Tables of a tagged PDF as rows of text."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary

from bhp_site.pdf.objects import as_list, get_name, is_int
from bhp_site.pdf.structure import Element, StructureTree

MAX_SPAN = 50
MAX_ROWS = 2000
SPANS = "Some cells of this table reach over several rows or columns: compare it with page {page}."
RAGGED = "Not all rows of this table have as many cells: compare it with page {page}."
HEADS = "The headings of this table fill several rows: make one row of them."
LONG = "This table is very long, and only its beginning is here."


@dataclass
class ParsedTable:
    """The cells of a table; what is doubtful about them."""

    rows: list[list[str]] = field(default_factory=list)
    has_header: bool = False
    notes: list[str] = field(default_factory=list)


def attributes(tree: StructureTree, element: Element, owner: str) -> Iterator[Any]:
    """The attributes of an element that `owner` gives meaning to (ISO 32000-1, 14.7.5)."""
    node = element.node
    of_classes = (tree.classes.get(one) for one in as_list(node.get("/C")) if get_name(one))
    for group in (node.get("/A"), *of_classes):
        for one in as_list(group):
            if isinstance(one, Dictionary) and get_name(one.get("/O")) == owner:
                yield one


def get_attribute(tree: StructureTree, element: Element, owner: str, key: str) -> Any:
    return next((one.get(key) for one in attributes(tree, element, owner) if key in one), None)


def within(element: Element, kinds: tuple[str, ...], through: tuple[str, ...]) -> Iterator[Element]:
    """Elements of these kinds below, not looking into others than `through`."""
    stack = list(reversed(element.kids))
    while stack:
        one = stack.pop()
        if one.kind in kinds:
            yield one
        elif one.kind in through:
            stack.extend(reversed(one.kids))


GROUPS = ("THead", "TBody", "TFoot", "NonStruct", "Div", "Sect", "")


def get_rows(element: Element) -> list[list[Element]]:
    rows = within(element, ("TR",), GROUPS)
    return [list(within(row, ("TH", "TD"), ("NonStruct", "Div", ""))) for row in rows]


def read_table(
    tree: StructureTree, element: Element, words: Callable[[Element], str]
) -> ParsedTable:
    """The table as a grid: a cell that reaches further leaves empty ones."""
    found = ParsedTable()
    cells = [row for row in get_rows(element) if row]
    taken: dict[tuple[int, int], bool] = {}
    wide: list[int] = []
    for at, row in enumerate(cells[:MAX_ROWS]):
        texts: list[str] = []
        for cell in row:
            while taken.get((at, len(texts))):
                texts.append("")
            across, down = _span(tree, cell, "/ColSpan"), _span(tree, cell, "/RowSpan")
            if across > 1 or down > 1:
                _add_note(found, SPANS)
            for below in range(1, down):
                for beside in range(across):
                    taken[at + below, len(texts) + beside] = True
            texts += [words(cell), *([""] * (across - 1))]
        while taken.get((at, len(texts))):
            texts.append("")
        found.rows.append(texts)
        wide.append(len(texts))
    if len(set(wide)) > 1:
        _add_note(found, RAGGED)
        found.rows = [row + [""] * (max(wide) - len(row)) for row in found.rows]
    if len(cells) > MAX_ROWS:
        _add_note(found, LONG)
    heads = [all(cell.kind == "TH" for cell in row) for row in cells]
    found.has_header = bool(heads) and (heads[0] or _in_head(cells[0][0]))
    if len(cells) > 2 and sum(_in_head(row[0]) for row in cells) > 1:
        _add_note(found, HEADS)
    return found


def _add_note(found: ParsedTable, sentence: str) -> None:
    if sentence not in found.notes:
        found.notes.append(sentence)


def _span(tree: StructureTree, cell: Element, key: str) -> int:
    value = get_attribute(tree, cell, "Table", key)
    return min(max(value, 1), MAX_SPAN) if is_int(value) else 1


def _in_head(cell: Element) -> bool:
    return cell.is_within("THead")
