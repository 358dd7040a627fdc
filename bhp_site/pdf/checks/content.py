"""Checks the content of pages: whether all of it is tagged or an artifact, and its fonts."""

from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from bhp_site.pdf.checks.check_context import TEXT_KEYS, CheckContext, needs_language
from bhp_site.pdf.objects import (
    MAX_CONTENT_BYTES,
    as_dictionary,
    get_content_size,
    get_inherited,
    get_name,
    get_text,
    is_int,
)
from bhp_site.pdf.structure import StructureTree

MAX_FORM_DEPTH = 12
MAX_STACK = 10_000  # marks and graphics states left open
MIN_BYTES_PER_SECOND = 500_000  # of content that is parsed
INSTRUCTIONS_PER_DEADLINE_CHECK = 5000
TEXT_OPERATORS = {"Tj", "TJ", "'", '"'}
PAINTING_OPERATORS = {
    *("sh", "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "INLINE IMAGE"),
}
OPERATORS = " ".join((*TEXT_OPERATORS, *PAINTING_OPERATORS, "BMC BDC EMC Tf Tr q Q gs Do BI ID EI"))
# Running heads and page numbers may be this share of a page's letters.
MAX_RUNNING_HEAD_SHARE = 0.2
# More letters than these are more than a running head and a page number.
MIN_LETTERS_OF_FILE, MIN_LETTERS_OF_PAGE = 12, 150
INVISIBLE_MODE = 3  # text rendering mode (ISO 32000-1, 9.3.6)


@dataclass
class UsedFont:
    """A font that text is set in, with its codes as they stand in strings.

    `visible` are strings that can be seen, `readable` those that are read aloud or copied, `used`
    all of them. `pages` count from 1.
    """

    node: Any
    pages: set[int] = field(default_factory=set)
    visible: set[bytes] = field(default_factory=set)
    readable: set[bytes] = field(default_factory=set)
    used: set[bytes] = field(default_factory=set)


@dataclass(frozen=True)
class ContentState:
    """The state at a place of the content: the marks around it, combined.

    `is_own` says that the mark which tags it, or makes it an artifact, is of the same stream.
    """

    is_artifact: bool = False
    is_tagged: bool = False
    has_language: bool = False
    is_replaced: bool = False
    is_own: bool = False


class ContentCheck:
    """Walks through the content of all pages once and records findings.

    Afterwards `fonts` maps object numbers to fonts that are used, and `has_images` says whether
    any page draws an image.
    """

    def __init__(self, context: CheckContext, tree: StructureTree | None) -> None:
        self.context, self.tree = context, tree
        self.fonts: dict[Any, UsedFont] = {}
        self.has_images = False
        self.seen_forms: set[Any] = set()
        self.page = self.letters = self.untagged_letters = 0
        # Letters of each page that are artifacts, and the pages that hold anything else.
        self.artifact_letters: dict[int, int] = {}
        self.pages_with_content: set[int] = set()
        # Forms with content of the structure tree, and the pages that draw each form.
        self.tagged_forms: set[Any] = set()
        self.drawn_on: dict[Any, list[int]] = {}

    def run(self) -> None:
        """Read all pages; raise DeadlineExceeded if there is no time left."""
        for number, page in enumerate(self.context.pdf.pages, 1):
            self.page, self.letters, self.untagged_letters = number, 0, 0
            resources = as_dictionary(get_inherited(page.obj, "/Resources"))
            ContentStreamReader(self, page.obj, resources, ContentState(), 0).read()
            if self.untagged_letters:
                is_much = self.untagged_letters > MAX_RUNNING_HEAD_SHARE * self.letters
                self.context.add_finding("untagged" if is_much else "unmarked", number)
        self._check_artifact_pages()
        for form in self.tagged_forms:
            if len(pages := self.drawn_on.get(form, [])) > 1:
                for number in pages:
                    self.context.add_finding("forms_repeated", number)

    def _check_artifact_pages(self) -> None:
        """Record pages whose text is all artifacts although there is much of it."""
        if not self.tree or not self.tree.is_complete:
            return
        total = sum(self.artifact_letters.values())
        is_whole_file = not self.pages_with_content and total >= MIN_LETTERS_OF_FILE
        min_letters = 1 if is_whole_file else MIN_LETTERS_OF_PAGE
        for number, letters in self.artifact_letters.items():
            if letters >= min_letters and number not in self.pages_with_content:
                self.context.add_finding("all_set_aside", number)

    def get_font(self, node: Any) -> UsedFont | None:
        """Return the record of a font object; None for anything else."""
        if not isinstance(node, Dictionary):
            return None
        key = node.objgen if node.is_indirect else node.unparse()
        return self.fonts.setdefault(key, UsedFont(node))

    def _is_untagged(self, state: ContentState) -> bool:
        """Return True if content is neither tagged nor an artifact (7.1)."""
        is_known = self.tree and self.tree.is_complete
        return bool(is_known) and not (state.is_tagged or state.is_artifact)

    def record_painting(self, state: ContentState) -> None:
        """Record that a line, an area or an image is painted on the current page in `state`."""
        if not state.is_artifact:
            self.pages_with_content.add(self.page)
        if self._is_untagged(state):
            self.context.add_finding("unmarked", self.page)

    def record_text(
        self, codes: bytes, font: UsedFont | None, rendering_mode: int, state: ContentState
    ) -> None:
        """Record a string that is shown on the current page in `state`.

        `codes` are its bytes, `font` is None if it cannot be read, and `rendering_mode` is that of
        ISO 32000-1, 9.3.6.
        """
        if state.is_artifact:
            count = self.artifact_letters.get(self.page, 0)
            self.artifact_letters[self.page] = count + len(codes)
        else:
            self.pages_with_content.add(self.page)
            self.letters += len(codes)
        self.untagged_letters += len(codes) if self._is_untagged(state) else 0
        if not (state.has_language or state.is_artifact or self.context.has_language):
            self.context.add_finding("language_missing", self.page)
        if font:
            font.pages.add(self.page)
            font.used.add(codes)
            if rendering_mode != INVISIBLE_MODE:
                font.visible.add(codes)
            if not (state.is_artifact or state.is_replaced):
                font.readable.add(codes)

    def enter_mark(
        self, tag: str, properties: Any, holder: Any, outer: ContentState
    ) -> ContentState:
        """Return the state within marked content, and record wrong nesting (7.1).

        `holder` is the page or form that contains it, `outer` the state around it.
        """
        context, page = self.context, self.page
        context.check_language(properties.get("/Lang"), page)
        has_language = outer.has_language or bool(get_text(properties.get("/Lang")))
        is_replaced = outer.is_replaced or bool(get_text(properties.get("/ActualText")))
        if tag == "Artifact":
            if outer.is_tagged and outer.is_own:
                context.add_finding("artifact_within", page)
            return ContentState(True, False, has_language, is_replaced, True)
        number = properties.get("/MCID")
        element = None
        if self.tree and is_int(number):
            element = self.tree.find_content_element(holder, number)
        if element and isinstance(holder, Stream):
            self.tagged_forms.add(holder.objgen)
        if element:
            has_language = has_language or element.has_language
            is_replaced = is_replaced or element.is_described
        is_known = has_language or context.has_language
        if tag == "Span" and not is_known and needs_language(properties, *TEXT_KEYS):
            context.add_finding("language_missing", page)
        if not element:
            return replace(outer, has_language=has_language, is_replaced=is_replaced)
        if outer.is_artifact and outer.is_own:
            context.add_finding("artifact_within", page)
        return ContentState(False, True, has_language, is_replaced, True)


class ContentStreamReader:
    """Reads the content stream of one page or form, which begins in `state`."""

    def __init__(
        self, check: ContentCheck, holder: Any, resources: Any, state: ContentState, depth: int
    ) -> None:
        self.check, self.holder, self.resources = check, holder, resources
        self.depth = depth
        self.marks = [replace(state, is_own=False)]
        self.graphics_states: list[tuple[UsedFont | None, int]] = []
        self.font: UsedFont | None = None
        self.rendering_mode = 0
        self.handlers = {
            "BMC": self._begin_mark,
            "BDC": self._begin_mark,
            "EMC": self._end_mark,
            "q": self._save_state,
            "Q": self._restore_state,
            "Tf": self._set_font,
            "gs": self._set_graphics_state,
            "Tr": self._set_rendering_mode,
            "Do": self._draw_object,
        } | dict.fromkeys(TEXT_OPERATORS, self._show_text)

    def read(self) -> None:
        """Read all instructions; skip content that is damaged or too large."""
        context = self.check.context
        size = get_content_size(self.holder)
        if not 0 < size <= MAX_CONTENT_BYTES:
            return
        context.check_deadline(size / MIN_BYTES_PER_SECOND)
        try:
            instructions = pikepdf.parse_content_stream(self.holder, OPERATORS)
        except pikepdf.PdfError:
            return
        for count, instruction in enumerate(instructions):
            if count % INSTRUCTIONS_PER_DEADLINE_CHECK == 0:
                context.check_deadline()
            operator = str(instruction.operator)
            if operator in PAINTING_OPERATORS:
                self.check.record_painting(self.marks[-1])
            else:
                self.handlers[operator](instruction.operands)

    def _begin_mark(self, operands: Any) -> None:
        properties = operands[1] if len(operands) > 1 else None
        if isinstance(properties, Name):
            properties = self._get_resource("/Properties", properties)
        tag = get_name(operands[0]) if len(operands) else ""
        if len(self.marks) < MAX_STACK:
            outer = self.marks[-1]
            self.marks.append(
                self.check.enter_mark(tag, as_dictionary(properties), self.holder, outer)
            )

    def _end_mark(self, operands: Any) -> None:
        if len(self.marks) > 1:
            self.marks.pop()

    def _save_state(self, operands: Any) -> None:
        if len(self.graphics_states) < MAX_STACK:
            self.graphics_states.append((self.font, self.rendering_mode))

    def _restore_state(self, operands: Any) -> None:
        if self.graphics_states:
            self.font, self.rendering_mode = self.graphics_states.pop()

    def _set_font(self, operands: Any) -> None:
        node = self._get_resource("/Font", operands[0] if operands else None)
        self.font = self.check.get_font(node)

    def _set_graphics_state(self, operands: Any) -> None:
        state = as_dictionary(self._get_resource("/ExtGState", operands[0] if operands else None))
        font = state.get("/Font")
        if isinstance(font, Array) and len(font):
            self.font = self.check.get_font(font[0])

    def _set_rendering_mode(self, operands: Any) -> None:
        self.rendering_mode = operands[0] if operands and is_int(operands[0]) else 0

    def _show_text(self, operands: Any) -> None:
        operand = operands[-1] if len(operands) else None
        strings = operand if isinstance(operand, Array) else [operand]
        codes = b"".join(bytes(string) for string in strings if isinstance(string, String))
        if codes:
            self.check.record_text(codes, self.font, self.rendering_mode, self.marks[-1])

    def _draw_object(self, operands: Any) -> None:
        """Record an image; read a form, unless it was read in the same state before."""
        check = self.check
        node = self._get_resource("/XObject", operands[0] if operands else None)
        if not isinstance(node, Stream):
            return
        state, kind = self.marks[-1], get_name(node.get("/Subtype"))
        if kind == "Image":
            check.has_images = True
            check.record_painting(state)
        if kind == "Form":
            check.drawn_on.setdefault(node.objgen, []).append(check.page)
        key = (node.objgen, state)
        if kind == "Form" and self.depth < MAX_FORM_DEPTH and key not in check.seen_forms:
            check.seen_forms.add(key)
            if "/Ref" in node:
                check.context.add_finding("other_file", check.page)
            resources = as_dictionary(node.get("/Resources", self.resources))
            ContentStreamReader(check, node, resources, state, self.depth + 1).read()

    def _get_resource(self, group: str, key: Any) -> Any:
        resources = as_dictionary(self.resources.get(group))
        return resources.get(key) if isinstance(key, Name) else None
