"""What a PDF must not contain to be offered, looked for in its objects.

Runs in the process of a reader only. Clauses are those of ISO 32000-1. qpdf has repaired what
it can and writes names without escapes, so that an object's text can be searched.
"""

import re
import time
import unicodedata
from itertools import islice
from typing import Any

import pikepdf
import pypdfium2
from pikepdf import Array, Dictionary, Name, Object, Stream

from .programs import is_program

MAX_OBJECTS = 600_000  # about 1 KB of memory each once parsed
MAX_UNFOLDED = 256 * 1024 * 1024  # bytes of one stream after decompression
ACTIONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "import",
}
# Keys and values that make an object worth a closer look.
SUSPECT = re.compile(
    rb"/(?:JS|JavaScript|OnInstantiate|Launch|SubmitForm|ImportData|EF|XFA|URI)(?![^\s/<>()\[\]])"
)
XFA_SCRIPT = re.compile(rb"<(?:\w+:)?script\b[^>]*javascript", re.I)
XFA_SUBMIT = re.compile(rb"<(?:\w+:)?submit\b", re.I)
SIGNS = {
    "memory limit exceeded": "bomb",  # the limit that `reader.run` sets
    "bad_alloc": "memory",
    "encryption": "password",  # locked for a certificate or by a rights service
    "security handler": "password",
}
JOINERS = "\u200c\u200d"  # invisible, yet part of the spelling in Urdu and Punjabi


class Refused(Exception):
    """The file must not be offered; `reason` is a key of `files.reading.SENTENCES`."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def at(node: Any, *keys: str) -> Any:
    """The value under a path of keys, or None where the path leaves the dictionaries."""
    for key in keys:
        if not isinstance(node, (Dictionary, Stream)):
            return None
        node = node.get(key)
    return node


def count_pages(pdf: pikepdf.Pdf, most: int) -> None:
    """Refuse more than `most` leaves of the page tree, whatever its /Count claims."""
    leaves, seen, stack = 0, set(), [at(pdf.Root, "/Pages")]
    while stack:
        node = stack.pop()
        kids = at(node, "/Kids")
        if not isinstance(kids, Array):
            leaves += isinstance(node, Dictionary)
            if leaves > most:
                raise Refused("pages")
        elif not node.is_indirect or node.objgen not in seen:
            seen.add(node.objgen)
            stack.extend(islice(kids, most + 1))


def check_objects(pdf: pikepdf.Pdf, deadline: float) -> None:
    """Look at every object of the file, used or not, for what must not be offered.

    Past the deadline nothing more is unfolded: what reads the file later has limits too.
    """
    if len(pdf.objects) > MAX_OBJECTS:
        raise Refused("memory")
    for item in pdf.objects:
        if not isinstance(item, Object):  # pikepdf gives numbers, truth values and null as Python's
            continue
        stream = isinstance(item, Stream)
        plain = item.stream_dict if stream else item
        if SUSPECT.search(plain.unparse(resolved=True)):
            check_item(plain)
        if stream and time.monotonic() < deadline:
            check_unfolding(item)


def check_item(item: Any) -> None:
    """Look into one object and the containers written directly inside it."""
    if isinstance(item, Name) and str(item) in ACTIONS:
        raise Refused(ACTIONS[str(item)])  # nobody but somebody hiding it makes this indirect
    stack = [item]
    while stack:
        node = stack.pop()
        inner: Any = ()
        if isinstance(node, Dictionary):
            check_dictionary(node)
            inner = [value for _, value in node.items()]
        elif isinstance(node, Array):
            inner = node
        stack.extend(
            value
            for value in inner
            if isinstance(value, (Array, Dictionary)) and not value.is_indirect
        )


def check_dictionary(node: Any) -> None:
    """Refuse actions (12.6.4), scripts, and attached programs (7.11.4)."""
    kind = str(node.get("/S", ""))
    if kind in ACTIONS and node.get("/Type") != "/StructElem":
        raise Refused(ACTIONS[kind])
    if "/JS" in node or "/OnInstantiate" in node:
        raise Refused("javascript")
    if str(node.get("/URI", "")).strip().lower().startswith("javascript:"):
        raise Refused("javascript")
    if isinstance(node.get("/EF"), Dictionary):
        check_attachment(node)
    if "/XFA" in node:
        check_xfa(node.get("/XFA"))


def check_attachment(filespec: Any) -> None:
    """Refuse an attached file that is a program by its name or by its first bytes."""
    names = [str(filespec.get(key, "")) for key in ("/UF", "/F", "/DOS", "/Mac", "/Unix")]
    shown = clean(next((name for name in names if name), ""), 80)
    if any(map(is_program, names)):
        raise Refused("program", shown)
    for _, stream in filespec.get("/EF").items():
        if isinstance(stream, Stream) and is_program(shown, bytes(unfold(stream)[:4])):
            raise Refused("program", shown)


def check_xfa(form: Any) -> None:
    """Refuse a script or a submission in the XML of a form (12.7.8)."""
    parts = list(form) if isinstance(form, Array) else [form]
    xml = b"".join(unfold(part) for part in parts if isinstance(part, Stream))
    if XFA_SCRIPT.search(xml):
        raise Refused("javascript")
    if XFA_SUBMIT.search(xml):
        raise Refused("submit")


def check_unfolding(stream: Any) -> None:
    """Refuse a stream that unfolds beyond MAX_UNFOLDED.

    Flate gains a factor of 1032 at most, so that small streams need no look.
    """
    named = stream.get("/Filter")
    layers = [str(name) for name in (named if isinstance(named, Array) else [named])]
    flates = sum(layer in ("/FlateDecode", "/Fl") for layer in layers)
    if flates and len(memoryview(stream.get_raw_stream_buffer())) * 1032**flates > MAX_UNFOLDED:
        unfold(stream)


def unfold(stream: Any) -> memoryview:
    """The data of a stream without its filters; as it stands where they are damaged."""
    try:
        return memoryview(stream.get_stream_buffer())
    except pikepdf.PdfError as error:
        reason = cause(error)
        if reason in ("bomb", "memory"):
            raise Refused(reason) from error
        return memoryview(stream.get_raw_stream_buffer())


def cause(error: Exception) -> str:
    """The reason behind an error of qpdf, which tells them apart by its words only."""
    return next((reason for sign, reason in SIGNS.items() if sign in str(error)), "damaged")


def clean(text: str, most: int) -> str:
    """Return `text` on one line, without invisible characters, cut to `most` characters.

    Control characters, of which some programs make line breaks, part words.
    """
    apart = (" " if unicodedata.category(one) == "Cc" else one for one in text)
    seen = (one for one in apart if one.isprintable() or one.isspace() or one in JOINERS)
    return " ".join("".join(seen).split())[:most].rstrip()


def explain_damage(path: str, error: Exception) -> str:
    """Return why qpdf could not read the file at `path`: a key of `files.reading.SENTENCES`.

    A file that PDFium can show may well be sound: qpdf refuses objects with numbers that are far
    apart, for example, which the standard allows (ISO 32000-1, 7.3.10).
    """
    if (reason := cause(error)) != "damaged":
        return reason
    try:
        pdf = pypdfium2.PdfDocument(path)
        return "unusual" if len(pdf) and pdf[0].get_size() else "damaged"
    except pypdfium2.PdfiumError:
        return "damaged"
