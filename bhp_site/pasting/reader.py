"""Read the HTML that a word processor or a mail program puts on the clipboard.

Samples of that HTML, with their sources, are in tests/pasting/clipboards.py.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from .addresses import clean_address
from .runs import Block, Heading, Paragraph, Run, Table, get_text, trim_runs

MAX_HTML_CHARACTERS = 2_000_000
# About a hundred pages of Word; reading them takes two seconds.
MAX_TAGS = 50_000
MAX_HEADING_CHARACTERS = 120
# Tags inside one another; what is deeper is read as plain text, long before Python's own limit.
MAX_DEPTH = 150
MAX_TABLES_IN_TABLES = 4
MAX_LIST_DEPTH = 8
MAX_COLUMNS = 40
MAX_ROWS = 500
# Word writes a few hundred at most. The patterns below take time with the square of the length.
MAX_STYLE_CHARACTERS = 2_000
# Not text, or not of the document.
DROPPED_TAGS = {
    "head", "style", "script", "meta", "link", "title", "xml", "template", "noscript", "iframe",
    "object", "embed", "svg", "math", "button", "input", "select", "textarea", "colgroup", "hr",
}  # fmt: skip
PARAGRAPHS = {
    "p", "div", "blockquote", "section", "article", "main", "header", "footer", "aside", "address",
    "figure", "figcaption", "pre", "dl", "dt", "dd", "center", "body", "html", "form", "caption",
    # If they are outside a table, or in an unclosed cell.
    "tr", "td", "th",
}  # fmt: skip
# What is in one of these belongs to it, not to the table around it.
IN_TABLES = ["table", "td", "th"]
HEADING = re.compile(r"^h([1-6])$")
HEADING_CLASS = re.compile(r"^(Mso(Title|Subtitle)|MsoHeading(?P<level>\d))")
IMAGES = {"img", "picture", "v:shape", "v:imagedata", "video", "audio", "canvas"}
DELETED = {"del", "s", "strike"}
DELETED_CLASS = re.compile(r"^mso-?del", re.IGNORECASE)
FOOTNOTE_HREF = re.compile(r"#(_?_?(ftn|edn)|sdfootnote|sdendnote)", re.IGNORECASE)
COMMENT_HREF = re.compile(r"#(_msocom|_msoanchor|cmnt)", re.IGNORECASE)
LIST_STYLE = re.compile(r"mso-list:\s*\S+\s+level(\d+)", re.IGNORECASE)
NUMBERED = re.compile(r"^\(?([0-9]{1,3}|[a-z]{1,4})[.)]", re.IGNORECASE)
BOLD = re.compile(r"(?<![\w-])font-weight:\s*(bold|bolder|[6-9]00)", re.IGNORECASE)
NOT_BOLD = re.compile(r"(?<![\w-])font-weight:\s*(normal|lighter|[1-5]00)", re.IGNORECASE)
ITALIC = re.compile(r"(?<![\w-])font-style:\s*(italic|oblique)", re.IGNORECASE)
NOT_ITALIC = re.compile(r"(?<![\w-])font-style:\s*normal", re.IGNORECASE)
STRUCK_THROUGH = re.compile(r"text-decoration(-line)?:[^;]*line-through", re.IGNORECASE)
HIDDEN_STYLE = re.compile(r"display:\s*none|mso-hide:\s*all|mso-list:\s*ignore", re.IGNORECASE)
COMMENT_PART = re.compile(r"mso-element:\s*comment|mso-comment", re.IGNORECASE)
FRAGMENT_START = re.compile(r"<!--\s*StartFragment\s*-->")
FRAGMENT_END = re.compile(r"<!--\s*EndFragment\s*-->")
BARE_MARK = re.compile(r"^[0-9ivx]{1,4}$")


@dataclass(frozen=True)
class TextFormat:
    """The format of text inside a tag; `href` is empty outside links."""

    bold: bool = False
    italic: bool = False
    href: str = ""


@dataclass
class Pasted:
    """The blocks that were read, in order, and how often something had to be changed.

    `targets` are the addresses of links that led through another site.
    """

    blocks: list[Block] = field(default_factory=list)
    changes: Counter[str] = field(default_factory=Counter)
    targets: list[str] = field(default_factory=list)


def is_too_large(html: str) -> bool:
    """Return True if reading `html` would take too long."""
    return len(html) > MAX_HTML_CHARACTERS or html.count("<") > 2 * MAX_TAGS


def read_clipboard(html: str) -> Pasted:
    """Return the blocks in `html`. Deleted and hidden text, comments and images are left out.

    Raises ParserRejectedMarkup for what Python's parser cannot read, for example “<![if[”.
    """
    start = FRAGMENT_START.search(html)
    ends = [*FRAGMENT_END.finditer(html, start.end())] if start else []
    if start and ends:
        html = html[start.end() : ends[-1].start()]
    reader = Reader()
    reader.read(BeautifulSoup(html, "html.parser"), TextFormat())
    reader.end_paragraph()
    return Pasted(reader.blocks, reader.changes, reader.targets)


def get_style(tag: Tag) -> str:
    """Return the tag's style attribute in one line; Word breaks it anywhere."""
    return " ".join(str(tag.get("style") or "")[:MAX_STYLE_CHARACTERS].split())


def get_classes(tag: Tag) -> list[str]:
    """Return the values of the tag's class attribute."""
    classes: Any = tag.get("class") or []
    return [classes] if isinstance(classes, str) else list(classes)


class Reader:
    """Collects blocks while it walks through a tree of tags."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.changes: Counter[str] = Counter()
        self.targets: list[str] = []
        self.runs: list[Run] = []
        self.list_kind, self.depth = "", -1
        self.nesting = 0

    def end_paragraph(self) -> None:
        """Append the collected runs to `blocks` as a paragraph, unless they are empty."""
        runs, self.runs = trim_runs(self.runs), []
        if get_text(runs):
            self.blocks.append(
                Paragraph(runs, self.list_kind, min(max(self.depth, 0), MAX_LIST_DEPTH))
            )

    def read(self, parent: Tag, format_: TextFormat) -> None:
        """Read the text and tags in `parent`; beyond `MAX_DEPTH` only its plain text."""
        if self.nesting >= MAX_DEPTH:
            self.runs.append(Run(parent.get_text(" "), format_.bold, format_.italic, format_.href))
            return
        self.nesting += 1
        for child in list(parent.children):
            if isinstance(child, Tag):
                self.read_tag(child, format_)
            elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                # A line end in the source is a space; only <br> breaks a line.
                text = re.sub(r"[ \t\r\n\f]+", " ", str(child)).replace("\xa0", " ")
                self.runs.append(Run(text, format_.bold, format_.italic, format_.href))
        self.nesting -= 1

    def read_tag(self, tag: Tag, format_: TextFormat) -> None:
        """Read a tag by its name, unless `is_left_out`."""
        name = tag.name.lower()
        if self.is_left_out(tag, name):
            return
        level = get_heading_level(tag, name)
        if level:
            self.read_heading(tag, level)
        elif name == "table":
            self.read_table(tag, format_)
        elif name in ("ul", "ol"):
            self.read_list(tag, name, format_)
        elif name == "li":
            self.end_paragraph()
            self.read(tag, restyle(tag, format_))
            self.end_paragraph()
        elif name == "br":
            self.read_break(format_)
        elif name == "a":
            self.read_link(tag, format_)
        elif name in PARAGRAPHS:
            self.read_paragraph(tag, format_)
        else:
            self.read(tag, restyle(tag, format_))

    def is_left_out(self, tag: Tag, name: str) -> bool:
        """Return True for a tag that is not pasted: hidden, deleted, an image or a comment.

        `name` is the tag's name in lower case. Images and deleted text are counted in `changes`,
        so that the editor is told.
        """
        style, classes = get_style(tag), get_classes(tag)
        if name in DROPPED_TAGS or HIDDEN_STYLE.search(style):
            return True
        if name in IMAGES:
            self.changes["image"] += 1
            return True
        if COMMENT_PART.search(style) or any(
            css_class.startswith("MsoComment") for css_class in classes
        ):
            # The commented words themselves are marked in the same way.
            is_words = "mso-comment-continuation" in style or "mso-comment-reference" in style
            return not is_words
        if (
            name in DELETED
            or STRUCK_THROUGH.search(style)
            or any(map(DELETED_CLASS.match, classes))
        ):
            self.changes["deleted"] += bool(tag.get_text().strip())
            return True
        return False

    def read_break(self, format_: TextFormat) -> None:
        """Break a line; two breaks in a row end the paragraph."""
        if self.runs and self.runs[-1].text == "\n":
            self.end_paragraph()
        else:
            self.runs.append(Run("\n", format_.bold, format_.italic, format_.href))

    def read_paragraph(self, tag: Tag, format_: TextFormat) -> None:
        """Read a paragraph, or an item of one of Word's lists, which are paragraphs."""
        self.end_paragraph()
        outer = self.list_kind, self.depth
        if match := LIST_STYLE.search(get_style(tag)):
            marker = get_list_marker(tag)
            self.list_kind = "ol" if NUMBERED.match(marker) else "ul"
            self.depth = int(match[1]) - 1
        self.read(tag, restyle(tag, format_))
        self.end_paragraph()
        self.list_kind, self.depth = outer

    def read_list(self, tag: Tag, name: str, format_: TextFormat) -> None:
        """Read a list named `name` (“ul” or “ol”), one level deeper than the list around it."""
        self.end_paragraph()
        outer = self.list_kind, self.depth
        self.list_kind, self.depth = name, self.depth + 1
        self.read(tag, restyle(tag, format_))
        self.end_paragraph()
        self.list_kind, self.depth = outer

    def read_link(self, tag: Tag, format_: TextFormat) -> None:
        """Read a link; a footnote mark becomes text, and a forbidden target is dropped."""
        href = str(tag.get("href") or "")
        if COMMENT_HREF.search(href):
            return
        style = restyle(tag, format_)
        if FOOTNOTE_HREF.search(href) or "mso-footnote-id" in get_style(tag):
            self.changes["footnote"] += 1
            text = " ".join(tag.get_text().split())
            mark = f"[{text}]" if BARE_MARK.match(text) else text
            # Before the text of the note itself there is a tab or nothing.
            is_note = not get_text(self.runs)
            self.runs.append(Run(f"{mark} " if is_note else mark, style.bold, style.italic))
            return
        target = clean_address(href, keep_anchors=False) if href else None
        if href and target is None:
            self.changes["link"] += 1
        elif target and target != href.strip():
            self.targets.append(target)
        self.read(tag, TextFormat(style.bold, style.italic, target or ""))

    def read_heading(self, tag: Tag, level: int) -> None:
        """Read a heading as a block, or as a bold paragraph if it is too long."""
        self.end_paragraph()
        outer_runs, self.runs = self.runs, []
        before = len(self.blocks)
        self.read(tag, TextFormat())
        text = get_text(trim_runs(self.runs))
        self.runs = outer_runs
        # Contents of a heading besides text, such as a table, have become blocks of their own.
        if len(text) > MAX_HEADING_CHARACTERS:
            self.changes["long-heading"] += 1
            self.blocks.insert(before, Paragraph([Run(text, bold=True)]))
        elif text:
            self.blocks.insert(before, Heading(text, level))

    def read_table(self, tag: Tag, format_: TextFormat) -> None:
        """Read a table as a block; one for layout, or too large, as paragraphs."""
        self.end_paragraph()
        if len(tag.find_parents("table", limit=MAX_TABLES_IN_TABLES)) == MAX_TABLES_IN_TABLES:
            self.runs.append(Run(tag.get_text(" "), format_.bold, format_.italic, format_.href))
            self.end_paragraph()
            return
        lines = get_lines(tag)
        widths = [sum(read_span(cell, "colspan") for cell in get_cells(line)) for line in lines]
        is_large = len(lines) > MAX_ROWS or max(widths, default=0) > MAX_COLUMNS
        self.changes["large-table"] += is_large
        # Mail programs lay out their text in tables of one row or column.
        if is_large or len(lines) < 2 or max(len(get_cells(line)) for line in lines) < 2:
            for cell in tag.find_all(["td", "th", "caption"]):
                if cell.find_parent(IN_TABLES) is tag:
                    self.end_paragraph()
                    self.read(cell, restyle(cell, format_))
                    self.end_paragraph()
            return
        rows, has_header, changes = read_rows(lines, self.nesting)
        self.changes += changes
        if rows:
            self.blocks.append(Table(rows, has_header))


def restyle(tag: Tag, format_: TextFormat) -> TextFormat:
    """Return the text format within `tag`: its style attribute outweighs its name."""
    style, name = get_style(tag), tag.name.lower()
    bold = format_.bold or name in ("b", "strong", "th")
    italic = format_.italic or name in ("i", "em", "cite")
    # Google Docs wraps all that it copies in <b style="font-weight:normal">.
    bold = not NOT_BOLD.search(style) and (bold or bool(BOLD.search(style)))
    italic = not NOT_ITALIC.search(style) and (italic or bool(ITALIC.search(style)))
    return TextFormat(bold, italic, format_.href)


def get_heading_level(tag: Tag, name: str) -> int:
    """Return the level of a heading, 0 for anything else; `name` is its name in lower case."""
    if match := HEADING.match(name):
        return int(match[1])
    for word in get_classes(tag):
        if match := HEADING_CLASS.match(word):
            return int(match["level"] or 1)
    return 0


def get_list_marker(tag: Tag) -> str:
    """Return the bullet or number that Word writes before an item."""
    marker = tag.find(style=re.compile(r"mso-list:\s*ignore", re.IGNORECASE))
    return marker.get_text().strip() if marker else ""


def get_lines(table: Tag) -> list[Tag]:
    """Return the rows of a table without those of tables, or of unclosed cells, in it."""
    return [row for row in table.find_all("tr") if row.find_parent(IN_TABLES) is table]


def get_cells(line: Tag) -> list[Tag]:
    """Return the cells of a row of a table."""
    return list(line.find_all(["td", "th"], recursive=False))


def read_rows(lines: list[Tag], nesting: int) -> tuple[list[list[str]], bool, Counter[str]]:
    """Return the cells of a table as text, whether it has a header, and counts of changes.

    All rows have the same length. A merged cell has its text once; the cells it covers are empty.
    `nesting` is the number of elements around the table, which MAX_DEPTH limits.
    """
    rows: list[list[str]] = []
    covered: dict[tuple[int, int], bool] = {}
    has_header = False
    changes: Counter[str] = Counter()
    for number, line in enumerate(lines):
        row: list[str] = []
        cells = get_cells(line)
        if number == 0:
            has_header = bool(cells) and (
                all(cell.name == "th" for cell in cells) or line.find_parent("thead") is not None
            )
        for cell in cells:
            while covered.get((number, len(row))):
                row.append("")
            width, height = read_span(cell, "colspan"), read_span(cell, "rowspan")
            for below in range(1, height):
                for beside in range(width):
                    covered[number + below, len(row) + beside] = True
            row += [read_cell(cell, nesting, changes), *[""] * (width - 1)]
        while covered.get((number, len(row))):
            row.append("")
        if any(row):
            rows.append(row)
    width = max((len(row) for row in rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows], has_header, changes


def read_span(cell: Tag, name: str) -> int:
    """Return the number of columns or rows that a cell spans, limited to a table's size."""
    value = str(cell.get(name) or "1")
    return min(max(int(value), 1), 100) if value.isascii() and value.isdigit() else 1


def read_cell(cell: Tag, nesting: int, changes: Counter[str]) -> str:
    """Return the cleaned text of a cell, and add what was removed to the counts in `changes`.

    `nesting` is the number of elements around its table, which MAX_DEPTH limits.
    """
    inner = Reader()
    inner.nesting = nesting + 1
    inner.read(cell, TextFormat())
    inner.end_paragraph()
    changes.update(inner.changes)
    texts = []
    for block in inner.blocks:
        if isinstance(block, Table):
            texts += [" ".join(filter(None, row)) for row in block.rows]
        else:
            texts.append(block.text if isinstance(block, Heading) else get_text(block.runs))
    return " ".join(texts)
