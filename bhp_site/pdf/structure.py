"""The structure tree of a tagged PDF: read once, then asked what its elements lack."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from pikepdf import Dictionary

from .subject import WORDS, Subject, dictionary, is_int, items, name, number_tree, speaks, text

MAX_ELEMENTS = 100_000
MAX_NODES = 1_000_000  # elements and pieces of content
MAX_ROLES = 50  # steps of a role map from a name to a standard one
HEADINGS = {f"H{level}" for level in range(1, 100)}  # beyond six as 7.4.3 allows
FRAMED = {"Figure", "Formula", "Table", "L"}
# ISO 32000-1, 14.8.4.
STANDARD = HEADINGS.union(
    ("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "Index", "NonStruct"),
    ("Private", "P", "H", "L", "LI", "Lbl", "LBody", "TOC", "TOCI", "Span", "Quote", "Note"),
    ("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Reference", "BibEntry", "Code"),
    ("Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP"),
    ("Figure", "Formula", "Form"),
)


class Marked(NamedTuple):
    """Content of an element: that number of a page or stream, which `holder` is the object of."""

    holder: tuple[int, int]
    number: int


class Annotated(NamedTuple):
    """An annotation, or another object, that belongs to an element."""

    node: Any


@dataclass(slots=True)
class Element:
    """A structure element; `kind` is its standard type, "" where it cannot be known.

    `parts` are the elements and the content below it, in reading order. `language` and `described`
    say that it, or one that holds it, names a language, or is described or spelled out; an empty
    spelling is one on purpose.
    """

    node: Any
    kind: str
    parent: "Element | None"
    page: int | None
    language: bool
    described: bool
    kids: list["Element"] = field(default_factory=list)
    parts: list["Element | Marked | Annotated"] = field(default_factory=list)
    has_content: bool = False

    def above(self) -> Iterator["Element"]:
        """The element and all that hold it, from the inside out."""
        one: Element | None = self
        while one:
            yield one
            one = one.parent

    def within(self, kind: str) -> bool:
        return any(one.kind == kind for one in self.above())


class Tree:
    """The elements in reading order, and what content and which annotations belong to them.

    `content` is found by (object of the page or stream, marked-content number), `objects` by the
    object. `complete` is False where the tree is too large to be read whole.
    """

    def __init__(self, subject: Subject) -> None:
        root = dictionary(subject.pdf.Root.get("/StructTreeRoot"))
        self.subject = subject
        self.root = root
        self.elements: list[Element] = []
        self.by_object: dict[Any, Element] = {}
        self.content: dict[Any, Element] = {}
        self.objects: dict[Any, Element] = {}
        self.complete = True
        self.parents = number_tree(root.get("/ParentTree"))
        self.classes = dictionary(root.get("/ClassMap"))
        self.map = {key[1:]: name(value) for key, value in dictionary(root.get("/RoleMap")).items()}
        self.kinds: dict[str, str] = {}
        # Newer files may use more types, and name spaces of them, which is no mistake.
        self.open_ended = subject.pdf.pdf_version >= "2"
        self._read()

    def _read(self) -> None:
        stack: list[tuple[Any, Element | None, Any]] = [
            (kid, None, None) for kid in reversed(items(self.root.get("/K")))
        ]
        for step in count():
            if not stack:
                break
            node, parent, page = stack.pop()
            if len(self.elements) >= MAX_ELEMENTS or step >= MAX_NODES:
                self.complete = False
                break
            if step % 500 == 0:
                self.subject.check_time()
            if is_int(node):
                self._add_content(page, node, parent)
            elif isinstance(node, Dictionary):
                page = node.get("/Pg", page)
                kind = name(node.get("/Type"))
                if kind == "MCR":
                    self._add_content(node.get("/Stm", page), node.get("/MCID"), parent)
                elif kind == "OBJR":
                    if parent and isinstance(target := node.get("/Obj"), Dictionary):
                        parent.has_content = True
                        parent.parts.append(Annotated(target))
                        self.objects.setdefault(target.objgen, parent)
                elif not (node.is_indirect and node.objgen in self.by_object):
                    element = self._add_element(node, parent, page)
                    kids = items(node.get("/K"))
                    stack.extend((kid, element, page) for kid in reversed(kids))

    def _add_element(self, node: Any, parent: Element | None, page: Any) -> Element:
        language = bool(text(node.get("/Lang"))) or (parent.language if parent else False)
        described = describes(node) or (parent.described if parent else False)
        number = self.subject.page_of(page)
        kind = self._kind(node, number)
        element = Element(node, kind, parent, number, language, described)
        if parent:
            parent.kids.append(element)
            parent.parts.append(element)
        self.elements.append(element)
        if node.is_indirect:
            self.by_object[node.objgen] = element
        return element

    def _add_content(self, holder: Any, number: Any, parent: Element | None) -> None:
        if parent and is_int(number) and hasattr(holder, "objgen"):
            self.content[holder.objgen, number] = parent
            parent.parts.append(Marked(holder.objgen, number))
            page = self.subject.page_of(holder)
            for one in parent.above():
                if one.has_content and (one.page or not page):
                    break
                one.has_content = True
                one.page = one.page or page

    def _kind(self, node: Any, page: int | None) -> str:
        """The standard type behind the type of an element; tells of one that has none (7.1)."""
        role = name(node.get("/S"))
        if role not in self.kinds:
            self.kinds[role] = self._mapped(role)
        kind = self.kinds[role]
        unclear = kind not in STANDARD or (role in STANDARD and role in self.map)
        if role and unclear and not self.open_ended and "/NS" not in node:
            self.subject.add("roles", page)
        return kind if kind in STANDARD else ""

    def _mapped(self, role: str) -> str:
        for _ in range(MAX_ROLES):
            if role in STANDARD or role not in self.map:
                return role
            role = self.map[role]
        return ""

    def holder(self, container: Any, number: int) -> Element | None:
        """The element that marked content number `number` of a page or a form belongs to."""
        if found := self.content.get((container.objgen, number)):
            return found
        listed = items(self.parents.get(container.get("/StructParents")))
        entry = listed[number] if 0 <= number < len(listed) else None
        return self._listed(entry)

    def holder_of_object(self, node: Any) -> Element | None:
        """The element that an annotation belongs to."""
        if found := self.objects.get(node.objgen) if node.is_indirect else None:
            return found
        entry = self.parents.get(node.get("/StructParent"))
        return self._listed(entry)

    def _listed(self, entry: Any) -> Element | None:
        """The element of an entry of the parent tree, which other elements may not know of."""
        if not isinstance(entry, Dictionary) or "/S" not in entry:
            return None
        if found := self.by_object.get(entry.objgen) if entry.is_indirect else None:
            return found
        kind = self._kind(entry, None)
        return Element(entry, kind, None, None, "/Lang" in entry, describes(entry))


def describes(node: Any) -> bool:
    """Whether an element is described or spelled out; an empty spelling is one on purpose."""
    return bool(text(node.get("/Alt"))) or "/ActualText" in node


def frames_described(element: Element) -> bool:
    """Return True if a figure shows nothing itself, but holds figures, tables or lists.

    Its caption is read as it is, and what it holds is looked at by itself.
    """
    framed = False
    stack: list[Element | Marked | Annotated] = list(element.parts)
    while stack:
        part = stack.pop()
        if not isinstance(part, Element):
            return False
        if part.kind in FRAMED:
            framed = True
        elif part.kind != "Caption" and not part.described:
            stack += part.parts
        elif part.described:
            framed = True
    return framed


def check_elements(subject: Subject, tree: Tree) -> None:
    """What can be said of each element by itself."""
    identities: set[str] = set()
    for step, element in enumerate(tree.elements):
        if step % 500 == 0:
            subject.check_time()
        node, page = element.node, element.page
        subject.check_language(node.get("/Lang"), page)
        if not (element.language or subject.language) and speaks(node, *WORDS):
            subject.add("language_missing", page)
        if not isinstance(node.get("/P"), Dictionary):
            subject.add("tree", page)
        if element.kind in ("Figure", "Formula"):
            if not element.described and not frames_described(element):
                subject.add(element.kind.lower(), page)
        elif element.kind == "Note":
            identity = text(node.get("/ID"))
            if not identity or identity in identities:
                subject.add("notes", page)
            identities.add(identity)


def check_headings(subject: Subject, tree: Tree) -> None:
    """Numbered headings begin at 1 and skip no level; the two ways are not mixed (7.4)."""
    numbered = [one for one in tree.elements if one.kind in HEADINGS]
    plain = [one for one in tree.elements if one.kind == "H"]
    last = 0
    for element in numbered:
        level = int(element.kind[1:])
        if level > last + 1:
            subject.add("headings_skipped", element.page)
        last = level
    if numbered and plain:
        subject.add("headings_mixed", plain[0].page)
    seen: set[int] = set()
    for element in plain:
        if id(element.parent) in seen:
            subject.add("headings_mixed", element.page)
        seen.add(id(element.parent))
    if not numbered and not plain and tree.complete and len(subject.pdf.pages) > 1:
        subject.add("no_headings")
