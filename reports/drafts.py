"""What can be drafted of a PDF as chapters: an editor checks them, and none is public by that."""

import re
from dataclasses import dataclass, field
from hashlib import sha1
from textwrap import wrap
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from bhp_site.core.blocks import RICH_TEXT, HeadingBlock
from bhp_site.core.images import collection_called
from bhp_site.core.models import SiteImage
from bhp_site.files.drafting import Draft, DraftBlock, DraftChapter, draft
from bhp_site.files.versions import DocumentVersion

from .chapters import Chapter
from .models import ReportPage
from .notes import LINE

COLLECTION = "Drafted from PDFs"
NUMBER = re.compile(r"[£$€]?\s?-?[\d.,]+\s?%?")
LONGEST_HEADING = HeadingBlock().field.max_length
LONGEST_CAPTION = 200
MAX_NOTE_LENGTH = 300
NO_CAPTION = "This table has no caption: say what it shows."
NO_HEADS = "The columns of this table have no headings."
TOO_LONG = "This heading is so long that it stands here as text."
LONG_CAPTION = "The caption was longer: it ends here in the middle."
LONG_TITLE = "The title of this chapter was longer: “{title}”."
NO_PICTURE = "A picture is missing here, which could not be taken out of the PDF. {alt}"
# Whatever a PDF holds, a text keeps what the editor's own field could have made.
CONVERTER = ContentstateConverter(features=RICH_TEXT)


@dataclass
class Drafted:
    """The parts of one chapter as they come."""

    report: ReportPage
    body: list[dict[str, Any]] = field(default_factory=list)
    footnotes: dict[int, str] = field(default_factory=dict)

    def add(self, kind: str, value: Any) -> None:
        self.body.append({"type": kind, "value": value, "id": str(uuid4())})

    def doubt(self, sentences: str, page: int) -> None:
        """Add notes for the editor; sentences that are too long for one fill several."""
        for text in wrap(sentences, MAX_NOTE_LENGTH, break_on_hyphens=False):
            self.add("note", {"text": text, "page": page or None})

    def take(self, block: DraftBlock) -> None:
        if block.doubt:
            self.doubt(block.doubt, block.page)
        getattr(self, f"_{block.kind}")(block)

    def _note(self, block: DraftBlock) -> None:
        """Add nothing more than the doubt, which is there already."""

    def _heading(self, block: DraftBlock) -> None:
        if len(block.text) > LONGEST_HEADING:
            self.doubt(TOO_LONG, block.page)
            self.add("paragraph", clean(f"<p>{block.text.replace('<', '&lt;')}</p>"))
        elif block.text:
            self.add("subheading" if block.level > 2 else "heading", block.text)

    def _paragraph(self, block: DraftBlock) -> None:
        if not block.html:
            return
        last = self.body[-1] if self.body else {"type": ""}
        if last["type"] == "paragraph":
            last["value"] += clean(block.html)
        else:
            self.add("paragraph", clean(block.html))

    def _table(self, block: DraftBlock) -> None:
        width = max((len(row) for row in block.rows), default=0)
        rows = [[*row, *[""] * (width - len(row))] for row in block.rows]
        if not rows:
            return
        heads = rows.pop(0) if block.has_header else [""] * width
        for missing, sentence in (
            (not block.caption, NO_CAPTION),
            (len(block.caption) > LONGEST_CAPTION, LONG_CAPTION),
            (not any(heads), NO_HEADS),
        ):
            if missing:
                self.doubt(sentence, block.page)
        kinds = [kind_of([row[place] for row in rows]) for place in range(width)]
        columns = [{"type": kind, "heading": head} for kind, head in zip(kinds, heads, strict=True)]
        table = {"columns": columns, "rows": [{"values": row} for row in rows], "caption": ""}
        self.add(
            "table",
            {
                "caption": block.caption[:LONGEST_CAPTION],
                "table": table,
                "row_headers": kinds[0] == "text",
            },
        )

    def _figure(self, block: DraftBlock) -> None:
        image = picture(block, f"{self.report.title}, page {block.page}") if block.picture else None
        if image is None:
            self.doubt(NO_PICTURE.format(alt=block.alt).strip(), block.page)
            return
        chosen = {"image": image.pk, "alt_text": block.alt[:255], "decorative": not block.alt}
        self.add("figure", {"image": chosen, "caption": block.caption[:300]})

    def _footnote(self, block: DraftBlock) -> None:
        text = " ".join(block.text.split())
        found = LINE.fullmatch(text)
        number = int(found[1]) if found else 0
        if not number or number in self.footnotes:
            number = max(self.footnotes, default=0) + 1
        self.footnotes[number] = found[2] if found else text


def kind_of(cells: list[str]) -> str:
    """Of a column: numbers stand below one another at their end."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return "number" if filled and all(NUMBER.fullmatch(cell) for cell in filled) else "text"


def clean(html: str) -> str:
    cleaned: str = CONVERTER.to_database_format(CONVERTER.from_database_format(html))
    return cleaned


def picture(block: DraftBlock, title: str) -> SiteImage | None:
    """The picture of `block` in the library, once however often it is drafted; None: unreadable."""
    collection = collection_called(COLLECTION)
    known = SiteImage.objects.filter(
        collection=collection, file_hash=sha1(block.picture, usedforsecurity=False).hexdigest()
    ).first()
    if known:
        return known
    try:
        # Its size is read from the bytes at once.
        image = SiteImage(
            title=title[:255],
            description=block.alt[:255],
            file=ContentFile(block.picture, name="drafted.png"),
            collection=collection,
        )
    except OSError:
        return None
    image.save()
    image.get_file_hash()
    return image


def chapter_of(report: ReportPage, one: DraftChapter) -> Chapter:
    drafted = Drafted(report)
    if len(one.title) > 150:
        drafted.doubt(LONG_TITLE.format(title=one.title), one.page)
    for block in one.blocks:
        drafted.take(block)
    return Chapter(
        title=one.title[:150] or f"Page {one.page}",
        page=one.page or None,
        body=drafted.body,
        footnotes="\n".join(f"{n} {text}" for n, text in sorted(drafted.footnotes.items())),
    )


def draft_edition(report: ReportPage, version: DocumentVersion, user: Any) -> Draft:
    """Save a new draft of `report`, whose chapters are those of `version`; raises Unreadable.

    `report` is its latest draft. What is live stays as it is.
    """
    found = draft(version)
    with transaction.atomic():
        # Who has linked to a chapter finds what has taken its place.
        known = {chapter.title: chapter.slug for chapter in report.edition}
        chapters = [chapter_of(report, one) for one in found.chapters if one.blocks]
        for place, chapter in enumerate(chapters):
            chapter.sort_order, chapter.slug = place, known.pop(chapter.title, "")
        report.chapters = chapters
        report.save_revision(user=user, log_action=True)
    return found
