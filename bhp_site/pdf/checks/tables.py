"""Tables, lists and tables of contents: what may stand in what (ISO 32000-1, 14.8.4)."""

from typing import Any

from pikepdf import Dictionary

from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.objects import as_list, get_name, get_text, is_int
from bhp_site.pdf.structure import Element, StructureTree

MAX_CELLS = 50_000  # places in the grid of one table
CELLS = ("TH", "TD")
SECTIONS = ("THead", "TBody", "TFoot")
# What must stand in one of these.
PARENTS = {
    "TR": {"Table", *SECTIONS},
    "TH": {"TR"},
    "TD": {"TR"},
    "LI": {"L"},
    "LBody": {"LI"},
    "TOCI": {"TOC"},
} | {part: {"Table"} for part in SECTIONS}
# What may hold nothing else.
KIDS = {
    "Table": {"TR", "Caption", *SECTIONS},
    "TR": {"TH", "TD"},
    "L": {"L", "LI", "Caption"},
    "LI": {"Lbl", "LBody"},
    "TOC": {"TOC", "TOCI", "Caption"},
} | {part: {"TR"} for part in SECTIONS}
LISTS = {"L": "lists", "LI": "lists", "LBody": "lists", "TOC": "contents", "TOCI": "contents"}
UNKNOWN = ("", "NonStruct", "Private")  # elements that say nothing about what they are


def check_nesting(context: CheckContext, tree: StructureTree) -> None:
    for element in tree.elements:
        kind = element.kind
        code = LISTS.get(kind, "tables")
        parent = element.parent
        while parent and parent.kind == "NonStruct":
            parent = parent.parent
        allowed = PARENTS.get(kind)
        if allowed and (not parent or parent.kind not in {*allowed, *UNKNOWN}):
            context.add_finding(code, element.page)
        if kind in KIDS:
            kids = [kid.kind for kid in element.kids]
            if any(kid not in {*KIDS[kind], *UNKNOWN} for kid in kids) or misplaced(kind, kids):
                context.add_finding(code, element.page)


def misplaced(kind: str, kids: list[str]) -> bool:
    """Whether a caption, head or foot stands at the wrong place, or too often."""
    captions = [place for place, kid in enumerate(kids) if kid == "Caption"]
    ends = {0, len(kids) - 1} if kind == "Table" else {0}
    if len(captions) > 1 or not ends.issuperset(captions):
        return True
    parts = [kids.count(part) for part in ("THead", "TFoot")]
    return kind == "Table" and (max(parts) > 1 or (sum(parts) > 0 and "TBody" not in kids))


def check_tables(context: CheckContext, tree: StructureTree) -> None:
    identities = {get_text(one.node.get("/ID")) for one in tree.elements if one.kind in CELLS}
    for element in tree.elements:
        if element.kind != "Table":
            continue
        context.check_deadline()
        table = Table(in_order(element), tree)
        if not table.regular:
            context.add_finding("table_irregular", element.page)
        if table.large:
            continue
        if table.wide and not table.headers and not table.names_headers(identities):
            context.add_finding("no_table_headers", element.page)
        elif table.headers and table.has_lost_cell(identities):
            context.add_finding("table_headers", element.page)


def in_order(table: Element) -> list[Element]:
    """The rows of a table as they are read."""
    rows = []
    for kid in table.kids:
        rows += kid.kids if kid.kind in SECTIONS else [kid]
    return [row for row in rows if row.kind == "TR"]


class Table:
    """The cells of a table on a grid, as their spans lay them out (14.8.5.7).

    `regular` is False where cells overlap, stick out, or leave gaps; a table too large to be laid
    out is `large`, and nothing is said of it.
    """

    def __init__(self, rows: list[Element], tree: StructureTree) -> None:
        self.classes, self.check_deadline = tree.classes, tree.context.check_deadline
        self.grid: dict[tuple[int, int], Element] = {}
        self.places: list[tuple[Element, int, int]] = []
        self.regular, self.large = True, False
        for row, element in enumerate(rows):
            if not self._lay_row(row, element):
                self.large = True
                return
        filled: dict[int, int] = {}
        for row, _ in self.grid:
            filled[row] = filled.get(row, 0) + 1
        width = 1 + max((column for _, column in self.grid), default=-1)
        self.wide = width > 1 and len(filled) > 1
        self.headers = [place for place in self.places if place[0].kind == "TH"]
        if any(row >= len(rows) or count != width for row, count in filled.items()):
            self.regular = False
        if any(kid.kind not in CELLS for row in rows for kid in row.kids):
            self.regular = True  # what these are is not known

    def _lay_row(self, row: int, element: Element) -> bool:
        column = 0
        for cell in element.kids:
            if cell.kind not in CELLS:
                continue
            while (row, column) in self.grid:
                column += 1
            wide, high = self.span(cell, "/ColSpan"), self.span(cell, "/RowSpan")
            if len(self.grid) + wide * high > MAX_CELLS:
                return False
            self.places.append((cell, row, column))
            for place in ((row + y, column + x) for y in range(high) for x in range(wide)):
                if place in self.grid:
                    self.regular = False
                self.grid[place] = cell
            column += wide
        return True

    def span(self, cell: Element, key: str) -> int:
        value = self.attribute(cell, key)
        return value if is_int(value) and value > 0 else 1

    def attribute(self, cell: Element, key: str) -> Any:
        """A table attribute of a cell, by itself or by its class (14.7.5)."""
        self.check_deadline()
        classes = [
            self.classes.get(f"/{one}") for one in map(get_name, as_list(cell.node.get("/C")))
        ]
        owned = as_list(cell.node.get("/A")) + [one for group in classes for one in as_list(group)]
        for one in owned:
            if isinstance(one, Dictionary) and one.get("/O") == "/Table" and key in one:
                return one.get(key)
        return None

    def names_headers(self, identities: set[str]) -> bool:
        return any(self.named(cell, identities) for cell, _, _ in self.places)

    def named(self, cell: Element, identities: set[str]) -> bool:
        """Whether a cell names headers that exist."""
        names = [get_text(one) for one in as_list(self.attribute(cell, "/Headers"))]
        return any(one and one in identities for one in names)

    def has_lost_cell(self, identities: set[str]) -> bool:
        """Whether some cell has no header by name, by scope or by place (ISO 32000-2, 14.8.4.8.3).

        Cells of the first row and column are left out: they may be titles, or empty corners.
        """
        rows, columns = set(), set()
        for cell, row, column in self.headers:
            scope = get_name(self.attribute(cell, "/Scope"))
            if scope in ("Row", "Both") or (not scope and column == 0):
                rows |= set(range(row, row + self.span(cell, "/RowSpan")))
            if scope in ("Column", "Both") or (not scope and row == 0):
                columns |= set(range(column, column + self.span(cell, "/ColSpan")))
        return any(
            cell.kind == "TD"
            and cell.has_content
            and row > 0
            and column > 0
            and not self.named(cell, identities)
            and rows.isdisjoint(range(row, row + self.span(cell, "/RowSpan")))
            and columns.isdisjoint(range(column, column + self.span(cell, "/ColSpan")))
            for cell, row, column in self.places
        )
