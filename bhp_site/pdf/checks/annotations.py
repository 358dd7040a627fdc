"""Checks annotations, links and form fields: tags, descriptions and tab order (7.18)."""

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
HIDDEN_FLAG = 2
# The element that an annotation belongs to; Annot for all others.
ELEMENT_TYPES = {"Link": "Link", "Widget": "Form"}
CODES = {"Link": "links", "Widget": "fields"}
DYNAMIC_RENDER = b"dynamicRender"


def check_annotations(context: CheckContext, tree: StructureTree | None) -> None:
    """Check the visible annotations of all pages; raise DeadlineExceeded."""
    left = MAX_ANNOTATIONS
    for number, page in enumerate(context.pdf.pages, 1):
        context.check_deadline()
        visible = [
            annotation
            for annotation in as_list(page.obj.get("/Annots"))[:left]
            if _is_visible(annotation, page)
        ]
        left -= len(visible)
        if tree and visible and page.obj.get("/Tabs") != "/S":
            context.add_finding("tab_order", number)
        for annotation in visible:
            check_annotation(context, tree, annotation, number)


def check_annotation(
    context: CheckContext, tree: StructureTree | None, node: Any, page: int
) -> None:
    """Check one annotation of a page: its tag, description, language, file and media."""
    kind = get_name(node.get("/Subtype"))
    element = tree.find_object_element(node) if tree else None
    if kind == "TrapNet" or (kind == "PrinterMark" and element):
        context.add_finding("printers_marks", page)
    if kind in ("TrapNet", "PrinterMark"):
        return
    code = CODES.get(kind, "annotations")
    if tree and not (element and element.is_within(ELEMENT_TYPES.get(kind, "Annot"))):
        context.add_finding(f"{code}_untagged", page)
    if not _is_described(kind, node, element):
        context.add_finding(f"{code}_undescribed", page)
    field = {"/TU": get_inherited(node, "/TU")} if kind == "Widget" else {}
    has_text = needs_language(node, "/Contents") or needs_language(field, "/TU")
    known = (
        context.has_language or get_text(node.get("/Lang")) or (element and element.has_language)
    )
    if has_text and not known:
        context.add_finding("language_missing", page)
    if kind == "FileAttachment":
        check_attachment(context, node.get("/FS"), page)
    check_media(context, node, page)


def _is_visible(node: Any, page: Any) -> bool:
    """Return True if an annotation can be seen or reached; pop-ups belong to another (7.18.1)."""
    if not isinstance(node, Dictionary) or node.get("/Subtype") == "/Popup":
        return False
    flags: Any = node.get("/F")
    if is_int(flags) and flags & HIDDEN_FLAG:
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
    for ancestor in element.iterate_ancestors() if element else ():
        if has_description(ancestor.node):
            return True
        if ancestor.kind == ELEMENT_TYPES.get(kind, "Annot"):
            break  # what is described further up is more than the annotation
    own = node.get("/Contents") if kind != "Widget" else get_inherited(node, "/TU")
    return bool(get_text(own))


def check_media(context: CheckContext, node: Any, page: int) -> None:
    """Check that a video or sound has alternative text and a media type (7.18.6.2)."""
    action = as_dictionary(node.get("/A"))
    if action.get("/S") != "/Rendition":
        return
    clip = as_dictionary(as_dictionary(action.get("/R")).get("/C"))
    if clip.get("/S") == "/MCD" and not ("/CT" in clip and as_list(clip.get("/Alt"))):
        context.add_finding("media", page)


def check_attachment(context: CheckContext, spec: Any, page: int | None = None) -> None:
    """Check that an attached file has its name in both entries, F and UF (7.11)."""
    spec = as_dictionary(spec)
    if "/EF" in spec and not (get_text(spec.get("/F")) and get_text(spec.get("/UF"))):
        context.add_finding("attachments", page)


def check_attachments(context: CheckContext) -> None:
    """Check the files that are attached to the document as a whole."""
    names = as_dictionary(as_dictionary(context.pdf.Root.get("/Names")).get("/EmbeddedFiles"))
    for attachment in flatten_tree(names, "/Names")[1::2]:
        check_attachment(context, attachment)


def check_xfa_form(context: CheckContext) -> None:
    """Check that the form is not dynamic XFA, which has no pages for other programs (7.15)."""
    form = as_dictionary(context.pdf.Root.get("/AcroForm")).get("/XFA")
    xml = b"".join(read_stream(part) for part in as_list(form))
    after = xml.partition(DYNAMIC_RENDER)[2].partition(b">")[2][:50].lstrip()
    needed = context.pdf.Root.get("/NeedsRendering") is True
    if form is not None and (after.startswith(b"required") if after else needed):
        context.add_finding("dynamic_form")
