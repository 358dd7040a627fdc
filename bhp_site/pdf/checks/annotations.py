"""Annotations, links and form fields: whether they are tagged, described and in order (7.18)."""

from typing import Any

from pikepdf import Dictionary

from bhp_site.pdf.checks.check_context import CheckContext, needs_language
from bhp_site.pdf.objects import (
    as_dictionary,
    as_list,
    flatten_tree,
    get_inherited,
    get_name,
    get_text,
    is_int,
    read_stream,
)
from bhp_site.pdf.structure import Element, StructureTree, has_description

MAX_ANNOTATIONS = 20_000
HIDDEN = 2  # flag
TAGS = {"Link": "Link", "Widget": "Form"}  # and Annot for all others
CODES = {"Link": "links", "Widget": "fields"}
DYNAMIC = b"dynamicRender"


def check_annotations(context: CheckContext, tree: StructureTree | None) -> None:
    left = MAX_ANNOTATIONS
    for number, page in enumerate(context.pdf.pages, 1):
        context.check_deadline()
        shown = [one for one in as_list(page.obj.get("/Annots"))[:left] if _is_shown(one, page)]
        left -= len(shown)
        if tree and shown and page.obj.get("/Tabs") != "/S":
            context.add_finding("tab_order", number)
        for one in shown:
            check_annotation(context, tree, one, number)


def check_annotation(
    context: CheckContext, tree: StructureTree | None, node: Any, page: int
) -> None:
    kind = get_name(node.get("/Subtype"))
    element = tree.find_object_element(node) if tree else None
    if kind == "TrapNet" or (kind == "PrinterMark" and element):
        context.add_finding("printers_marks", page)
    if kind in ("TrapNet", "PrinterMark"):
        return
    code = CODES.get(kind, "annotations")
    if tree and not (element and element.is_within(TAGS.get(kind, "Annot"))):
        context.add_finding(f"{code}_untagged", page)
    if not _is_described(kind, node, element):
        context.add_finding(f"{code}_undescribed", page)
    field = {"/TU": get_inherited(node, "/TU")} if kind == "Widget" else {}
    spoken = needs_language(node, "/Contents") or needs_language(field, "/TU")
    known = (
        context.has_language or get_text(node.get("/Lang")) or (element and element.has_language)
    )
    if spoken and not known:
        context.add_finding("language_missing", page)
    if kind == "FileAttachment":
        check_attachment(context, node.get("/FS"), page)
    check_media(context, node, page)


def _is_shown(node: Any, page: Any) -> bool:
    """Whether somebody can meet an annotation; pop-ups belong to another one (7.18.1)."""
    if not isinstance(node, Dictionary) or node.get("/Subtype") == "/Popup":
        return False
    flags: Any = node.get("/F")
    if is_int(flags) and flags & HIDDEN:
        return False
    try:
        (left, low, right, high), box = map(float, node.Rect), [float(n) for n in page.cropbox]
    except (AttributeError, TypeError, ValueError):
        return True
    left, right, low, high = *sorted((left, right)), *sorted((low, high))
    if left == right or low == high:
        return False
    return (
        left < max(box[::2])
        and right > min(box[::2])
        and low < max(box[1::2])
        and (high > min(box[1::2]))
    )


def _is_described(kind: str, node: Any, element: Element | None) -> bool:
    """Return True if an annotation, or the element that it is tagged with, says what it is."""
    for one in element.iterate_ancestors() if element else ():
        if has_description(one.node):
            return True
        if one.kind == TAGS.get(kind, "Annot"):
            break  # what is described further up is more than the annotation
    own = node.get("/Contents") if kind != "Widget" else get_inherited(node, "/TU")
    return bool(get_text(own))


def check_media(context: CheckContext, node: Any, page: int) -> None:
    """A film or a sound says what it is, in words and by its type (7.18.6.2)."""
    action = as_dictionary(node.get("/A"))
    if action.get("/S") != "/Rendition":
        return
    clip = as_dictionary(as_dictionary(action.get("/R")).get("/C"))
    if clip.get("/S") == "/MCD" and not ("/CT" in clip and as_list(clip.get("/Alt"))):
        context.add_finding("media", page)


def check_attachment(context: CheckContext, spec: Any, page: int | None = None) -> None:
    """An attached file has its name in both ways of writing one (7.11)."""
    spec = as_dictionary(spec)
    if "/EF" in spec and not (get_text(spec.get("/F")) and get_text(spec.get("/UF"))):
        context.add_finding("attachments", page)


def check_attachments(context: CheckContext) -> None:
    names = as_dictionary(as_dictionary(context.pdf.Root.get("/Names")).get("/EmbeddedFiles"))
    for one in flatten_tree(names, "/Names")[1::2]:
        check_attachment(context, one)


def check_xfa_form(context: CheckContext) -> None:
    """A form that a program makes while it is shown has no pages for anybody else (7.15)."""
    form = as_dictionary(context.pdf.Root.get("/AcroForm")).get("/XFA")
    xml = b"".join(read_stream(part) for part in as_list(form))
    after = xml.partition(DYNAMIC)[2].partition(b">")[2][:50].lstrip()
    needed = context.pdf.Root.get("/NeedsRendering") is True
    if form is not None and (after.startswith(b"required") if after else needed):
        context.add_finding("dynamic_form")
