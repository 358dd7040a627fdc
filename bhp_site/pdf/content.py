"""The content of pages: whether all of it is tagged or set aside, and which fonts set its words."""

from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from .structure import Tree
from .subject import WORDS, Subject, dictionary, inherited, is_int, name, readable, speaks, text

MAX_DEPTH = 12  # forms within forms
MAX_STACK = 10_000  # marks and states left open
MAX_CONTENT = 2 * 1024 * 1024  # bytes of a page or a form, which pikepdf reads in one go
SLOWEST = 500_000  # bytes of content read in a second, at least
SHOWING = {"Tj", "TJ", "'", '"'}
PAINTING = {"sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "INLINE IMAGE"}
OPERATORS = " ".join((*SHOWING, *PAINTING, "BMC BDC EMC Tf Tr q Q gs Do BI ID EI"))
FURNITURE = 0.2  # of the letters of a page may be running titles and page numbers
# Letters that are more than a running head and a page number.
MIN_LETTERS_OF_FILE, MIN_LETTERS_OF_PAGE = 12, 150
INVISIBLE = 3  # text rendering mode


@dataclass
class Font:
    """A font that words are set in: its codes as they stand in the strings shown.

    `shown` are strings that appear, `read` those that somebody hears or copies; `used` are all.
    """

    node: Any
    pages: set[int] = field(default_factory=set)
    shown: set[bytes] = field(default_factory=set)
    read: set[bytes] = field(default_factory=set)
    used: set[bytes] = field(default_factory=set)


@dataclass(frozen=True)
class Mark:
    """What holds at a place of the content: the marks around it, added up.

    `here` says that the mark that tags it, or sets it aside, is of the same stream.
    """

    artifact: bool = False
    tagged: bool = False
    language: bool = False
    replaced: bool = False
    here: bool = False


class Content:
    """Walks the pages once. `fonts` by object; `has_pictures` and `has_words` of the whole."""

    def __init__(self, subject: Subject, tree: Tree | None) -> None:
        self.subject, self.tree = subject, tree
        self.fonts: dict[Any, Font] = {}
        self.has_pictures = self.has_words = False
        self.seen: set[Any] = set()
        self.page = self.letters = self.loose = 0
        # Letters of each page that are set aside, and whether anything of it is not.
        self.set_aside: dict[int, int] = {}
        self.others: set[int] = set()
        # Forms with content of the structure tree, and the pages that draw each form.
        self.marked_forms: set[Any] = set()
        self.drawn_on: dict[Any, list[int]] = {}

    def walk(self) -> None:
        for number, page in enumerate(self.subject.pdf.pages, 1):
            self.page, self.letters, self.loose = number, 0, 0
            resources = dictionary(inherited(page.obj, "/Resources"))
            Drawing(self, page.obj, resources, Mark(), 0).read()
            if self.loose:
                much = self.loose > FURNITURE * self.letters
                self.subject.add("untagged" if much else "unmarked", number)
        self._check_set_aside()
        for form in self.marked_forms:
            if len(pages := self.drawn_on.get(form, [])) > 1:
                for number in pages:
                    self.subject.add("forms_repeated", number)

    def _check_set_aside(self) -> None:
        """Tell of pages whose words are all marked as decoration, although they are many."""
        if not self.tree or not self.tree.complete:
            return
        total = sum(self.set_aside.values())
        least = 1 if not self.others and total >= MIN_LETTERS_OF_FILE else MIN_LETTERS_OF_PAGE
        for number, letters in self.set_aside.items():
            if letters >= least and number not in self.others:
                self.subject.add("all_set_aside", number)

    def font(self, node: Any) -> Font | None:
        if not isinstance(node, Dictionary):
            return None
        key = node.objgen if node.is_indirect else node.unparse()
        return self.fonts.setdefault(key, Font(node))

    def is_loose(self, mark: Mark) -> bool:
        """Whether something is neither tagged nor set aside as decoration (7.1)."""
        known = self.tree and self.tree.complete
        return bool(known) and not (mark.tagged or mark.artifact)

    def paint(self, mark: Mark) -> None:
        if not mark.artifact:
            self.others.add(self.page)
        if self.is_loose(mark):
            self.subject.add("unmarked", self.page)

    def show(self, codes: bytes, font: Font | None, mode: int, mark: Mark) -> None:
        self.has_words = True
        if mark.artifact:
            self.set_aside[self.page] = self.set_aside.get(self.page, 0) + len(codes)
        else:
            self.others.add(self.page)
        self.letters += 0 if mark.artifact else len(codes)
        self.loose += len(codes) if self.is_loose(mark) else 0
        if not (mark.language or mark.artifact or self.subject.language):
            self.subject.add("language_missing", self.page)
        if font:
            font.pages.add(self.page)
            font.used.add(codes)
            if mode != INVISIBLE:
                font.shown.add(codes)
            if not (mark.artifact or mark.replaced):
                font.read.add(codes)

    def marked(self, tag: str, properties: Any, holder: Any, around: Mark) -> Mark:
        """The state within a mark of `holder`; tells of marks within the wrong ones (7.1)."""
        subject, page = self.subject, self.page
        subject.check_language(properties.get("/Lang"), page)
        known = around.language or bool(text(properties.get("/Lang")))
        replaced = around.replaced or bool(text(properties.get("/ActualText")))
        if tag == "Artifact":
            if around.tagged and around.here:
                subject.add("artifact_within", page)
            return Mark(True, False, known, replaced, True)
        number = properties.get("/MCID")
        element = self.tree.holder(holder, number) if self.tree and is_int(number) else None
        if element and isinstance(holder, Stream):
            self.marked_forms.add(holder.objgen)
        if element:
            known, replaced = known or element.language, replaced or element.described
        if tag == "Span" and not (known or subject.language) and speaks(properties, *WORDS):
            subject.add("language_missing", page)
        if not element:
            return replace(around, language=known, replaced=replaced)
        if around.artifact and around.here:
            subject.add("artifact_within", page)
        return Mark(False, True, known, replaced, True)


class Drawing:
    """One page or form, read under `mark`: its marks and graphics states, as they nest."""

    def __init__(
        self, content: Content, holder: Any, resources: Any, mark: Mark, depth: int
    ) -> None:
        self.content, self.holder, self.resources = content, holder, resources
        self.depth = depth
        self.marks = [replace(mark, here=False)]
        self.states: list[tuple[Font | None, int]] = []
        self.font: Font | None = None
        self.mode = 0
        self.obey = {
            "BMC": self._open,
            "BDC": self._open,
            "EMC": self._close,
            "q": self._save,
            "Q": self._restore,
            "Tf": self._set_font,
            "gs": self._set_state,
            "Tr": self._set_mode,
            "Do": self._draw,
        } | dict.fromkeys(SHOWING, self._show)

    def read(self) -> None:
        subject = self.content.subject
        size = content_size(self.holder)
        if not 0 < size <= MAX_CONTENT:
            return
        subject.check_time(size / SLOWEST)
        try:
            instructions = pikepdf.parse_content_stream(self.holder, OPERATORS)
        except pikepdf.PdfError:
            return
        for count, instruction in enumerate(instructions):
            if count % 5000 == 0:
                subject.check_time()
            operator = str(instruction.operator)
            if operator in PAINTING:
                self.content.paint(self.marks[-1])
            else:
                self.obey[operator](instruction.operands)

    def _open(self, operands: Any) -> None:
        given = operands[1] if len(operands) > 1 else None
        if isinstance(given, Name):
            given = self._resource("/Properties", given)
        tag = name(operands[0]) if len(operands) else ""
        if len(self.marks) < MAX_STACK:
            around = self.marks[-1]
            mark = self.content.marked(tag, dictionary(given), self.holder, around)
            self.marks.append(mark)

    def _close(self, operands: Any) -> None:
        if len(self.marks) > 1:
            self.marks.pop()

    def _save(self, operands: Any) -> None:
        if len(self.states) < MAX_STACK:
            self.states.append((self.font, self.mode))

    def _restore(self, operands: Any) -> None:
        if self.states:
            self.font, self.mode = self.states.pop()

    def _set_font(self, operands: Any) -> None:
        self.font = self.content.font(self._resource("/Font", operands[0] if operands else None))

    def _set_state(self, operands: Any) -> None:
        state = dictionary(self._resource("/ExtGState", operands[0] if operands else None))
        font = state.get("/Font")
        if isinstance(font, Array) and len(font):
            self.font = self.content.font(font[0])

    def _set_mode(self, operands: Any) -> None:
        self.mode = operands[0] if operands and is_int(operands[0]) else 0

    def _show(self, operands: Any) -> None:
        shown = operands[-1] if len(operands) else None
        strings = shown if isinstance(shown, Array) else [shown]
        codes = b"".join(bytes(one) for one in strings if isinstance(one, String))
        if codes:
            self.content.show(codes, self.font, self.mode, self.marks[-1])

    def _draw(self, operands: Any) -> None:
        drawn, content = self._resource("/XObject", operands[0] if operands else None), self.content
        if not isinstance(drawn, Stream):
            return
        mark, kind = self.marks[-1], name(drawn.get("/Subtype"))
        if kind == "Image":
            content.has_pictures = True
            content.paint(mark)
        if kind == "Form":
            content.drawn_on.setdefault(drawn.objgen, []).append(content.page)
        seen = (drawn.objgen, mark)
        if kind == "Form" and self.depth < MAX_DEPTH and seen not in content.seen:
            content.seen.add(seen)
            if "/Ref" in drawn:
                content.subject.add("other_file", content.page)
            resources = dictionary(drawn.get("/Resources", self.resources))
            Drawing(content, drawn, resources, mark, self.depth + 1).read()

    def _resource(self, group: str, key: Any) -> Any:
        found = dictionary(self.resources.get(group))
        return found.get(key) if isinstance(key, Name) else None


def content_size(holder: Any) -> int:
    """Bytes of the content of a page or a form; 0 where it has none that can be read."""
    parts = holder if isinstance(holder, Stream) else holder.get("/Contents")
    streams = list(parts) if isinstance(parts, Array) else [parts]
    return sum(len(readable(one)) for one in streams)
