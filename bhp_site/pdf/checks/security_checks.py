"""Refuses a PDF whose objects hold what must not be published: scripts, actions, executables.

Clauses are those of ISO 32000-1. qpdf has repaired what it can and writes names without escapes,
so that the text of an object can be searched.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
from pikepdf import Array, Dictionary, Name, Object, Stream

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.executables import is_executable
from bhp_site.pdf.objects import get_path
from bhp_site.pdf.text.cleaning import clean_line

MAX_OBJECTS = 600_000  # about 1 KB of memory each once parsed
MAX_STREAM_BYTES = 256 * 1024 * 1024  # of one stream after decompression
MAX_FLATE_RATIO = 1032
FLATE_FILTERS = ("/FlateDecode", "/Fl")
MAX_FILE_NAME_CHARACTERS = 80
ACTION_REASONS = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "submit",
    "/ImportData": "import",
}
# Go to a destination in another file, an embedded file, or a thread of another file (12.6.4).
FILE_ACTIONS = ("/GoToR", "/GoToE", "/Thread")
# A file on another computer (7.11.2): a URL, a UNC path as Windows writes it, or one as the
# standard does, “/server/share”. “/C/folder” is a drive.
REMOTE_FILE = re.compile(r"\s*(?:[\\/]{2}|\\|/(?![a-z]/)|[a-z][a-z0-9+.-]+:)", re.I)
FILE_NAME_KEYS = ("/UF", "/F", "/DOS", "/Mac", "/Unix")
# Keys and values that make an object worth a closer look.
SUSPECT_KEYS = re.compile(
    rb"/(?:JS|JavaScript|OnInstantiate|Launch|SubmitForm|ImportData|GoToR|GoToE|Thread|EF|XFA|URI)"
    rb"(?![^\s/<>()\[\]])"
)
XFA_SCRIPT = re.compile(rb"<(?:\w+:)?script\b[^>]*javascript", re.I)
XFA_SUBMIT = re.compile(rb"<(?:\w+:)?submit\b", re.I)
# qpdf's errors differ by their text only.
ERROR_REASONS = {
    "memory limit exceeded": "bomb",  # the limit that `guard_parsers` sets
    "bad_alloc": "memory",
    "encryption": "password",  # locked for a certificate or by a rights service
    "security handler": "password",
}


@contextmanager
def guard_parsers(path: str) -> Iterator[None]:
    """Limit what qpdf decompresses, and turn errors of qpdf and PDFium into Unreadable.

    `path` is the file that is read within the context.
    """
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=MAX_STREAM_BYTES, run_length_max_memory=MAX_STREAM_BYTES
    )
    try:
        yield
    except pikepdf.PasswordError as error:
        raise Unreadable("password") from error
    except pikepdf.PdfError as error:
        raise Unreadable(explain_damage(path, error)) from error
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
        raise Unreadable("password" if is_locked else "damaged") from error


def check_page_count(pdf: pikepdf.Pdf, max_pages: int) -> None:
    """Raise Unreadable if the page tree has more than `max_pages` leaves.

    Its /Count may be wrong.
    """
    leaves, seen, stack = 0, set(), [get_path(pdf.Root, "/Pages")]
    while stack:
        node = stack.pop()
        kids = get_path(node, "/Kids")
        if not isinstance(kids, Array):
            leaves += isinstance(node, Dictionary)
            if leaves > max_pages:
                raise Unreadable("pages")
        elif not node.is_indirect or node.objgen not in seen:
            seen.add(node.objgen)
            stack.extend(islice(kids, max_pages + 1))


def check_objects(pdf: pikepdf.Pdf, deadline: float) -> None:
    """Raise Unreadable if any object of the file, used or not, must not be published.

    Past `deadline` (of `time.monotonic`) no more streams are decompressed; later readers of the
    file have limits too.
    """
    if len(pdf.objects) > MAX_OBJECTS:
        raise Unreadable("memory")
    for item in pdf.objects:
        if not isinstance(item, Object):  # pikepdf turns numbers, truth values and null to Python's
            continue
        is_stream = isinstance(item, Stream)
        plain = item.stream_dict if is_stream else item
        if SUSPECT_KEYS.search(plain.unparse(resolved=True)):
            _check_object(plain)
        if is_stream and _is_remote(plain.get("/F")):
            raise Unreadable("remote")  # Readers would fetch its data from there (7.3.8.2).
        if is_stream and time.monotonic() < deadline:
            _check_stream_size(item)


def _check_object(item: Any) -> None:
    """Check one object and the containers written directly inside it."""
    if isinstance(item, Name) and str(item) in ACTION_REASONS:
        raise Unreadable(ACTION_REASONS[str(item)])  # An indirect name can only be there to hide.
    stack = [item]
    while stack:
        node = stack.pop()
        values: Any = ()
        if isinstance(node, Dictionary):
            _check_dictionary(node)
            values = [value for _, value in node.items()]
        elif isinstance(node, Array):
            values = node
        stack.extend(
            value
            for value in values
            if isinstance(value, (Array, Dictionary)) and not value.is_indirect
        )


def _check_dictionary(node: Any) -> None:
    """Refuse actions (12.6.4), scripts, and attached executables (7.11.4)."""
    kind = str(node.get("/S", ""))
    if kind in ACTION_REASONS and node.get("/Type") != "/StructElem":
        raise Unreadable(ACTION_REASONS[kind])
    if kind in FILE_ACTIONS and _is_remote(node.get("/F")):
        raise Unreadable("remote")
    if "/JS" in node or "/OnInstantiate" in node:
        raise Unreadable("javascript")
    if str(node.get("/URI", "")).strip().lower().startswith("javascript:"):
        raise Unreadable("javascript")
    if isinstance(node.get("/EF"), Dictionary):
        _check_attachment(node)
    if "/XFA" in node:
        _check_xfa(node.get("/XFA"))


def _is_remote(file: Any) -> bool:
    """Return True if a file specification names a file on another computer (7.11)."""
    if not isinstance(file, Dictionary):
        return file is not None and bool(REMOTE_FILE.match(str(file)))
    names = [str(file.get(key, "")) for key in FILE_NAME_KEYS]
    return file.get("/FS") == Name.URL or any(map(REMOTE_FILE.match, names))


def _check_attachment(filespec: Any) -> None:
    """Refuse an attached file that is an executable by its name or by its first bytes."""
    names = [str(filespec.get(key, "")) for key in FILE_NAME_KEYS]
    name = clean_line(next(filter(None, names), ""), MAX_FILE_NAME_CHARACTERS)
    if any(map(is_executable, names)):
        raise Unreadable("program", name)
    for _, stream in filespec.get("/EF").items():
        if isinstance(stream, Stream) and is_executable(name, bytes(decode_stream(stream)[:4])):
            raise Unreadable("program", name)


def _check_xfa(form: Any) -> None:
    """Refuse a script or a submission in the XML of a form (12.7.8)."""
    parts = list(form) if isinstance(form, Array) else [form]
    xml = b"".join(decode_stream(part) for part in parts if isinstance(part, Stream))
    if XFA_SCRIPT.search(xml):
        raise Unreadable("javascript")
    if XFA_SUBMIT.search(xml):
        raise Unreadable("submit")


def _check_stream_size(stream: Any) -> None:
    """Refuse a stream that is larger than MAX_STREAM_BYTES once decompressed.

    Small streams need not be decompressed, because Flate gains a factor of 1032 at most.
    """
    entry = stream.get("/Filter")
    filters = [str(name) for name in (entry if isinstance(entry, Array) else [entry])]
    flate_count = sum(name in FLATE_FILTERS for name in filters)
    size = len(memoryview(stream.get_raw_stream_buffer()))
    if flate_count and size * MAX_FLATE_RATIO**flate_count > MAX_STREAM_BYTES:
        decode_stream(stream)


def decode_stream(stream: Any) -> memoryview:
    """Return the data of a stream without its filters; the raw data if they are damaged.

    Raise Unreadable if the data is too large.
    """
    try:
        return memoryview(stream.get_stream_buffer())
    except pikepdf.PdfError as error:
        reason = get_error_reason(error)
        if reason in ("bomb", "memory"):
            raise Unreadable(reason) from error
        return memoryview(stream.get_raw_stream_buffer())


def get_error_reason(error: Exception) -> str:
    """Return the reason behind an error of qpdf: a key of `messages.REFUSAL_MESSAGES`."""
    text = str(error)
    return next((reason for sign, reason in ERROR_REASONS.items() if sign in text), "damaged")


def explain_damage(path: str, error: Exception) -> str:
    """Return why qpdf could not read the file at `path`: a key of `messages.REFUSAL_MESSAGES`.

    A file that PDFium can show may well be sound: qpdf refuses objects with numbers that are far
    apart, for example, which the standard allows (7.3.10).
    """
    if (reason := get_error_reason(error)) != "damaged":
        return reason
    try:
        pdf = pypdfium2.PdfDocument(path)
        return "unusual" if len(pdf) and pdf[0].get_size() else "damaged"
    except pypdfium2.PdfiumError:
        return "damaged"
