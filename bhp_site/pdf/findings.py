"""What a machine can see of a PDF's accessibility: the machine-checkable parts of PDF/UA-1.

`find` never fails and never takes longer than it may: what was found until then is its answer.
Where a clause leaves doubt, a file is not blamed. What a file claims of itself (clause 5) is left
alone unless it is claimed wrongly, since no reader gains by it.
"""

import re
import traceback
from typing import Any

from pikepdf import Dictionary, Pdf

from .annotations import check_annotations, check_files, check_xfa
from .content import Content
from .fonts import check_fonts
from .structure import Tree, check_elements, check_headings
from .subject import Late, Subject, dictionary, items, readable, speaks, text
from .tables import check_nesting, check_tables

MANY_PAGES = 20  # beyond which bookmarks are a help
MAX_METADATA = 1024 * 1024  # bytes of XML
IDENTIFICATION = b"http://www.aiim.org/pdfua/ns/id/"  # the name space of clause 5
CLAIM = re.compile(rb"(?<![/\w-])([\w-]+):(part|amd|corr)(?:\s*=\s*[\"']|[^<>]*>)\s*([^<\"'\s]*)")
PREFIX, PARTS = b"pdfuaid", (b"1", b"2")
TITLE_LANGUAGE = re.compile(rb"xml:lang=[\"']([^\"']*)")
NO_LANGUAGE = b"x-default"  # the default of a title in several languages (XMP, 8.2.2.4)


def find(
    pdf: Pdf, deadline: float, *, is_tagged: bool, has_text: bool, has_outline: bool
) -> list[dict[str, Any]]:
    """The findings of a PDF as rows of {"code", "pages"}; codes are keys of `files.explanations`.

    `deadline` is of `time.monotonic`; what is known of the file already comes with the call.
    """
    try:
        look = Look(Subject(pdf, deadline), is_tagged, has_text, has_outline)
    except Exception:
        traceback.print_exc()
        return []
    for check in (
        look.at_title,
        look.at_file,
        look.at_tree,
        look.at_elements,
        look.at_headings,
        look.at_nesting,
        look.at_tables,
        look.at_annotations,
        look.at_content,
        look.at_fonts,
        look.at_text,
    ):
        try:
            check()
        except Late:
            break
        except Exception:  # whatever a hostile file does to one look, the others are taken
            traceback.print_exc()
    return look.subject.rows()


class Look:
    """The looks at one PDF, in their order; `tree` is None where tagging cannot be judged."""

    def __init__(
        self, subject: Subject, is_tagged: bool, has_text: bool, has_outline: bool
    ) -> None:
        self.subject, self.root = subject, subject.pdf.Root
        self.is_tagged, self.has_text, self.has_outline = is_tagged, has_text, has_outline
        self.tree: Tree | None = None
        self.content: Content | None = None

    def at_title(self) -> None:
        """A title that is shown (7.1), and the language of what stands beside the pages (7.2)."""
        subject, root = self.subject, self.root
        if dictionary(root.get("/ViewerPreferences")).get("/DisplayDocTitle") is not True:
            subject.add("title_hidden")
        subject.check_language(root.get("/Lang"))
        outline = dictionary(dictionary(root.get("/Outlines")).get("/First"))
        if not subject.language and speaks(outline, "/Title"):
            subject.add("language_missing")
        if len(subject.pdf.pages) > MANY_PAGES and not self.has_outline:
            subject.add("no_bookmarks")
        data = readable(root.get("/Metadata"))
        if len(data) > MAX_METADATA:
            return
        if not data or not str(subject.pdf.open_metadata().get("dc:title") or "").strip():
            subject.add("title_missing")
        languages = TITLE_LANGUAGE.findall(
            data.partition(b"<dc:title")[2].partition(b"</dc:title")[0]
        )
        if not subject.language and languages and {*languages} == {NO_LANGUAGE}:
            subject.add("language_missing")
        if IDENTIFICATION in data and not is_sound_claim(data):
            subject.add("identification")

    def at_file(self) -> None:
        """What concerns the file as a whole."""
        subject, root = self.subject, self.root
        mark = dictionary(root.get("/MarkInfo"))
        if not self.is_tagged:
            subject.add("not_tagged")
        elif mark.get("/Suspects") is True:
            subject.add("suspects")
        if subject.pdf.is_encrypted and not subject.pdf.allow.accessibility:
            subject.add("locked")
        layers = dictionary(root.get("/OCProperties"))
        for config in [layers.get("/D"), *items(layers.get("/Configs"))]:
            nameless = isinstance(config, Dictionary) and not text(config.get("/Name"))
            if nameless or "/AS" in dictionary(config):
                subject.add("layers")
        check_files(subject)
        check_xfa(subject)

    def at_tree(self) -> None:
        if self.is_tagged:
            self.tree = Tree(self.subject)

    def at_elements(self) -> None:
        if self.tree:
            check_elements(self.subject, self.tree)

    def at_headings(self) -> None:
        if self.tree:
            check_headings(self.subject, self.tree)

    def at_nesting(self) -> None:
        if self.tree:
            check_nesting(self.subject, self.tree)

    def at_tables(self) -> None:
        if self.tree:
            check_tables(self.subject, self.tree)

    def at_annotations(self) -> None:
        check_annotations(self.subject, self.tree)

    def at_content(self) -> None:
        content = Content(self.subject, self.tree)
        content.walk()
        self.content = content

    def at_fonts(self) -> None:
        if self.content:
            check_fonts(self.subject, self.content.fonts.values())

    def at_text(self) -> None:
        """Pictures of words in place of words; a described picture may have none (WCAG 1.4.5)."""
        pictures = self.content and self.content.has_pictures
        described = self.tree and any(one.described for one in self.tree.elements)
        if pictures and not self.has_text and not described:
            self.subject.add("no_text")


def is_sound_claim(metadata: bytes) -> bool:
    """Return True if metadata says as clause 5 asks which part of PDF/UA a file follows."""
    own = rb"xmlns:([\w-]+)\s*=\s*[\"']" + re.escape(IDENTIFICATION)
    prefixes = set(re.findall(own, metadata))
    claims = [found for found in CLAIM.findall(metadata) if found[0] in prefixes]
    parts = [value for _, key, value in claims if key == b"part"]
    return prefixes == {PREFIX} and len(parts) == 1 and parts[0] in PARTS
