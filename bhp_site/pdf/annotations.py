"""Annotations, links and form fields: whether they are tagged, described and in order (7.18)."""

from typing import Any

from pikepdf import Dictionary

from .structure import Element, Tree, describes
from .subject import (
    Subject,
    dictionary,
    inherited,
    is_int,
    items,
    leaves,
    name,
    readable,
    speaks,
    text,
)

MAX_ANNOTATIONS = 20_000
HIDDEN = 2  # flag
TAGS = {"Link": "Link", "Widget": "Form"}  # and Annot for all others
CODES = {"Link": "links", "Widget": "fields"}
DYNAMIC = b"dynamicRender"


def check_annotations(subject: Subject, tree: Tree | None) -> None:
    left = MAX_ANNOTATIONS
    for number, page in enumerate(subject.pdf.pages, 1):
        subject.check_time()
        shown = [one for one in items(page.obj.get("/Annots"))[:left] if _is_shown(one, page)]
        left -= len(shown)
        if tree and shown and page.obj.get("/Tabs") != "/S":
            subject.add("tab_order", number)
        for one in shown:
            check_annotation(subject, tree, one, number)


def check_annotation(subject: Subject, tree: Tree | None, node: Any, page: int) -> None:
    kind = name(node.get("/Subtype"))
    element = tree.holder_of_object(node) if tree else None
    if kind == "TrapNet" or (kind == "PrinterMark" and element):
        subject.add("printers_marks", page)
    if kind in ("TrapNet", "PrinterMark"):
        return
    code = CODES.get(kind, "annotations")
    if tree and not (element and element.within(TAGS.get(kind, "Annot"))):
        subject.add(f"{code}_untagged", page)
    if not _is_described(kind, node, element):
        subject.add(f"{code}_undescribed", page)
    field = {"/TU": inherited(node, "/TU")} if kind == "Widget" else {}
    spoken = speaks(node, "/Contents") or speaks(field, "/TU")
    known = subject.language or text(node.get("/Lang")) or (element and element.language)
    if spoken and not known:
        subject.add("language_missing", page)
    if kind == "FileAttachment":
        check_file(subject, node.get("/FS"), page)
    check_media(subject, node, page)


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
    for one in element.above() if element else ():
        if describes(one.node):
            return True
        if one.kind == TAGS.get(kind, "Annot"):
            break  # what is described further up is more than the annotation
    own = node.get("/Contents") if kind != "Widget" else inherited(node, "/TU")
    return bool(text(own))


def check_media(subject: Subject, node: Any, page: int) -> None:
    """A film or a sound says what it is, in words and by its type (7.18.6.2)."""
    action = dictionary(node.get("/A"))
    if action.get("/S") != "/Rendition":
        return
    clip = dictionary(dictionary(action.get("/R")).get("/C"))
    if clip.get("/S") == "/MCD" and not ("/CT" in clip and items(clip.get("/Alt"))):
        subject.add("media", page)


def check_file(subject: Subject, spec: Any, page: int | None = None) -> None:
    """An attached file has its name in both ways of writing one (7.11)."""
    spec = dictionary(spec)
    if "/EF" in spec and not (text(spec.get("/F")) and text(spec.get("/UF"))):
        subject.add("attachments", page)


def check_files(subject: Subject) -> None:
    names = dictionary(dictionary(subject.pdf.Root.get("/Names")).get("/EmbeddedFiles"))
    for one in leaves(names, "/Names")[1::2]:
        check_file(subject, one)


def check_xfa(subject: Subject) -> None:
    """A form that a program makes while it is shown has no pages for anybody else (7.15)."""
    form = dictionary(subject.pdf.Root.get("/AcroForm")).get("/XFA")
    xml = b"".join(readable(part) for part in items(form))
    after = xml.partition(DYNAMIC)[2].partition(b">")[2][:50].lstrip()
    needed = subject.pdf.Root.get("/NeedsRendering") is True
    if form is not None and (after.startswith(b"required") if after else needed):
        subject.add("dynamic_form")
