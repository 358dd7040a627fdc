"""Checks what software can check of a PDF's accessibility: parts of PDF/UA-1 (ISO 14289-1:2014).

Where a clause leaves doubt, a file is not blamed. What a file claims of itself (clause 5) is only
advice, since readers gain nothing by it.
"""

import re
import traceback
from typing import Any

from pikepdf import Dictionary, Pdf

from bhp_site.pdf.checks.annotations import check_annotations, check_attachments, check_xfa_form
from bhp_site.pdf.checks.check_context import CheckContext, needs_language
from bhp_site.pdf.checks.content import ContentCheck
from bhp_site.pdf.checks.elements import check_elements, check_headings
from bhp_site.pdf.checks.fonts import check_fonts
from bhp_site.pdf.checks.tables import check_nesting, check_tables
from bhp_site.pdf.errors import DeadlineExceeded
from bhp_site.pdf.objects import as_dictionary, as_list, get_text, read_stream
from bhp_site.pdf.structure import StructureTree

MAX_PAGES_WITHOUT_BOOKMARKS = 20
MAX_METADATA_BYTES = 1024 * 1024
PDF_UA_NAMESPACE = b"http://www.aiim.org/pdfua/ns/id/"
PDF_UA_PREFIX, PDF_UA_PARTS = b"pdfuaid", (b"1", b"2")
CLAIM = re.compile(rb"(?<![/\w-])([\w-]+):(part|amd|corr)(?:\s*=\s*[\"']|[^<>]*>)\s*([^<\"'\s]*)")
TITLE_LANGUAGE = re.compile(rb"xml:lang=[\"']([^\"']*)")
DEFAULT_LANGUAGE = b"x-default"  # of a title in several languages (XMP, 8.2.2.4)


def run_checks(
    pdf: Pdf, deadline: float, *, is_tagged: bool, has_text: bool, has_outline: bool
) -> list[dict[str, Any]]:
    """Return the findings of a PDF as rows of {"code", "pages"}, pages from 1.

    Codes are keys of `messages.FINDING_MESSAGES`. `deadline` is of `time.monotonic`; what has been
    found until then is returned. `is_tagged`, `has_text` and `has_outline` are known already when
    the checks begin. Never raise.
    """
    try:
        run = CheckRun(CheckContext(pdf, deadline), is_tagged, has_text, has_outline)
    except Exception:
        traceback.print_exc()
        return []
    for check in (
        run.check_metadata,
        run.check_catalogue,
        run.check_structure,
        run.check_elements,
        run.check_headings,
        run.check_nesting,
        run.check_tables,
        run.check_annotations,
        run.check_content,
        run.check_fonts,
        run.check_text,
    ):
        try:
            check()
        except DeadlineExceeded:
            break
        except Exception:  # Whatever a hostile file does to one check, the others are made.
            traceback.print_exc()
    return run.context.as_rows()


class CheckRun:
    """The checks of one PDF, in their order; `tree` is None if its tags cannot be judged."""

    def __init__(
        self, context: CheckContext, is_tagged: bool, has_text: bool, has_outline: bool
    ) -> None:
        self.context, self.root = context, context.pdf.Root
        self.is_tagged, self.has_text, self.has_outline = is_tagged, has_text, has_outline
        self.tree: StructureTree | None = None
        self.content: ContentCheck | None = None

    def check_metadata(self) -> None:
        """Check the title (7.1), and the language of text outside the pages (7.2)."""
        context, root = self.context, self.root
        if as_dictionary(root.get("/ViewerPreferences")).get("/DisplayDocTitle") is not True:
            context.add_finding("title_hidden")
        context.check_language(root.get("/Lang"))
        outline = as_dictionary(as_dictionary(root.get("/Outlines")).get("/First"))
        if not context.has_language and needs_language(outline, "/Title"):
            context.add_finding("language_missing")
        if len(context.pdf.pages) > MAX_PAGES_WITHOUT_BOOKMARKS and not self.has_outline:
            context.add_finding("no_bookmarks")
        metadata = read_stream(root.get("/Metadata"))
        if len(metadata) > MAX_METADATA_BYTES:
            return
        if not metadata or not str(context.pdf.open_metadata().get("dc:title") or "").strip():
            context.add_finding("title_missing")
        title = metadata.partition(b"<dc:title")[2].partition(b"</dc:title")[0]
        languages = {*TITLE_LANGUAGE.findall(title)}
        if not context.has_language and languages == {DEFAULT_LANGUAGE}:
            context.add_finding("language_missing")
        if PDF_UA_NAMESPACE in metadata and not is_valid_claim(metadata):
            context.add_finding("identification")

    def check_catalogue(self) -> None:
        """Check what concerns the file as a whole: tags, security, layers, attachments, forms."""
        context, root = self.context, self.root
        if not self.is_tagged:
            context.add_finding("not_tagged")
        elif as_dictionary(root.get("/MarkInfo")).get("/Suspects") is True:
            context.add_finding("suspects")
        if context.pdf.is_encrypted and not context.pdf.allow.accessibility:
            context.add_finding("locked")
        layers = as_dictionary(root.get("/OCProperties"))
        for config in [layers.get("/D"), *as_list(layers.get("/Configs"))]:
            is_unnamed = isinstance(config, Dictionary) and not get_text(config.get("/Name"))
            if is_unnamed or "/AS" in as_dictionary(config):
                context.add_finding("layers")
        check_attachments(context)
        check_xfa_form(context)

    def check_structure(self) -> None:
        """Read the structure tree, which the next checks need."""
        if self.is_tagged:
            self.tree = StructureTree(self.context)

    def check_elements(self) -> None:
        """Run `elements.check_elements`."""
        if self.tree:
            check_elements(self.context, self.tree)

    def check_headings(self) -> None:
        """Run `elements.check_headings`."""
        if self.tree:
            check_headings(self.context, self.tree)

    def check_nesting(self) -> None:
        """Run `tables.check_nesting`."""
        if self.tree:
            check_nesting(self.context, self.tree)

    def check_tables(self) -> None:
        """Run `tables.check_tables`."""
        if self.tree:
            check_tables(self.context, self.tree)

    def check_annotations(self) -> None:
        """Run `annotations.check_annotations`."""
        check_annotations(self.context, self.tree)

    def check_content(self) -> None:
        """Run `content.ContentCheck`."""
        content = ContentCheck(self.context, self.tree)
        content.run()
        self.content = content

    def check_fonts(self) -> None:
        """Run `fonts.check_fonts`, if `check_content` has found the fonts that are used."""
        if self.content:
            check_fonts(self.context, self.content.fonts.values())

    def check_text(self) -> None:
        """Check that the pages are not images of text (WCAG 1.4.5); described images may be."""
        has_images = self.content and self.content.has_images
        is_described = self.tree and any(element.is_described for element in self.tree.elements)
        if has_images and not self.has_text and not is_described:
            self.context.add_finding("no_text")


def is_valid_claim(metadata: bytes) -> bool:
    """Return True if XMP metadata claims one part of PDF/UA in the form that clause 5 requires."""
    declaration = rb"xmlns:([\w-]+)\s*=\s*[\"']" + re.escape(PDF_UA_NAMESPACE)
    prefixes = set(re.findall(declaration, metadata))
    claims = [match for match in CLAIM.findall(metadata) if match[0] in prefixes]
    parts = [value for _, key, value in claims if key == b"part"]
    return prefixes == {PDF_UA_PREFIX} and len(parts) == 1 and parts[0] in PDF_UA_PARTS
