"""The structure tree of a tagged PDF (ISO 32000-1, 14.7 and 14.8), read once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, NamedTuple

from pikepdf import Array, Dictionary

from bhp_site.pdf.checks.check_context import CheckContext
from bhp_site.pdf.objects import (
    as_dictionary,
    as_list,
    get_name,
    get_path,
    get_text,
    is_int,
    read_number_tree,
)

MAX_ELEMENTS = 100_000
MAX_NODES = 1_000_000  # elements, content and annotations
MAX_ROLE_STEPS = 50  # of a role map from a type to a standard one
NODES_PER_DEADLINE_CHECK = 500
HEADINGS = {f"H{level}" for level in range(1, 100)}  # 7.4.3 of PDF/UA-1 allows more than six
STANDARD_TYPES = HEADINGS.union(  # ISO 32000-1, 14.8.4
    ("Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "Index", "NonStruct"),
    ("Private", "P", "H", "L", "LI", "Lbl", "LBody", "TOC", "TOCI", "Span", "Quote", "Note"),
    ("Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Reference", "BibEntry", "Code"),
    ("Link", "Annot", "Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP"),
    ("Figure", "Formula", "Form"),
)


class MarkedContentId(NamedTuple):
    """Identifies marked content: `holder` is the object number of its page or form."""

    holder: tuple[int, int]
    number: int


class ObjectReference(NamedTuple):
    """An annotation, or another object, that belongs to an element."""

    node: Any


@dataclass(slots=True)
class Element:
    """A structure element.

    `kind` is its standard type, "" if that cannot be known. `parts` are the elements, content and
    objects below it in reading order, `kids` the elements alone. `has_language` and `is_described`
    say that it, or an ancestor, names a language, or has alternative or replacement text.
    """

    node: Any
    kind: str
    parent: "Element | None"
    page: int | None
    has_language: bool
    is_described: bool
    kids: list["Element"] = field(default_factory=list)
    parts: list["Element | MarkedContentId | ObjectReference"] = field(default_factory=list)
    has_content: bool = False

    def iterate_ancestors(self) -> Iterator["Element"]:
        """Yield the element itself and all that hold it, from the inside out."""
        element: Element | None = self
        while element:
            yield element
            element = element.parent

    def is_within(self, kind: str) -> bool:
        """Return True if the element or an ancestor is of this type."""
        return any(element.kind == kind for element in self.iterate_ancestors())


class StructureTree:
    """The elements of a PDF in reading order, and what content and objects belong to them.

    `content` maps (object number of the page or form, marked-content number) to elements, `objects`
    object numbers. `is_complete` is False if the tree is too large to be read whole. Reading it
    records findings and raises DeadlineExceeded.
    """

    def __init__(self, context: CheckContext) -> None:
        root = as_dictionary(context.pdf.Root.get("/StructTreeRoot"))
        self.context = context
        self.root = root
        self.elements: list[Element] = []
        self.by_object: dict[Any, Element] = {}
        self.content: dict[Any, Element] = {}
        self.objects: dict[Any, Element] = {}
        self.is_complete = True
        self.parents = read_number_tree(root.get("/ParentTree"))
        self.classes = as_dictionary(root.get("/ClassMap"))
        role_map = as_dictionary(root.get("/RoleMap"))
        self.role_map = {key[1:]: get_name(value) for key, value in role_map.items()}
        self.kinds: dict[str, str] = {}
        # PDF 2.0 has more types, and namespaces for them.
        self.allows_other_types = context.pdf.pdf_version >= "2"
        self._read()

    def _read(self) -> None:
        stack: list[tuple[Any, Element | None, Any]] = [
            (kid, None, None) for kid in reversed(as_list(self.root.get("/K")))
        ]
        for step in count():
            if not stack:
                break
            node, parent, page = stack.pop()
            if len(self.elements) >= MAX_ELEMENTS or step >= MAX_NODES:
                self.is_complete = False
                break
            if step % NODES_PER_DEADLINE_CHECK == 0:
                self.context.check_deadline()
            if is_int(node):
                self._add_content(page, node, parent)
            elif isinstance(node, Dictionary):
                page = node.get("/Pg", page)
                kind = get_name(node.get("/Type"))
                if kind == "MCR":
                    self._add_content(node.get("/Stm", page), node.get("/MCID"), parent)
                elif kind == "OBJR":
                    self._add_object(node.get("/Obj"), parent)
                elif not (node.is_indirect and node.objgen in self.by_object):
                    element = self._add_element(node, parent, page)
                    kids = as_list(node.get("/K"))
                    stack.extend((kid, element, page) for kid in reversed(kids))

    def _add_element(self, node: Any, parent: Element | None, page: Any) -> Element:
        has_language = bool(get_text(node.get("/Lang"))) or bool(parent and parent.has_language)
        is_described = has_description(node) or bool(parent and parent.is_described)
        number = self.context.get_page_number(page)
        kind = self._get_kind(node, number)
        element = Element(node, kind, parent, number, has_language, is_described)
        if parent:
            parent.kids.append(element)
            parent.parts.append(element)
        self.elements.append(element)
        if node.is_indirect:
            self.by_object[node.objgen] = element
        return element

    def _add_object(self, node: Any, parent: Element | None) -> None:
        if parent and isinstance(node, Dictionary):
            parent.has_content = True
            parent.parts.append(ObjectReference(node))
            self.objects.setdefault(node.objgen, parent)

    def _add_content(self, holder: Any, number: Any, parent: Element | None) -> None:
        if parent and is_int(number) and hasattr(holder, "objgen"):
            self.content[holder.objgen, number] = parent
            parent.parts.append(MarkedContentId(holder.objgen, number))
            page = self.context.get_page_number(holder)
            for element in parent.iterate_ancestors():
                if element.has_content and (element.page or not page):
                    break
                element.has_content = True
                element.page = element.page or page

    def _get_kind(self, node: Any, page: int | None) -> str:
        """Return the standard type of an element; record a type that has none (7.1)."""
        role = get_name(node.get("/S"))
        if role not in self.kinds:
            self.kinds[role] = self._map_role(role)
        kind = self.kinds[role]
        is_unclear = kind not in STANDARD_TYPES or (
            role in STANDARD_TYPES and role in self.role_map
        )
        if role and is_unclear and not self.allows_other_types and "/NS" not in node:
            self.context.add_finding("roles", page)
        return kind if kind in STANDARD_TYPES else ""

    def _map_role(self, role: str) -> str:
        for _ in range(MAX_ROLE_STEPS):
            if role in STANDARD_TYPES or role not in self.role_map:
                return role
            role = self.role_map[role]
        return ""

    def find_content_element(self, container: Any, number: int) -> Element | None:
        """Return the element of marked content `number` of a page or form; None if none is."""
        if element := self.content.get((container.objgen, number)):
            return element
        elements = as_list(self.parents.get(container.get("/StructParents")))
        return self._find_listed(elements[number] if 0 <= number < len(elements) else None)

    def find_object_element(self, node: Any) -> Element | None:
        """Return the element that an annotation belongs to; None if none is."""
        if element := self.objects.get(node.objgen) if node.is_indirect else None:
            return element
        return self._find_listed(self.parents.get(node.get("/StructParent")))

    def _find_listed(self, entry: Any) -> Element | None:
        """Return the element of an entry of the parent tree, which may not be in the tree."""
        if not isinstance(entry, Dictionary) or "/S" not in entry:
            return None
        if element := self.by_object.get(entry.objgen) if entry.is_indirect else None:
            return element
        kind = self._get_kind(entry, None)
        return Element(entry, kind, None, None, "/Lang" in entry, has_description(entry))


def is_tagged(root: Any) -> bool:
    """Return True if a catalogue says that the PDF is tagged and there is an element (14.7)."""
    kids = get_path(root, "/StructTreeRoot", "/K")
    has_elements = isinstance(kids, Dictionary) or (isinstance(kids, Array) and len(kids) > 0)
    return has_elements and get_path(root, "/MarkInfo", "/Marked") is True


def has_description(node: Any) -> bool:
    """Return True if an element has alternative text, or replacement text, which may be empty."""
    return bool(get_text(node.get("/Alt"))) or "/ActualText" in node
