"""The second screen: a proposal with the forms in which an editor checks it."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from bhp_site.core.text.dates import UK
from bhp_site.core.text.sentences import join_names
from partners.people import may_see_people
from reports.models import ReportKind

from .documents import MAX_DOCUMENTS, ReleaseDocument, keep_document, may_add_documents
from .forms import PartForm, ReviewForm
from .permissions import may_add_report
from .reading.parser import propose
from .reading.proposed import Part, PartKind, ProposedRelease
from .reading.register import (
    Mention,
    Register,
    SpeakerMatch,
    find_mentions,
    find_report,
    match_speaker,
)
from .reading.sources import Source, SourceKind, read_source, render_source
from .register_loading import load_register

EMBARGO_WITHOUT_TIME = datetime.time(0, 1)
NO_DATE = "The text has no date, so it is today."
REPORT_SUMMARY = "It is the summary of the announcement."
FINANCIAL_YEAR = "The text says “{words}”. A financial year begins in April."
OTHER_PERIOD = "The text says “{words}”, but not clearly of the report."
REPORT_KINDS = {
    "strategy": ReportKind.STRATEGY,
    "policy": ReportKind.POLICY,
    "research": ReportKind.RESEARCH,
}


class ReleaseReview:
    """A proposal and its forms: shown first with what was read, later with what was sent.

    Raises SourceRefused for a source that cannot be read.
    """

    def __init__(self, source: Source, user: Any) -> None:
        self.user = user
        lines = read_source(source)
        self.proposal: ProposedRelease = propose(lines)
        # Word's own HTML would be sent back and forth for its markup alone.
        self.source = source if source.kind == SourceKind.TEXT else render_source(lines)
        self.date = self.proposal.date or timezone.localdate()
        self.key: Any = None
        self.documents: list[ReleaseDocument] = []
        self.form: ReviewForm
        self.part_forms: list[PartForm] = []

    @classmethod
    def propose(cls, source: Source, user: Any, files: list[Any], key: Any) -> "ReleaseReview":
        """Return the review of a new source, whose drafts will have `key`.

        Raises ValidationError for a PDF that is refused.
        """
        review = cls(source, user)
        review.key = key
        review._keep_documents(files)
        review.form = review._build_form(None)
        review.part_forms = review._build_part_forms(None)
        return review

    def _keep_documents(self, files: list[Any]) -> None:
        """Keep the uploads until drafts are created: all of them, or none if one is refused."""
        report = self.proposal.report
        for number, file in enumerate(files):
            title = report.title if report and number == 0 else ""
            try:
                data = keep_document(number, file, title, self.user)
            except ValidationError:
                for document in self.documents:
                    document.discard()
                raise
            self.documents.append(ReleaseDocument(number, self.user, data))

    @classmethod
    def from_post(cls, source: Source, user: Any, data: QueryDict, files: Any) -> "ReleaseReview":
        """Return the review that an editor has sent."""
        review = cls(source, user)
        review.form = review._build_form(data)
        review.part_forms = review._build_part_forms(data)
        number = data.get("documents", "")
        is_possible = number in map(str, range(MAX_DOCUMENTS + 1)) and may_add_documents(user)
        count = int(number) if is_possible else 0
        review.documents = [ReleaseDocument(index, user, data, files) for index in range(count)]
        return review

    def is_valid(self) -> bool:
        """Return True if all forms are valid; each of them is checked."""
        checked = [
            self.form.is_valid(),
            *(form.is_valid() for form in self.part_forms),
            *(document.is_valid() for document in self.documents),
        ]
        return all(checked)

    @property
    def number_of_errors(self) -> int:
        """Return how many fields have an error."""
        refused = [document.form for document in self.documents if not document.is_skipped]
        forms = [self.form, *self.part_forms, *refused]
        return sum(len(form.errors) for form in forms)

    @cached_property
    def register(self) -> Register:
        """Return the register on the date of the release."""
        return load_register(self.date, self.user)

    @cached_property
    def matches(self) -> dict[int, SpeakerMatch]:
        """Return for each part with a quotation what the register knows of its speaker."""
        return {
            index: match_speaker(part.speech, self.register)
            for index, part in enumerate(self.proposal.parts)
            if part.speech
        }

    @cached_property
    def partners(self) -> list[Mention]:
        """Return the partners that the text names."""
        return find_mentions(self.proposal.text, self.register.partners)

    @cached_property
    def themes(self) -> list[Mention]:
        """Return the themes that the text names."""
        return find_mentions(self.proposal.text, self.register.themes)

    def _build_form(self, data: QueryDict | None) -> ReviewForm:
        initial = None if data is not None else self._get_initial()
        may_add = may_add_report(self.user)
        return ReviewForm(data, initial=initial, user=self.user, may_add_report=may_add)

    def _get_initial(self) -> dict[str, Any]:
        proposal = self.proposal
        title = self._get_report_title()
        existing = find_report(title, self.register) if title else None
        period = proposal.report.period if proposal.report else None
        is_announced = bool(proposal.report or self.documents)
        mode = "new" if is_announced and may_add_report(self.user) else "none"
        return {
            "title": proposal.title,
            "summary": proposal.summary,
            "date": self.date,
            "kind": "announcement",
            "embargo_until": self._guess_end_of_embargo(),
            "partners": [mention.key for mention in self.partners],
            "themes": [mention.key for mention in self.themes],
            "report_mode": "existing" if existing else mode,
            "report": existing,
            "report_title": title,
            "report_kind": _guess_report_kind(title),
            "period_start": period.start if period else None,
            "period_end": period.end if period else None,
            "report_summary": proposal.summary if is_announced else "",
            "source_kind": self.source.kind.value,
            "source": self.source.content,
            "documents": len(self.documents),
            "key": self.key,
        }

    def _guess_end_of_embargo(self) -> datetime.datetime | None:
        """Return when the embargo seems to end; None without a date, or if it has passed."""
        embargo = self.proposal.embargo
        if embargo is None or embargo.date is None:
            return None
        time = embargo.time or EMBARGO_WITHOUT_TIME
        until = datetime.datetime.combine(embargo.date, time, tzinfo=UK)
        return until if until > timezone.now() else None

    def _explain_embargo(self) -> str:
        embargo = self.proposal.embargo
        if embargo is None:
            return ""
        line = f"The text says “{embargo.text}”."
        if embargo.date is None:
            return f"{line} Enter the time."
        if self._guess_end_of_embargo() is None:
            return f"{line} That time has passed."
        return line if embargo.time else f"{line} It names no time, so the day begins at 00:01."

    def _get_report_title(self) -> str:
        if self.proposal.report and self.proposal.report.title:
            return self.proposal.report.title
        return self.documents[0].form["title"].value() if self.documents else ""

    def explain_guesses(self) -> None:
        """Mark the fields of the form whose value is a guess, with the reasons."""
        proposal, report = self.proposal, self.proposal.report
        period = report.period if report else None
        reasons = proposal.guesses | {
            "date": proposal.guesses.get("date", NO_DATE),
            "embargo_until": self._explain_embargo(),
            "partners": _describe_mentions(self.partners),
            "themes": _describe_mentions(self.themes),
            "report_mode": report.reason if report else "",
            "report_title": report.reason if report and report.title else "",
            "period_end": _describe_period(period),
            "report_summary": REPORT_SUMMARY if report and proposal.summary else "",
        }
        self.form.explain(reasons)

    def _build_part_forms(self, data: QueryDict | None) -> list[PartForm]:
        with_people = may_see_people(self.user)
        return [
            PartForm(
                part,
                data,
                prefix=f"part-{index}",
                initial=None if data is not None else self._get_part_initial(index, part),
                with_people=with_people,
            )
            for index, part in enumerate(self.proposal.parts)
        ]

    def _get_part_initial(self, index: int, part: Part) -> dict[str, Any]:
        match = self.matches.get(index)
        initial: dict[str, Any] = {"kind": part.kind.value, "text": part.text}
        if match:
            initial |= {
                "speaker": match.person.key if match.person else None,
                "name": match.name,
                "role": match.role,
                "organisation": match.organisation,
            }
        return initial

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """Return each part with its form, and what is known of its speaker."""
        return [
            {
                "form": form,
                "part": form.part,
                "match": self.matches.get(index),
                "legend": _get_legend(form.part, index),
            }
            for index, form in enumerate(self.part_forms)
        ]

    @property
    def text_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the announcement's text."""
        return [row for row in self.rows if not row["part"].is_note and not _is_left_out(row)]

    @property
    def note_rows(self) -> list[dict[str, Any]]:
        """Return the rows of the notes to editors."""
        return [row for row in self.rows if row["part"].is_note]

    @property
    def left_out_rows(self) -> list[dict[str, Any]]:
        """Return the rows of what the text does not need."""
        return [row for row in self.rows if _is_left_out(row)]

    @property
    def has_left_out_errors(self) -> bool:
        """Return True if a row that is hidden at first has an error."""
        return any(row["form"].errors for row in self.left_out_rows)


def _is_left_out(row: dict[str, Any]) -> bool:
    return bool(row["part"].kind == PartKind.LEFT_OUT)


def _get_legend(part: Part, index: int) -> str:
    """Return the heading of a part: its number and what it is."""
    if part.label:
        return part.label
    if part.speech and part.speech.name:
        return f"{index + 1}. Quote: {part.speech.name}"
    return f"{index + 1}. {part.kind.value.capitalize()}"


def _guess_report_kind(title: str) -> str:
    words = title.casefold()
    return next((kind for word, kind in REPORT_KINDS.items() if word in words), ReportKind.ACTIVITY)


def _describe_mentions(mentions: list[Mention]) -> str:
    """Return a sentence with the words that name what is ticked; "" if nothing is."""
    words = join_names(f"“{mention.words}”" for mention in mentions)
    return f"The text names {words}." if words else ""


def _describe_period(period: Any) -> str:
    if period is None:
        return ""
    if period.is_guess and "year" in period.words.lower():
        return FINANCIAL_YEAR.format(words=period.words)
    if period.is_guess:
        return OTHER_PERIOD.format(words=period.words)
    return f"The text says “{period.words}”."
