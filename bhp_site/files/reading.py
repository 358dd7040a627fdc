"""Reading an uploaded PDF: its facts and cover, or a sentence saying why it cannot be offered.

The bytes come from anywhere, and PDF parsers are large; so they run in a child process that knows
none of this one's secrets, has bounded time and memory, and whose answer is checked.
"""

import json
import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .explanations import EXPLANATIONS

logger = logging.getLogger(__name__)

MAX_PAGES = 2000
MAX_BYTES = 100 * 1024 * 1024
MAX_SECONDS = 10.0
MAX_TEXT_SECONDS = 60.0  # nobody waits for it
MAX_MEMORY = 1024 * 1024 * 1024  # address space of the child, in bytes
MOST_NUMBER = 1_000_000  # of a page
NOT_KEPT = re.compile("[\0\ud800-\udfff]")
PNG = b"\x89PNG\r\n\x1a\n"  # how one begins
HEADER_WITHIN = 1024  # readers accept %PDF anywhere in these first bytes
# The child runs isolated, so that it is told where the site's code is; it imports no more of it.
ROOT = Path(__file__).resolve().parents[2]
START = (
    "import importlib, json, sys; sys.path.append(sys.argv[1]); "
    "importlib.import_module('bhp_site.pdf.' + sys.argv[2]).run(json.loads(sys.argv[3]))"
)

# What an editor reads, by reason: what is wrong, then the way out.
SENTENCES = {
    "gone": "This file is not there any more. Export it again from the original document, and "
    "upload the new file.",
    "empty": "This file is empty. Look at it on your own computer; if it is empty there too, "
    "export it again from the original document.",
    "not_pdf": "This is not a PDF, although its name says so. Export the document as PDF from the "
    "program it was made in, and upload that file.",
    "bytes": "This PDF is larger than {max_mb} MB. Export it with smaller pictures (many programs "
    "call this “minimum size”), or divide it into several files.",
    "pages": "This PDF has more than {max_pages:,} pages. Divide it into several files, for "
    "example one for each part.",
    "damaged": "This PDF is damaged or incomplete and cannot be read. Export it again from the "
    "original document, or copy it again, and upload the new file.",
    "no_pages": "This PDF has no pages. Look at it on your own computer; if it is empty there too, "
    "export it again from the original document.",
    "unusual": "Other programs can show this PDF, but this site cannot check it: its parts are "
    "numbered or stored in an unusual way. Export it again from the original document, or save a "
    "copy of it in Acrobat, and upload the new file.",
    "password": "This PDF is locked with a password, so visitors could not open it. Remove the "
    "password in the program it was made in, and upload it without.",
    "javascript": "This PDF contains JavaScript, a program that would run on visitors’ computers. "
    "Remove the scripts in the program it was made in, or export it again without them.",
    "launch": "This PDF contains a launch action, which starts a program on visitors’ computers. "
    "Remove the button or link that does so, and export it again.",
    "submit": "This PDF contains a form that sends what is typed into it elsewhere. Remove the "
    "form’s submit button, or offer a web form instead, and export it again.",
    "import": "This PDF contains an action that imports data from visitors’ computers. Remove the "
    "button or link that does so, and export it again.",
    "program": "This PDF has a program attached{named}. Remove the attachment, and export the PDF "
    "again.",
    "bomb": "A part of this PDF unfolds to an enormous size, which could stop visitors’ "
    "computers. Export it again from the original document, with smaller pictures.",
    "crash": "Reading this PDF failed: it is damaged, or some page of it is far too complicated. "
    "Export it again from the original document, with simpler drawings and smaller pictures.",
    "time": "Reading this PDF took longer than {seconds:g} seconds, so it would be slow for "
    "visitors too. Export it again with simpler drawings and smaller pictures, or divide it.",
    "memory": "Reading this PDF needs more memory than is allowed, so many visitors could not "
    "open it either. Export it again with smaller pictures, or divide it into several files.",
}
# What may be owed to how much is asked of the child, rather than to the file.
OVERCOME = {"time", "memory", "crash"}
CHILD_REASONS = SENTENCES.keys() - {"gone", "empty", "not_pdf", "bytes", "time", "crash"}


class Unreadable(Exception):
    """The file must not be offered. `reason` is a key of SENTENCES; `sentence` is for editors."""

    def __init__(self, reason: str, **values: Any) -> None:
        self.reason = reason
        self.sentence = SENTENCES[reason].format(**values)
        super().__init__(self.sentence)


@dataclass(frozen=True)
class OutlineEntry:
    """A bookmark: its page from 1 (None where it leads nowhere), its level from 1."""

    title: str
    page: int | None
    level: int


@dataclass(frozen=True)
class Finding:
    """A key of `explanations.EXPLANATIONS`, and the first pages it is found on.

    Pages count from 1; there are none where the finding is of the whole file.
    """

    code: str
    pages: tuple[int, ...]


@dataclass(frozen=True)
class Texts:
    """The words of pages by their numbers from 1; `whole` where nothing was left off."""

    pages: dict[int, str]
    whole: bool
    outline: tuple[OutlineEntry, ...] = ()


@dataclass(frozen=True)
class PdfFacts:
    """What a PDF says about itself.

    `title` and `language` (a BCP 47 tag) are "" where the file has none; `encrypted` means that it
    restricts editing but opens without a password; `outline` has at most 500 entries; `cover_png`
    is page 1, at most 1280 by 2500 pixels, None where that page is blank or cannot be drawn.
    """

    pages: int
    title: str
    language: str
    is_tagged: bool
    has_text: bool
    encrypted: bool
    outline: tuple[OutlineEntry, ...]
    findings: tuple[Finding, ...]
    cover_png: bytes | None
    texts: Texts | None = None


def read_pdf(
    path: Path,
    *,
    max_pages: int = MAX_PAGES,
    max_bytes: int = MAX_BYTES,
    seconds: float = MAX_SECONDS,
    memory_bytes: int = MAX_MEMORY,
    scratch: Path | None = None,
    with_texts: bool = False,
) -> PdfFacts:
    """The facts of the PDF at `path`; raises Unreadable where it must not be offered.

    `seconds` of wall clock and of processor time. The child writes into a folder below `scratch`
    (the system's own where None), which is gone afterwards.
    """
    size = path.stat().st_size
    if not size:
        raise Unreadable("empty")
    if size > max_bytes:
        raise Unreadable("bytes", max_mb=f"{max_bytes / 1_000_000:g}")
    with path.open("rb") as file:
        if b"%PDF" not in file.read(HEADER_WITHIN):
            raise Unreadable("not_pdf")
    with tempfile.TemporaryDirectory(prefix="pdf-", dir=scratch) as folder:
        cover = Path(folder, "cover.png")
        order = {
            "path": str(path.resolve()),
            "cover": str(cover),
            "max_pages": max_pages,
            "seconds": seconds,
            "memory_bytes": memory_bytes,
            "with_texts": with_texts,
        }
        answer = ask("reader", order, Path(folder))
        if "refused" in answer:
            reason, detail = str(answer["refused"]), str(answer.get("detail") or "")[:80]
            named = f", “{detail}”" if detail else ""
            raise Unreadable(
                reason if reason in CHILD_REASONS else "crash", max_pages=max_pages, named=named
            )
        picture = cover.read_bytes() if cover.is_file() else None
    return _facts(answer, picture)


def read_texts(
    path: Path,
    suffix: str,
    *,
    seconds: float = MAX_TEXT_SECONDS,
    memory_bytes: int = MAX_MEMORY,
    scratch: Path | None = None,
) -> Texts:
    """The words of the file at `path`, whose extension is `suffix`; raises Unreadable."""
    order = {
        "path": str(path.resolve()),
        "suffix": suffix,
        "seconds": seconds,
        "memory_bytes": memory_bytes,
    }
    with tempfile.TemporaryDirectory(prefix="text-", dir=scratch) as folder:
        answer = ask("text_reader", order, Path(folder))
    if "refused" in answer:
        raise Unreadable("memory" if answer["refused"] == "memory" else "damaged")
    return _texts(answer)


def _outline(rows: Any) -> tuple[OutlineEntry, ...]:
    return tuple(
        OutlineEntry(str(title), None if page is None else int(page), int(level))
        for title, page, level in rows
    )


def _texts(answer: dict[str, Any]) -> Texts:
    """The child's answer, checked; raises Unreadable."""
    try:
        pages = {int(number): text for number, text in answer["texts"].items()}
        if not all(0 < number <= MOST_NUMBER and text for number, text in pages.items()):
            raise ValueError("no number of a page, or no words")
        if any(NOT_KEPT.search(text) for text in pages.values()):
            raise ValueError("a sign that no database keeps")
        return Texts(pages, bool(answer["whole"]), _outline(answer["outline"]))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("crash") from error


def ask(reader: str, order: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run a `reader` of `bhp_site.pdf` and return its answer.

    Raises Unreadable where it did not live to give one. Both of its outputs are files, whose size
    the child's limits bound, rather than pipes.
    """
    command = [sys.executable, "-I", "-c", START, str(ROOT), reader, json.dumps(order)]
    # Nothing of the environment, which holds the site's secrets, but where libraries are found.
    env = {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"} | {"LC_ALL": "C.UTF-8"}
    told, said = folder / "answer.json", folder / "errors.txt"
    with told.open("wb") as out, said.open("wb") as err:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=env,
            start_new_session=True,
        )
        try:
            code = child.wait(order["seconds"])
        except subprocess.TimeoutExpired:
            raise Unreadable("time", seconds=order["seconds"]) from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
    if errors := said.read_text(errors="replace").strip():
        level = logging.WARNING if code else logging.INFO
        logger.log(level, "PDF reader, exit %s: %s", code, errors[-2000:])
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable("time", seconds=order["seconds"])
    try:
        answer = json.loads(told.read_bytes())
    except (ValueError, RecursionError):
        answer = None
    if code or not isinstance(answer, dict):
        raise Unreadable("crash")
    return answer


def _facts(answer: dict[str, Any], picture: bytes | None) -> PdfFacts:
    """The child's answer as facts, each checked for its type; raises Unreadable."""
    kinds = {
        "pages": int,
        "title": str,
        "language": str,
        "is_tagged": bool,
        "has_text": bool,
        "encrypted": bool,
    }
    try:
        if answer["pages"] < 1 or not all(isinstance(answer[k], kinds[k]) for k in kinds):
            raise TypeError(answer)
        outline = _outline(answer["outline"])
        findings = tuple(
            Finding(row["code"], tuple(map(int, row["pages"]))) for row in answer["findings"]
        )
        if not all(one.code in EXPLANATIONS for one in findings):
            raise ValueError(findings)
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("crash") from error
    if picture is not None and not picture.startswith(PNG):
        picture = None
    known = {name: answer[name] for name in kinds}
    texts = _texts(answer) if "texts" in answer else None
    return PdfFacts(**known, outline=outline, findings=findings, cover_png=picture, texts=texts)
