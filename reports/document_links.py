"""The chapters of reports that name pages of a document."""

from collections.abc import Iterator
from typing import Any

from bhp_site.core.admin.links import get_edit_url
from bhp_site.files.models import SiteDocument
from bhp_site.files.version_diff import PageComparison, name_pages
from bhp_site.files.versions.review import AffectedPlace

from .models import ReportPage


def find_affected_chapters(
    document: SiteDocument, comparison: PageComparison, user: Any
) -> list[AffectedPlace]:
    """Return the reports with chapters whose pages of `document` differ or no longer exist.

    Only reports that `user` may edit have a link to the editor.
    """
    reports = ReportPage.objects.filter(downloads__document=document).distinct().order_by("pk")
    places = []
    for report in reports:
        current = report if report.live else report.get_latest_revision_as_object()
        if current.pdf != document:
            continue
        if sentences := [*describe_chapters(current.edition, comparison)]:
            title = f"“{report.title}”, read online"
            places.append(AffectedPlace(title, sentences, get_edit_url(report, user)))
    return places


def describe_chapters(chapters: list[Any], comparison: PageComparison) -> Iterator[str]:
    """Yield a sentence for each chapter that a replacement of its PDF affects."""
    numbered = [chapter for chapter in chapters if chapter.page]
    starts = sorted({chapter.page for chapter in numbered})
    for chapter in numbered:
        following = next((page for page in starts if page > chapter.page), None)
        last = following - 1 if following else comparison.pages_before
        if sentence := _describe_chapter(chapter.page, last, comparison):
            yield f"Chapter “{chapter.title}” {sentence}"


def _describe_chapter(first: int, last: int, comparison: PageComparison) -> str:
    """Return what happens to a chapter on these pages of the earlier version, "" for nothing."""
    if first > comparison.pages_after and (comparison.error or first not in comparison.new_numbers):
        return (
            f"begins on page {first}, but the new PDF has only {comparison.pages_after} pages. "
            "Change the page number. Until then the chapter does not link to the PDF."
        )
    if comparison.error:
        return ""
    parts = []
    new_first = comparison.new_numbers.get(first)
    if new_first is None:
        parts.append(f"begins on page {first}, which the new PDF does not have.")
    elif new_first != first:
        parts.append(
            f"begins on page {first}, which is page {new_first} in the new PDF. Change the page "
            "number."
        )
    if changed := [page.after for page in comparison.changed if first <= page.before <= last]:
        verb = "differs" if len(changed) == 1 else "differ"
        lead = "Its text may need the same correction" if parts else "may need the same correction"
        parts.append(f"{lead}: {name_pages(changed)} {verb}.")
    return " ".join(parts)
