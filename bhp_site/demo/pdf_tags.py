"""Repair the tags of PDFs that Chromium has printed, as ISO 14289-1 (PDF/UA-1) asks.

Chromium tags headings, paragraphs, tables and links. What it leaves out is added here: artifacts,
bodies of list items, and descriptions of links.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from pikepdf import Array, ContentStreamInstruction, Dictionary, Name, Operator

PATH_BEGINNINGS = {"m", "re"}
PATH_PAINTING = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*"}
OTHER_PAINTING = {"sh", "Do", "INLINE IMAGE", "Tj", "TJ", "'", '"'}
BEGIN_ARTIFACT = ContentStreamInstruction([Name.Artifact], Operator("BMC"))
END_ARTIFACT = ContentStreamInstruction([], Operator("EMC"))
# What may stand in a list item besides its body (ISO 32000-1, 14.8.4.3.3).
OUTSIDE_LIST_BODY = {"/Lbl", "/LBody"}


def repair_tags(document: pikepdf.Pdf, link_texts: dict[str, str]) -> None:
    """Repair the tags of a whole document.

    `link_texts` are the descriptions of its links, by the name of the destination.
    """
    tree = document.Root.StructTreeRoot
    tree.RoleMap = Dictionary(Strong=Name.Span)
    for element in list(iterate_elements(tree)):
        if element.S == "/Figure" and "/Alt" not in element:
            # Both the `figure` element and the image in it are tagged, but only the image has the
            # description that every Figure needs (7.3).
            element.S = Name.Div
        elif element.S == "/LI":
            add_list_body(document, element)
    for page in document.pages:
        describe_links(page, link_texts)
        mark_artifacts(document, page)


def iterate_elements(node: Any) -> Iterator[Any]:
    """Yield all structure elements below `node`, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from iterate_elements(kid)


def add_list_body(document: pikepdf.Pdf, item: Any) -> None:
    """Move the content of a list item, all but its label, into a new LBody element (7.6)."""
    kids = list(item.K) if isinstance(item.K, Array) else [item.K]
    outside = [kid for kid in kids if is_element(kid, OUTSIDE_LIST_BODY)]
    content = [kid for kid in kids if not is_element(kid, OUTSIDE_LIST_BODY)]
    if not content:
        return
    body = document.make_indirect(Dictionary(S=Name.LBody, P=item, K=Array(content)))
    for kid in content:
        if isinstance(kid, Dictionary):
            if "/P" in kid:
                kid.P = body
        else:
            body.Pg = item.Pg
            set_parent(document, item.Pg, int(kid), body)
    item.K = Array([*outside, body])


def is_element(kid: Any, kinds: set[str]) -> bool:
    """Return True if `kid` is a structure element of one of the `kinds`."""
    return isinstance(kid, Dictionary) and str(kid.get("/S")) in kinds


def set_parent(document: pikepdf.Pdf, page: Any, number: int, element: Any) -> None:
    """Enter `element` in the parent tree for the marked content `number` of a page."""
    parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
    parents[int(page.StructParents)][number] = element


def describe_links(page: pikepdf.Page, link_texts: dict[str, str]) -> None:
    """Describe the links of a page to other places of the document (7.18.5)."""
    for annotation in page.obj.get("/Annots", []):
        if annotation.get("/Subtype") == "/Link" and "/Dest" in annotation:
            annotation.Contents = pikepdf.String(link_texts[str(annotation.Dest).lstrip("/")])


def mark_artifacts(document: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Mark whatever a page paints without a tag as an artifact (7.1)."""
    instructions = mark_untagged(pikepdf.parse_content_stream(page))
    page.Contents = document.make_stream(pikepdf.unparse_content_stream(instructions))


def mark_untagged(instructions: Iterable[Any]) -> list[Any]:
    """Return the instructions of a page with marks around what is outside of all others."""
    marked: list[Any] = []
    depth = 0
    path_start: int | None = None
    for instruction in instructions:
        operator = str(instruction.operator)
        if depth == 0 and operator in PATH_BEGINNINGS and path_start is None:
            path_start = len(marked)
        is_painting = depth == 0 and operator in PATH_PAINTING | OTHER_PAINTING
        if is_painting:
            # No mark may stand between the parts of a path.
            place = path_start if operator in PATH_PAINTING else None
            marked.insert(len(marked) if place is None else place, BEGIN_ARTIFACT)
        marked.append(instruction)
        if is_painting:
            marked.append(END_ARTIFACT)
        if operator in PATH_PAINTING or operator == "n":
            path_start = None
        depth += {"BMC": 1, "BDC": 1, "EMC": -1}.get(operator, 0)
    return marked
