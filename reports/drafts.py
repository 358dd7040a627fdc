"""Turns the draft of a PDF into chapters of a report, for an editor to check and publish."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha1
from textwrap import wrap
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.db import transaction

from bhp_site.core.admin.rich_text import RichTextConverter
from bhp_site.core.blocks import RICH_TEXT, HeadingBlock
from bhp_site.core.images.renditions import build_ahead, get_or_create_collection
from bhp_site.core.models import SiteImage
from bhp_site.files.drafting import draft_version
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.drafting.drafter import Draft, DraftBlock, DraftChapter

from .chapters import Chapter
from .footnotes import FOOTNOTE_LINE
from .models import ReportPage

COLLECTION = "Drafted from PDFs"
NUMBER_CELL = re.compile(r"[£$€]?\s?-?[\d.,]+\s?%?")
MAX_HEADING_CHARACTERS = HeadingBlock().field.max_length
MAX_CAPTION_CHARACTERS = 200
MAX_NOTE_CHARACTERS = 300
MAX_TITLE_CHARACTERS = 150
NO_WORDS = (
    "This PDF has no text that can be read. Its pages may be images of text. Your report has not "
    "changed. Ask for the original document, exported as a tagged PDF."
)
DELETED = "The report was deleted while the PDF was read."
NOT_ALLOWED = "You no longer have permission to edit this report. It has not changed."
LOCKED = "The report was locked while the PDF was read. It has not changed."
NO_CAPTION = "This table has no caption: say what it shows."
NO_COLUMN_HEADINGS = "The columns of this table have no headings."
HEADING_TOO_LONG = "This heading was too long for a heading, so it is text here."
CAPTION_CUT = "The caption was too long, so its end is missing here."
TITLE_CUT = "The title of this chapter was too long. In full it is: “{title}”."
IMAGE_MISSING = "An image is missing here, because it could not be copied from the PDF. {alt}"

# Called with how many images have been saved, and how many there are.
ReportProgress = Callable[[int, int], None]


class NotDrafted(Exception):
    """Raised if nothing was drafted; the message tells the editor why."""


@dataclass
class ChapterBuilder:
    """Builds the body and footnotes of one chapter from draft blocks.

    `images` are the ids of the images that were saved, by `get_image_key`.
    """

    images: dict[str, int]
    body: list[dict[str, Any]] = field(default_factory=list)
    footnotes: dict[int, str] = field(default_factory=dict)

    def add(self, kind: str, value: Any) -> None:
        """Append a StreamField block of a type to the body."""
        self.body.append({"type": kind, "value": value, "id": str(uuid4())})

    def add_note(self, sentences: str, page: int) -> None:
        """Add notes for the editor; sentences that are too long for one note are split."""
        for text in wrap(sentences, MAX_NOTE_CHARACTERS, break_on_hyphens=False):
            self.add("note", {"text": text, "page": page or None})

    def add_block(self, block: DraftBlock) -> None:
        """Append a draft block, after its note if it has one."""
        if block.note:
            self.add_note(block.note, block.page)
        getattr(self, f"_add_{block.kind}")(block)

    def _add_note(self, block: DraftBlock) -> None:
        """Add nothing more than the note, which is there already."""

    def _add_heading(self, block: DraftBlock) -> None:
        if len(block.text) > MAX_HEADING_CHARACTERS:
            self.add_note(HEADING_TOO_LONG, block.page)
            self.add("paragraph", clean_html(f"<p>{block.text.replace('<', '&lt;')}</p>"))
        elif block.text:
            self.add("subheading" if block.level > 2 else "heading", block.text)

    def _add_paragraph(self, block: DraftBlock) -> None:
        if not block.html:
            return
        last = self.body[-1] if self.body else {"type": ""}
        if last["type"] == "paragraph":
            last["value"] += clean_html(block.html)
        else:
            self.add("paragraph", clean_html(block.html))

    def _add_table(self, block: DraftBlock) -> None:
        width = max((len(row) for row in block.rows), default=0)
        rows = [[*row, *[""] * (width - len(row))] for row in block.rows]
        if not rows:
            return
        heads = rows.pop(0) if block.has_header else [""] * width
        for missing, sentence in (
            (not block.caption, NO_CAPTION),
            (len(block.caption) > MAX_CAPTION_CHARACTERS, CAPTION_CUT),
            (not any(heads), NO_COLUMN_HEADINGS),
        ):
            if missing:
                self.add_note(sentence, block.page)
        kinds = [get_column_type([row[place] for row in rows]) for place in range(width)]
        columns = [{"type": kind, "heading": head} for kind, head in zip(kinds, heads, strict=True)]
        table = {"columns": columns, "rows": [{"values": row} for row in rows], "caption": ""}
        self.add(
            "table",
            {
                "caption": block.caption[:MAX_CAPTION_CHARACTERS],
                "table": table,
                "row_headers": kinds[0] == "text",
            },
        )

    def _add_figure(self, block: DraftBlock) -> None:
        image = self.images.get(get_image_key(block)) if block.image else None
        if image is None:
            self.add_note(IMAGE_MISSING.format(alt=block.alt).strip(), block.page)
            return
        chosen = {"image": image, "alt_text": block.alt[:255], "decorative": not block.alt}
        self.add("figure", {"image": chosen, "caption": block.caption[:300]})

    def _add_footnote(self, block: DraftBlock) -> None:
        text = " ".join(block.text.split())
        match = FOOTNOTE_LINE.fullmatch(text)
        number = int(match[1]) if match else 0
        if not number or number in self.footnotes:
            number = max(self.footnotes, default=0) + 1
        self.footnotes[number] = match[2] if match else text


def get_column_type(cells: list[str]) -> str:
    """Return "number" for a column of numbers, which are right-aligned, else "text"."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return "number" if filled and all(NUMBER_CELL.fullmatch(cell) for cell in filled) else "text"


@lru_cache(maxsize=1)
def get_converter() -> RichTextConverter:
    """Return the rich-text editor's converter, cached with the rules of its features."""
    return RichTextConverter(features=RICH_TEXT)


def clean_html(html: str) -> str:
    """Return `html` limited to what the rich-text editor can produce."""
    converter = get_converter()
    cleaned: str = converter.to_database_format(converter.from_database_format(html))
    return cleaned


def get_image_key(block: DraftBlock) -> str:
    """Return the SHA-1 of a block's image, which Wagtail stores as its `file_hash`."""
    return sha1(block.image, usedforsecurity=False).hexdigest()


def build_image(block: DraftBlock, title: str) -> SiteImage | None:
    """Return the image of a block, not saved; None if it is unreadable."""
    try:
        # Its size is read from the bytes at once.
        return SiteImage(
            title=title[:255],
            description=block.alt[:255],
            file=ContentFile(block.image, name="drafted.png"),
        )
    except OSError:
        return None


def save_images(draft: Draft, title: str, report_progress: ReportProgress) -> dict[str, int]:
    """Save each image of a draft once; return the primary keys by `get_image_key`.

    One that was saved before is used again. `report_progress` is called with the number of images
    saved and the total.
    """
    blocks = {
        get_image_key(block): block
        for chapter in draft.chapters
        for block in chapter.blocks
        if block.kind == "figure" and block.image
    }
    collection = get_or_create_collection(COLLECTION)
    saved = SiteImage.objects.filter(collection=collection, file_hash__in=blocks)
    images: dict[str, int] = dict(saved.order_by("-pk").values_list("file_hash", "pk"))
    missing = (
        image
        for key, block in blocks.items()
        if key not in images and (image := build_image(block, f"{title}, page {block.page}"))
    )
    report_progress(len(images), len(blocks))
    for image in build_ahead(missing):
        image.collection = collection
        image.save()
        images[image.get_file_hash()] = image.pk
        report_progress(len(images), len(blocks))
    report_progress(len(blocks), len(blocks))
    return images


def build_chapter(drafted_chapter: DraftChapter, images: dict[str, int]) -> Chapter:
    """Return a chapter, not saved, with the blocks and notes that were drafted for it."""
    title, page = drafted_chapter.title, drafted_chapter.page
    builder = ChapterBuilder(images)
    if len(title) > MAX_TITLE_CHARACTERS:
        builder.add_note(TITLE_CUT.format(title=title), page)
    for block in drafted_chapter.blocks:
        builder.add_block(block)
    return Chapter(
        title=title[:MAX_TITLE_CHARACTERS] or f"Page {page}",
        page=page or None,
        body=builder.body,
        footnotes="\n".join(f"{n} {text}" for n, text in sorted(builder.footnotes.items())),
    )


def draft_chapters(
    report: ReportPage, version: DocumentVersion, report_progress: ReportProgress
) -> list[Chapter]:
    """Return the chapters of `version` as `build_chapters` does.

    This takes up to minutes, so call it outside a transaction. Raises Unreadable or NotDrafted.
    """
    return build_chapters(draft_version(version), report.title, report_progress)


def build_chapters(
    draft: Draft, title: str, report_progress: ReportProgress = lambda saved, total: None
) -> list[Chapter]:
    """Return the chapters of a draft of the report `title`, not saved; their images are saved.

    Raises NotDrafted for a draft without text.
    """
    if not any(chapter.blocks for chapter in draft.chapters):
        raise NotDrafted(NO_WORDS)
    images = save_images(draft, title, report_progress)
    return [
        build_chapter(draft_chapter, images)
        for draft_chapter in draft.chapters
        if draft_chapter.blocks
    ]


def save_draft(report: ReportPage, chapters: list[Chapter], user: Any) -> ReportPage:
    """Save a new draft of `report` with `chapters` in place of its own, and return that draft.

    The live version and other fields saved meanwhile do not change. Raises NotDrafted if the report
    has been deleted, or the user may no longer edit it.
    """
    with transaction.atomic():
        live = ReportPage.objects.select_for_update(of=("self",)).filter(pk=report.pk).first()
        if live is None:
            raise NotDrafted(DELETED)
        latest: ReportPage = live.get_latest_revision_as_object()
        check_editable(latest, user)
        # Those who have linked to a chapter find what has taken its place.
        slugs_by_title = {chapter.title: chapter.slug for chapter in latest.edition}
        for place, chapter in enumerate(chapters):
            chapter.sort_order, chapter.slug = place, slugs_by_title.pop(chapter.title, "")
        latest.chapters = chapters
        latest.save_revision(user=user, log_action=True)
    return latest


def check_editable(report: ReportPage, user: Any) -> None:
    """Raise NotDrafted if `user` may no longer change `report`; code (None) always may."""
    if user is None:
        return
    # The user's permissions may have changed since the request.
    user = get_user_model()._default_manager.filter(pk=user.pk).first()
    if user is None:
        raise NotDrafted(NOT_ALLOWED)
    permissions = report.permissions_for_user(user)
    if not permissions.can_edit():
        raise NotDrafted(NOT_ALLOWED)
    if permissions.page_locked():
        raise NotDrafted(LOCKED)
