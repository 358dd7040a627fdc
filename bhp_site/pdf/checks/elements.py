"""Checks structure elements: descriptions, languages, notes and headings."""

from pikepdf import Dictionary

from bhp_site.pdf.checks.check_context import TEXT_KEYS, CheckContext, needs_language
from bhp_site.pdf.objects import get_text
from bhp_site.pdf.structure import (
    HEADINGS,
    NODES_PER_DEADLINE_CHECK,
    Element,
    MarkedContentId,
    ObjectReference,
    StructureTree,
)

SELF_CONTAINED = {"Figure", "Formula", "Table", "L"}


def check_elements(context: CheckContext, tree: StructureTree) -> None:
    """Check each element of `tree` separately (PDF/UA-1, 7.1, 7.2, 7.3, 7.7 and 7.9).

    Add what is found to the findings of `context`; raise DeadlineExceeded when its time is over.
    """
    note_ids: set[str] = set()
    for step, element in enumerate(tree.elements):
        if step % NODES_PER_DEADLINE_CHECK == 0:
            context.check_deadline()
        node, page = element.node, element.page
        context.check_language(node.get("/Lang"), page)
        has_language = element.has_language or context.has_language
        if not has_language and needs_language(node, *TEXT_KEYS):
            context.add_finding("language_missing", page)
        if not isinstance(node.get("/P"), Dictionary):
            context.add_finding("tree", page)
        if element.kind in ("Figure", "Formula"):
            if not element.is_described and not is_frame(element):
                context.add_finding(element.kind.lower(), page)
        elif element.kind == "Note":
            note_id = get_text(node.get("/ID"))
            if not note_id or note_id in note_ids:
                context.add_finding("notes", page)
            note_ids.add(note_id)


def is_frame(figure: Element) -> bool:
    """Return True if a figure shows nothing itself, but holds figures, tables or lists.

    Its caption is read aloud as it is, and its contents are checked separately.
    """
    has_frame = False
    stack: list[Element | MarkedContentId | ObjectReference] = list(figure.parts)
    while stack:
        part = stack.pop()
        if not isinstance(part, Element):
            return False
        if part.kind in SELF_CONTAINED:
            has_frame = True
        elif part.kind != "Caption" and not part.is_described:
            stack += part.parts
        elif part.is_described:
            has_frame = True
    return has_frame


def check_headings(context: CheckContext, tree: StructureTree) -> None:
    """Check that headings begin at 1, skip no level, and that “H” and “H1” are not mixed (7.4)."""
    numbered = [element for element in tree.elements if element.kind in HEADINGS]
    unnumbered = [element for element in tree.elements if element.kind == "H"]
    last_level = 0
    for element in numbered:
        level = int(element.kind[1:])
        if level > last_level + 1:
            context.add_finding("headings_skipped", element.page)
        last_level = level
    if numbered and unnumbered:
        context.add_finding("headings_mixed", unnumbered[0].page)
    parents: set[int] = set()
    for element in unnumbered:
        if id(element.parent) in parents:
            context.add_finding("headings_mixed", element.page)
        parents.add(id(element.parent))
    has_headings = bool(numbered or unnumbered)
    if not has_headings and tree.is_complete and len(context.pdf.pages) > 1:
        context.add_finding("no_headings")
