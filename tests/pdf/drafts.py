"""PDFs whose words are set at given places and sizes, for the tests of drafting from them."""

import tempfile
from dataclasses import dataclass, replace
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from bhp_site.pdf.drafting import process
from bhp_site.pdf.worker import build_answer

from .pdfs import make_blank

PAGE_HEIGHT_POINTS = 842
FRACTION = "\u2044"


@dataclass(frozen=True)
class Text:
    """Words at a place of a page, in points from the lower left corner."""

    words: str
    x: float = 50
    y: float = 700
    size: float = 11
    page: int = 1
    bold: bool = False


@dataclass(frozen=True)
class Node:
    """A structure element to be made."""

    kind: str
    kids: tuple["Node | Text", ...]
    entries: dict[str, Any]


def node(kind: str, *kids: "Node | Text", **entries: Any) -> Node:
    return Node(kind, kids, entries)


def line(*parts: "str | tuple[str, float]", y: float = 700, size: float = 11) -> list[Text]:
    """Return texts that follow one another; (words, rise) are smaller, raised or lowered."""
    x, found = 50.0, []
    for part in parts:
        words, rise = (part, 0.0) if isinstance(part, str) else part
        own = 0.6 * size if rise else size
        found.append(Text(words, x, y + rise, own))
        x += own * sum(WIDTHS.get(letter, 0.556) for letter in words)
    return found


# Of Helvetica, in sizes of the font, as far as they differ from those of its figures.
WIDTHS = dict.fromkeys("/ .,;:fIt\u2044", 0.278) | dict.fromkeys("mM", 0.833)
WIDTHS |= dict.fromkeys("ijl", 0.222) | dict.fromkeys("ksvxyzc", 0.5) | {"r": 0.333, "-": 0.333}
WIDTHS |= {"(": 0.333, ")": 0.333, "×": 0.584, "+": 0.584}


def helvetica(name: str = "Helvetica") -> Dictionary:
    """Return a font of all letters of Windows, and a fraction slash."""
    encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[1, Name.fraction])
    return Dictionary(
        Type=Name.Font, Subtype=Name.Type1, BaseFont=Name(f"/{name}"), Encoding=encoding
    )


def shown(text: Text) -> bytes:
    """Return what draws a text."""
    words = text.words.replace(FRACTION, "\x01").encode("cp1252")
    for sign in (b"\\", b"(", b")"):
        words = words.replace(sign, b"\\" + sign)
    font = b"B" if text.bold else b"F"
    place = f"{text.size} Tf 1 0 0 1 {text.x} {text.y} Tm (".encode()
    return b"BT /" + font + b" " + place + words + b") Tj ET\n"


def set_out(
    *nodes: Node, pages: int = 1, loose: tuple[Text, ...] = (), aside: tuple[Text, ...] = ()
) -> Pdf:
    """Return a tagged PDF of elements; `loose` is not tagged, `aside` marked as decoration."""
    pdf = make_blank(pages)
    drawings = [b""] * pages
    counts = [0] * pages

    def build(one: Node, parent: Any) -> Any:
        element = pdf.make_indirect(Dictionary(S=Name("/" + one.kind), P=parent, **one.entries))
        element.K = Array([])
        for kid in one.kids:
            if isinstance(kid, Node):
                element.K.append(build(kid, element))
                continue
            place, number = kid.page - 1, counts[kid.page - 1]
            tag = b"/%s <</MCID %d>> BDC " % (one.kind.encode(), number)
            drawings[place] += tag + shown(kid) + b"EMC\n"
            mark = Dictionary(Type=Name.MCR, MCID=number, Pg=pdf.pages[place].obj)
            element.K.append(mark)
            counts[place] += 1
        return element

    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    root.K = build(node("Document", *nodes), root)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    for text in aside:
        drawings[text.page - 1] += b"/Artifact BMC " + shown(text) + b"EMC\n"
    for text in loose:
        drawings[text.page - 1] += shown(text)
    for page, drawing in zip(pdf.pages, drawings, strict=True):
        fonts = Dictionary(F=helvetica(), B=helvetica("Helvetica-Bold"))
        page.Resources = Dictionary(Font=fonts)
        page.Contents = Stream(pdf, drawing)
    return pdf


def p(words: str, y: float = 700, **entries: Any) -> Node:
    """Return a paragraph of one line."""
    return node("P", Text(words, y=y, **entries))


def heading(level: int, words: str, y: float = 780, **entries: Any) -> Node:
    return node(f"H{level}", Text(words, y=y, **entries))


def on_page(number: int, one: Node) -> Node:
    """Return an element with all its texts on another page."""
    kids = (
        replace(kid, page=number) if isinstance(kid, Text) else on_page(number, kid)
        for kid in one.kids
    )
    return replace(one, kids=tuple(kids))


def draft_chapters(pdf: Pdf) -> list[dict[str, Any]]:
    """Return the chapters that are drafted from a PDF, as the reader's process tells them."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/draft.pdf"
        pdf.save(path)
        answer = build_answer(process.draft, path=path, folder=folder, max_pages=50, seconds=30)
    assert "refused" not in answer
    chapters: list[dict[str, Any]] = answer["chapters"]
    return chapters


def draft_blocks(pdf: Pdf) -> list[dict[str, Any]]:
    return [block for chapter in draft_chapters(pdf) for block in chapter["blocks"]]


def draft_titles(pdf: Pdf) -> list[str]:
    return [chapter["title"] for chapter in draft_chapters(pdf)]


def draft_notes(pdf: Pdf) -> str:
    """Return all that the editor is told about a draft."""
    return " ".join(block["note"] for block in draft_blocks(pdf) if block["note"])
