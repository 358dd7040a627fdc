"""The forms of the two screens: the release as it was pasted, and what is proposed from it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bhp_site.core.admin.uk_times import UKDateTimeField, UKDateTimeInput
from bhp_site.core.admin.widgets import PageCheckboxSelect
from bhp_site.core.confidential.rules import hide_pages
from bhp_site.core.text.characters import is_invisible
from bhp_site.core.text.dates import validate_date_order
from bhp_site.pasting.reader import MAX_HEADING_CHARACTERS
from bhp_site.themes.models import ThemePage
from news.models import NewsKind
from partners.models import PartnerPage, Person
from reports.models import ReportKind, ReportPage

from .documents import MAX_DOCUMENTS
from .reading.parser import MAX_SUMMARY_CHARACTERS
from .reading.proposed import Part, PartKind
from .reading.sources import (
    MAX_DOCX_BYTES,
    SourceKind,
    SourceRefused,
    make_source,
    read_docx,
)

MAX_TITLE_CHARACTERS = 255
MIN_ROWS, MAX_ROWS, CHARACTERS_IN_ROW = 2, 14, 85
TEXT_AND_FILE = "Paste the text or choose a Word document, not both."
NO_TEXT_OR_FILE = "Paste the text of the release, or choose a Word document."
NO_DOCX = "This is not a Word document with the ending .docx. Save it as one, or paste its text."


def mark_guess(reason: str, is_guess: bool = True) -> SafeString | str:
    """Return the reason for a proposed value as HTML, marked as a guess."""
    if not reason:
        return ""
    word = "Guess" if is_guess else "Note"
    return format_html('<strong class="bhp-guess">{}</strong> {}', word, reason)


class FilesInput(forms.FileInput):
    """A field for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, as a list."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; raise ValidationError if there are too many."""
        files = [data] if data and not isinstance(data, list | tuple) else list(data or ())
        if len(files) > MAX_DOCUMENTS:
            raise ValidationError(f"Choose {MAX_DOCUMENTS} documents at most.")
        return files


class SourceForm(forms.Form):
    """A press release as it is pasted or uploaded."""

    text = forms.CharField(
        required=False,
        strip=False,
        label="Text of the release",
        widget=forms.Textarea(attrs={"rows": 10, "data-paste-html": "id_html"}),
        help_text="Copy all of it, with the title, notes and contact, and paste it here.",
    )
    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    document = forms.FileField(
        required=False,
        label="Or a Word document",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text="It ends with .docx. It is read and not kept.",
    )
    pdfs = FilesField(
        required=False,
        label="PDFs that the release offers",
        widget=FilesInput(attrs={"accept": ".pdf"}),
        help_text="For example the report. You check the title and address on the next screen.",
    )
    # The key of the drafts, see `ReviewForm`: a browser that goes back sends this form again.
    key = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, with_documents: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_documents:
            del self.fields["pdfs"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data with the `source`; add an error if it cannot be read."""
        cleaned: dict[str, Any] = super().clean() or {}
        text, document = cleaned.get("text", ""), cleaned.get("document")
        if "document" in self.errors:
            return cleaned
        if document and not is_invisible(text):
            self.add_error("document", TEXT_AND_FILE)
        elif document:
            self._read_document(cleaned, document)
        elif is_invisible(text):
            self.add_error("text", NO_TEXT_OR_FILE)
        else:
            cleaned["source"] = make_source(text, cleaned.get("html", ""))
        return cleaned

    def _read_document(self, cleaned: dict[str, Any], document: Any) -> None:
        if not document.name.lower().endswith(".docx"):
            self.add_error("document", NO_DOCX)
            return
        try:
            cleaned["source"] = read_docx(document.read(MAX_DOCX_BYTES + 1))
        except SourceRefused as refusal:
            self.add_error("document", str(refusal))


class DateField(forms.DateField):
    """A date that browsers let people choose without a script."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReviewForm(forms.Form):
    """The announcement and its report, as they are proposed."""

    title = forms.CharField(max_length=MAX_TITLE_CHARACTERS)
    summary = forms.CharField(
        required=False,
        max_length=MAX_SUMMARY_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    date = DateField()
    kind = forms.ChoiceField(choices=NewsKind.choices)
    embargo_until = UKDateTimeField(
        required=False,
        label="Under embargo until",
        widget=UKDateTimeInput,
        help_text="UK time. Before it nothing of the release can be published. Usually empty.",
    )
    partners: Any = forms.ModelMultipleChoiceField(
        PartnerPage.objects.all(), required=False, widget=PageCheckboxSelect
    )
    themes: Any = forms.ModelMultipleChoiceField(
        ThemePage.objects.all(), required=False, widget=PageCheckboxSelect
    )
    report_mode = forms.ChoiceField(
        label="Report",
        choices=[
            ("none", "No report"),
            ("new", "A new report, as a draft"),
            ("existing", "An existing report"),
        ],
        widget=forms.RadioSelect,
    )
    report: Any = forms.ModelChoiceField(
        ReportPage.objects.order_by("-date"),
        required=False,
        label="Existing report",
        empty_label="Choose a report",
    )
    report_title = forms.CharField(required=False, max_length=MAX_TITLE_CHARACTERS, label="Title")
    report_kind = forms.ChoiceField(choices=ReportKind.choices, label="Kind", required=False)
    period_start = DateField(required=False, label="First day that it covers")
    period_end = DateField(required=False, label="Last day that it covers")
    report_summary = forms.CharField(
        required=False,
        max_length=MAX_SUMMARY_CHARACTERS,
        label="Summary",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source_kind = forms.ChoiceField(
        choices=[(kind.value, kind.value) for kind in SourceKind], widget=forms.HiddenInput
    )
    source = forms.CharField(strip=False, widget=forms.HiddenInput)
    documents = forms.IntegerField(
        min_value=0, max_value=MAX_DOCUMENTS, widget=forms.HiddenInput, required=False
    )
    # Names these drafts, so that a form that is sent twice does not create them twice.
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, may_add_report: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("partners", "themes", "report"):
            field: Any = self.fields[name]
            field.queryset = hide_pages(field.queryset, user)
        if not may_add_report:
            modes: Any = self.fields["report_mode"]
            modes.choices = [choice for choice in modes.choices if choice[0] != "new"]

    def explain(self, guesses: dict[str, str]) -> None:
        """Mark fields whose value is a guess, with its reason."""
        for name, reason in guesses.items():
            if name in self.fields and reason:
                self.fields[name].help_text = mark_guess(reason)

    def clean_embargo_until(self) -> Any:
        """Return the end of the embargo; raise ValidationError if it has passed."""
        until = self.cleaned_data["embargo_until"]
        if until and until <= timezone.now():
            raise ValidationError("This time has passed. Choose a later one, or leave it empty.")
        return until

    def clean_title(self) -> str:
        """Return the title; raise ValidationError if it has no visible character."""
        title: str = self.cleaned_data["title"]
        if is_invisible(title):
            raise ValidationError("Enter a title.")
        return title

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add errors for a report that is not complete."""
        cleaned: dict[str, Any] = super().clean() or {}
        mode = cleaned.get("report_mode")
        if mode == "existing" and not cleaned.get("report"):
            self.add_error("report", "Choose the report, or choose “No report”.")
        if mode == "new":
            self._check_new_report(cleaned)
        return cleaned

    def _check_new_report(self, cleaned: dict[str, Any]) -> None:
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if is_invisible(cleaned.get("report_title", "")):
            self.add_error("report_title", "Enter the title of the report.")
        if bool(start) != bool(end):
            name = "period_end" if start else "period_start"
            self.add_error(name, "Enter both ends of the period, or neither.")
        try:
            validate_date_order(start, end, "period_end")
        except ValidationError as error:
            self.add_error(None, error)


PART_KINDS = [
    (PartKind.TEXT.value, "Text"),
    (PartKind.HEADING.value, "Heading"),
    (PartKind.QUOTE.value, "Quote"),
    (PartKind.LEFT_OUT.value, "Leave out"),
]
TABLE_KINDS = [(PartKind.TABLE.value, "Table"), (PartKind.LEFT_OUT.value, "Leave out")]


class PartForm(forms.Form):
    """A part of the text: what it becomes, its words, and who says them."""

    kind = forms.ChoiceField(label="Becomes")
    text = forms.CharField(
        required=False, strip=False, label="Words", widget=forms.Textarea(attrs={"rows": 2})
    )
    speaker: Any = forms.ModelChoiceField(
        Person.objects.all(), required=False, empty_label="Not in “People”"
    )
    name = forms.CharField(required=False, max_length=150, label="Name as shown")
    role = forms.CharField(required=False, max_length=120)
    organisation = forms.CharField(required=False, max_length=150)

    def __init__(self, part: Part, *args: Any, with_people: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.part = part
        kinds: Any = self.fields["kind"]
        kinds.choices = TABLE_KINDS if part.lines and part.lines[0].table else PART_KINDS
        rows = len(part.text) // CHARACTERS_IN_ROW + part.text.count("\n") + MIN_ROWS
        self.fields["text"].widget.attrs["rows"] = min(rows, MAX_ROWS)
        if part.speech is None:
            for name in ("speaker", "name", "role", "organisation"):
                del self.fields[name]
        elif not with_people:
            del self.fields["speaker"]

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error for a heading that is too long."""
        cleaned: dict[str, Any] = super().clean() or {}
        is_heading = cleaned.get("kind") == PartKind.HEADING
        if is_heading and len(cleaned.get("text", "").strip()) > MAX_HEADING_CHARACTERS:
            self.add_error(
                "text",
                f"A heading has {MAX_HEADING_CHARACTERS} characters at most. Shorten it, or make "
                "it text.",
            )
        return cleaned

    @property
    def reason(self) -> SafeString | str:
        """Return why this part is a guess or is left out, as HTML."""
        is_guess = self.part.kind != PartKind.LEFT_OUT
        return mark_guess(self.part.reason, is_guess)
