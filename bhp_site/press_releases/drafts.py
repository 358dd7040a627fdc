"""Creates the drafts that an editor has checked: announcement, report, documents, in one step."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.text import normalize_newlines
from wagtail.log_actions import log
from wagtail.models import Comment, Page

from bhp_site.files.models import SiteDocument
from bhp_site.pasting.block_data import StoredBlock, build_stored_blocks
from bhp_site.pasting.runs import Block, Heading, Paragraph, Run
from news.models import NewsDownload, NewsPage, Release
from reports.models import ReportDownload, ReportIndexPage, ReportPage

from .documents import may_add_documents
from .forms import PartForm
from .permissions import get_news_parent, may_add_announcement, may_add_report
from .reading.lines import make_line
from .reading.markers import Marker
from .reading.proposed import Part, PartKind
from .reading.sections import LABELS
from .review import ReleaseReview

HEADING_LEVEL = 2
# What is left out under these labels may be needed elsewhere on the site.
COMMENTED_LABELS = {LABELS[marker] for marker in (Marker.ABOUT, Marker.CAPTION, Marker.CONTACT)}
LEFT_OUT_COMMENT = "Left out of the text of the release:\n\n{texts}"


def find_created(key: Any) -> NewsPage | None:
    """Return the announcement that was created with `key`; None if there is none."""
    page: NewsPage | None = NewsPage.objects.filter(translation_key=key).first()
    return page


def create_drafts(review: ReleaseReview) -> NewsPage:
    """Create all drafts of a valid `review` in one transaction; return the announcement.

    A second call with the same key returns the announcement of the first. Raises PermissionDenied.
    """
    key = review.form.cleaned_data["key"]
    if created := find_created(key):
        return created
    try:
        with transaction.atomic():
            return _create(review)
    except IntegrityError:
        # The same form was sent twice at once.
        if created := find_created(key):
            return created
        raise


def _create(review: ReleaseReview) -> NewsPage:
    user, data = review.user, review.form.cleaned_data
    parent = get_news_parent()
    if parent is None or not may_add_announcement(user):
        raise PermissionDenied
    documents = _save_documents(review)
    mode = data["report_mode"]
    report = data["report"] if mode == "existing" else None
    announcement = NewsPage(
        title=data["title"],
        summary=data["summary"],
        date=data["date"],
        kind=data["kind"],
        translation_key=data["key"],
        live=False,
        owner=user,
    )
    announcement.body = build_body(review.part_forms)
    if mode == "new":
        report = _create_report(review, documents)
    else:
        announcement.downloads = [
            NewsDownload(document=document, sort_order=order)
            for order, document in enumerate(documents)
        ]
    announcement.report = report
    announcement.partners = data["partners"]
    announcement.themes = data["themes"]
    _add(parent, announcement, user)
    _add_comment(announcement, review)
    Release.objects.create(announcement=announcement, embargo_until=data["embargo_until"])
    return announcement


def _save_documents(review: ReleaseReview) -> list[SiteDocument]:
    """Return the documents that the editor wants; the kept uploads are deleted at the end."""
    documents = [document for document in review.documents if not document.is_skipped]
    if documents and not may_add_documents(review.user):
        raise PermissionDenied
    for document in review.documents:
        if document.is_skipped:
            document.discard()
    return [document.save() for document in documents]


def _create_report(review: ReleaseReview, documents: list[SiteDocument]) -> ReportPage:
    user, data = review.user, review.form.cleaned_data
    parent = ReportIndexPage.objects.first()
    if parent is None or not may_add_report(user):
        raise PermissionDenied
    report = ReportPage(
        title=data["report_title"],
        summary=data["report_summary"],
        date=data["date"],
        kind=data["report_kind"] or ReportPage._meta.get_field("kind").default,
        period_start=data["period_start"],
        period_end=data["period_end"],
        live=False,
        owner=user,
    )
    report.downloads = [
        ReportDownload(document=document, sort_order=order)
        for order, document in enumerate(documents)
    ]
    _add(parent, report, user)
    return report


def _add(parent: Page, page: Page, user: Any) -> None:
    """Add a draft below `parent`, with its first revision and an entry in its history."""
    parent.add_child(instance=page)
    page.save_revision(user=user, clean=False)
    log(page, "wagtail.create", user=user)


def build_body(part_forms: list[PartForm]) -> list[StoredBlock]:
    """Return the body of the announcement: the text, then the notes to editors."""
    kept_forms = [form for form in part_forms if form.cleaned_data["kind"] != PartKind.LEFT_OUT]
    kept_forms.sort(key=lambda form: form.part.is_note)
    return [*_build_blocks(kept_forms)]


def _build_blocks(forms: list[PartForm]) -> Iterator[Any]:
    kinds = NewsPage._meta.get_field("body").stream_block.child_blocks
    waiting: list[Block] = []
    for form in forms:
        if form.cleaned_data["kind"] != PartKind.QUOTE:
            waiting += _build_text(form)
            continue
        yield from _to_values(waiting)
        waiting = []
        yield "quote", kinds["quote"].to_python(_build_quote(form))
    yield from _to_values(waiting)


def _to_values(blocks: list[Block]) -> Iterator[Any]:
    kinds = NewsPage._meta.get_field("body").stream_block.child_blocks
    for name, value in build_stored_blocks(blocks, kinds.keys()):
        yield name, kinds[name].to_python(value)


def _build_quote(form: PartForm) -> dict[str, Any]:
    data = form.cleaned_data
    speaker = data.get("speaker")
    return {
        "speaker": speaker.pk if speaker else None,
        "words": normalize_newlines(data["text"]).strip(),
        "role": data.get("role", ""),
        "organisation": data.get("organisation", ""),
        "name": data.get("name", ""),
        "portrait": None,
        "confirmation": "",
    }


def _build_text(form: PartForm) -> list[Block]:
    """Return the blocks of a part: as in the release, or without formatting if it was changed."""
    part, text = form.part, normalize_newlines(form.cleaned_data["text"]).strip()
    kind = form.cleaned_data["kind"]
    if kind == PartKind.TABLE:
        return [line.to_block() for line in part.lines]
    if not text:
        return []
    if kind == PartKind.HEADING:
        return [Heading(" ".join(text.split()), HEADING_LEVEL)]
    if text == part.text and part.lines:
        return [_make_paragraph(line.to_block()) for line in part.lines]
    return [Paragraph(_relink(piece, part), *_get_list(part)) for piece in text.split("\n\n")]


def _make_paragraph(block: Block) -> Block:
    """Return a heading that the editor has made text as a paragraph."""
    return Paragraph([Run(block.text)]) if isinstance(block, Heading) else block


def _get_list(part: Part) -> tuple[str, int]:
    line = part.lines[0] if part.lines else make_line("")
    return line.list_kind, line.depth


def _relink(text: str, part: Part) -> list[Run]:
    """Return changed text as runs, with the links of the original where their words are kept."""
    runs = [Run(text)]
    for link in (run for line in part.lines for run in line.runs if run.href and run.text.strip()):
        last = runs[-1]
        before, matched, after = last.text.partition(link.text)
        if matched:
            runs[-1:] = [Run(before), Run(matched, href=link.href), Run(after)]
    return [run for run in runs if run.text]


def _add_comment(announcement: NewsPage, review: ReleaseReview) -> None:
    """Keep what was left out as a comment, which only editors see."""
    texts = [
        f"{form.part.label}: {form.part.text}"
        for form in review.part_forms
        if form.cleaned_data["kind"] == PartKind.LEFT_OUT and form.part.label in COMMENTED_LABELS
    ]
    if texts:
        text = LEFT_OUT_COMMENT.format(texts="\n".join(texts))
        Comment.objects.create(page=announcement, user=review.user, contentpath="body", text=text)
