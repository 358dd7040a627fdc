"""The report of activity to read online: drafted from its PDF, then edited as by an editor."""

import re
from concurrent.futures import Executor, Future
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags

from bhp_site.pdf.drafting.drafter import Draft, draft_pdf
from reports.chapters import Chapter
from reports.drafts import build_chapters, save_draft
from reports.models import ReportPage

from .uploads import FILES

REPORT = "report-of-activity-2020-2022"
NOTES = "notes"
# Text that makes sense only on paper: the back cover, and links within the file.
ON_PAPER = re.compile(
    r"<p[^>]*>(?:Born well, live well, die well|Demonstration document.*?)</p>"
    r"|\s*Back to note \d+ in the text"
)
ITEM = re.compile(r"<li[^>]*>(.*?)</li>", re.DOTALL)
MARK = re.compile(r"\[(\d+)\]")


def start_draft(executor: Executor) -> Future[Draft] | None:
    """Start to draft the PDF of the edition; return None if its report exists."""
    if ReportPage.objects.filter(slug=REPORT).exists():
        return None
    path = FILES / f"{REPORT}.pdf"
    return executor.submit(draft_pdf, path, scratch=settings.FILE_UPLOAD_TEMP_DIR)


def publish_edition(draft: Draft) -> None:
    """Save the edition as it was drafted, edit it and publish it."""
    live = ReportPage.objects.get(slug=REPORT)
    report = save_draft(live, build_chapters(draft, live.title), None)
    # The first is the cover.
    chapters = report.edition[1:]
    for chapter in chapters:
        edited = (_remove_page_marks(block) for block in chapter.body.raw_data)
        chapter.body = [block for block in edited if block["value"]]
    notes = _get_notes(next(candidate for candidate in chapters if candidate.slug == NOTES))
    for chapter in chapters:
        marks = sorted({int(mark) for mark in MARK.findall(chapter.text)} & notes.keys())
        chapter.footnotes = "\n".join(f"{mark} {notes[mark]}" for mark in marks)
    report.chapters = chapters
    report.save_revision().publish()


def _remove_page_marks(block: dict[str, Any]) -> dict[str, Any]:
    is_text = block["type"] == "paragraph"
    return block | {"value": ON_PAPER.sub("", block["value"])} if is_text else block


def _get_notes(chapter: Chapter) -> dict[int, str]:
    """Return the notes at the end of the report, by their numbers."""
    first = next(block for block in chapter.body.raw_data if block["type"] == "paragraph")
    return dict(enumerate((strip_tags(words) for words in ITEM.findall(first["value"])), 1))
