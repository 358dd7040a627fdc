"""Checks tables, lists and tables of contents (ISO 32000-1, 14.8.4): nesting, grid, headers."""

from typing import Any

from pikepdf import Dictionary

from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.objects import as_list, get_name, get_text, is_int
from bhp_site.pdf.structure import Element, StructureTree

MAX_GRID_CELLS = 50_000  # of one table
CELLS = ("TH", "TD")
SECTIONS = ("THead", "TBody", "TFoot")
# The elements that each must be directly within.
ALLOWED_PARENTS = {
    "TR": {"Table", *SECTIONS},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
} | {part: {"Table"} for part in SECTIONS}
# The elements that each may hold.
ALLOWED_KIDS = {
    "Table": {"TR", "Caption", *SECTIONS},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
} | {part: {"TR"} for part in SECTIONS}
LISTS = {"L": "lists", "LI": "lists", "LBody": "lists", "TOC": "contents", "TOCI": "contents"}
NEUTRAL_TYPES = ("", "NonStruct", "Private")  # They say nothing about what they are.


def check_nesting(context: CheckContext, tree: StructureTree) -> None:
    """Check that the parts of tables, lists and tables of contents are in their places (7.2)."""
    for element in tree.elements:
        kind = element.kind
        code = LISTS.get(kind, "tables")
        parent = element.parent
        while parent and parent.kind == "NonStruct":
            parent = parent.parent
        allowed = ALLOWED_PARENTS.get(kind)
        if allowed and (not parent or parent.kind not in {*allowed, *NEUTRAL_TYPES}):
            context.add_finding(code, element.page)
        if kind in ALLOWED_KIDS:
            kids = [kid.kind for kid in element.kids]
            if any(
                kid not in {*ALLOWED_KIDS[kind], *NEUTRAL_TYPES} for kid in kids
            ) or has_misplaced_parts(kind, kids):
                context.add_finding(code, element.page)


def has_misplaced_parts(kind: str, kids: list[str]) -> bool:
    """Return True if a caption, header or footer is in the wrong place, or there are too many.

    `kind` is the type of the element, `kids` are those of its children.
    """
    captions = [place for place, kid in enumerate(kids) if kid == "Caption"]
    ends = {0, len(kids) - 1} if kind == "Table" else {0}
    if len(captions) > 1 or not ends.issuperset(captions):
        return True
    parts = [kids.count(part) for part in ("THead", "TFoot")]
    return kind == "Table" and (max(parts) > 1 or (sum(parts) > 0 and "TBody" not in kids))


def check_tables(context: CheckContext, tree: StructureTree) -> None:
    """Check that tables are regular and that their cells have headers (7.2 and 7.5)."""
    header_ids = {
        get_text(element.node.get("/ID")) for element in tree.elements if element.kind in CELLS
    }
    for element in tree.elements:
        if element.kind != "Table":
            continue
        context.check_deadline()
        table = TableGrid(get_rows(element), tree)
        if not table.is_regular:
            context.add_finding("table_irregular", element.page)
        if table.is_too_large:
            continue
        if table.has_grid and not table.headers and not table.has_header_references(header_ids):
            context.add_finding("no_table_headers", element.page)
        elif table.headers and table.has_cell_without_header(header_ids):
            context.add_finding("table_headers", element.page)


def get_rows(table: Element) -> list[Element]:
    """Return the rows of a table in reading order."""
    rows = []
    for kid in table.kids:
        rows += kid.kids if kid.kind in SECTIONS else [kid]
    return [row for row in rows if row.kind == "TR"]


class TableGrid:
    """The cells of a table on a grid, as their spans lay them out (ISO 32000-1, 14.8.5.7).

    `is_regular` is False if cells overlap, extend beyond the grid, or leave gaps. A table that is
    too large to be laid out is `is_too_large`, and the other attributes are not set. `has_grid`
    says that it has more than one row and column, and `places` are (cell, row, column) from 0.
    """

    def __init__(self, rows: list[Element], tree: StructureTree) -> None:
        self.classes, self.check_deadline = tree.classes, tree.context.check_deadline
        self.grid: dict[tuple[int, int], Element] = {}
        self.places: list[tuple[Element, int, int]] = []
        self.is_regular, self.is_too_large = True, False
        for row, element in enumerate(rows):
            if not self._lay_row(row, element):
                self.is_too_large = True
                return
        filled: dict[int, int] = {}
        for row, _ in self.grid:
            filled[row] = filled.get(row, 0) + 1
        width = 1 + max((column for _, column in self.grid), default=-1)
        self.has_grid = width > 1 and len(filled) > 1
        self.headers = [place for place in self.places if place[0].kind == "TH"]
        if any(row >= len(rows) or count != width for row, count in filled.items()):
            self.is_regular = False
        if any(kid.kind not in CELLS for row in rows for kid in row.kids):
            self.is_regular = True  # what these are is not known

    def _lay_row(self, row: int, element: Element) -> bool:
        column = 0
        for cell in element.kids:
            if cell.kind not in CELLS:
                continue
            while (row, column) in self.grid:
                column += 1
            wide, high = self.get_span(cell, "/ColSpan"), self.get_span(cell, "/RowSpan")
            if len(self.grid) + wide * high > MAX_GRID_CELLS:
                return False
            self.places.append((cell, row, column))
            for place in ((row + y, column + x) for y in range(high) for x in range(wide)):
                if place in self.grid:
                    self.is_regular = False
                self.grid[place] = cell
            column += wide
        return True

    def get_span(self, cell: Element, key: str) -> int:
        """Return how many rows or columns a cell spans; `key` is “/RowSpan” or “/ColSpan”."""
        value = self.get_attribute(cell, key)
        return value if is_int(value) and value > 0 else 1

    def get_attribute(self, cell: Element, key: str) -> Any:
        """Return a table attribute of a cell or its classes, None if unset (14.7.5)."""
        self.check_deadline()
        classes = [
            self.classes.get(f"/{class_name}")
            for class_name in map(get_name, as_list(cell.node.get("/C")))
        ]
        owned = as_list(cell.node.get("/A")) + [
            attributes for group in classes for attributes in as_list(group)
        ]
        for attributes in owned:
            if (
                isinstance(attributes, Dictionary)
                and attributes.get("/O") == "/Table"
                and key in attributes
            ):
                return attributes.get(key)
        return None

    def has_header_references(self, header_ids: set[str]) -> bool:
        """Return True if any cell refers to a header that exists."""
        return any(self.refers_to_header(cell, header_ids) for cell, _, _ in self.places)

    def refers_to_header(self, cell: Element, header_ids: set[str]) -> bool:
        """Return True if a cell refers to a header that exists."""
        names = [get_text(header) for header in as_list(self.get_attribute(cell, "/Headers"))]
        return any(header and header in header_ids for header in names)

    def has_cell_without_header(self, header_ids: set[str]) -> bool:
        """Return True if a cell has no header by ID, scope or place (ISO 32000-2, 14.8.4.8.3).

        Cells of the first row and column are left out: they may be titles, or empty corners.
        """
        rows, columns = set(), set()
        for cell, row, column in self.headers:
            scope = get_name(self.get_attribute(cell, "/Scope"))
            if scope in ("Row", "Both") or (not scope and column == 0):
                rows |= set(range(row, row + self.get_span(cell, "/RowSpan")))
            if scope in ("Column", "Both") or (not scope and row == 0):
                columns |= set(range(column, column + self.get_span(cell, "/ColSpan")))
        return any(
            cell.kind == "TD"
            and cell.has_content
            and row > 0
            and column > 0
            and not self.refers_to_header(cell, header_ids)
            and rows.isdisjoint(range(row, row + self.get_span(cell, "/RowSpan")))
            and columns.isdisjoint(range(column, column + self.get_span(cell, "/ColSpan")))
            for cell, row, column in self.places
        )
