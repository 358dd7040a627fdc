from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .models import SignOff
from .subjects import Subject, list_quotations

EXCERPT_CHARACTERS = 60
PAGE_KINDS = (SignOff.Kind.PARTNER, SignOff.Kind.FACTS)


def get_stored_email(draft: Any, subject: Subject | None) -> str:
    """Return the private address of a quotation's speaker as stored under “People”; "" if none."""
    if subject is None or not subject.block_id:
        return ""
    block = next(block for block in draft.body if str(block.id) == subject.block_id)
    speaker = block.value.get("speaker")
    return speaker.sign_off_email if speaker else ""


class RequestForm(forms.Form):
    """Asks one person to sign off a quotation of a draft, or the whole page."""

    subject = forms.ChoiceField(label="What should be signed off?")
    name = forms.CharField(
        max_length=150,
        required=False,
        label="Who is asked?",
        help_text="For a quotation you can leave this empty: its speaker is asked.",
    )
    email = forms.EmailField(
        required=False,
        label="Private e-mail address",
        help_text=(
            "For a quotation you can leave this empty if the speaker’s address is stored under "
            "“People”. Visitors never see it."
        ),
    )
    message = forms.CharField(
        required=False,
        max_length=1000,
        label="Your note (optional)",
        help_text="For example until when you need the answer.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, draft: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        self.quotations = {quotation.block_id: quotation for quotation in list_quotations(draft)}
        subject: Any = self.fields["subject"]
        subject.choices = [
            *((key, _describe(quotation)) for key, quotation in self.quotations.items()),
            *((kind.value, f"The whole page: {kind.label.lower()}") for kind in PAGE_KINDS),
        ]

    def clean(self) -> dict[str, Any]:
        """Return the data with name and address filled in from the quotation's speaker."""
        cleaned = super().clean() or self.cleaned_data
        quotation = self.quotations.get(cleaned.get("subject", ""))
        if quotation:
            cleaned["name"] = cleaned.get("name") or quotation.name
        if not cleaned.get("name"):
            self.add_error("name", ValidationError("Enter the name of the person."))
        if "email" not in self.errors:
            cleaned["email"] = cleaned.get("email") or get_stored_email(self.draft, quotation)
            if not cleaned["email"]:
                self.add_error("email", ValidationError("Enter the person’s e-mail address."))
        return cleaned

    @property
    def kind(self) -> str:
        """Return the kind of sign-off that was chosen."""
        chosen: str = self.cleaned_data["subject"]
        return SignOff.Kind.QUOTATION if chosen in self.quotations else chosen

    @property
    def block_id(self) -> str:
        """Return the id of the chosen quotation; "" for the whole page."""
        chosen: str = self.cleaned_data["subject"]
        return chosen if chosen in self.quotations else ""


def _describe(quotation: Subject) -> str:
    words = " ".join(quotation.paragraphs)
    more = "…" if len(words) > EXCERPT_CHARACTERS else ""
    return f"{quotation.label}: {words[:EXCERPT_CHARACTERS]}{more}"


class OverrideForm(forms.Form):
    """Why a publisher goes ahead without an approval."""

    reason = forms.CharField(
        max_length=250,
        label="Reason for going ahead",
        help_text="Recorded in the history of the page.",
    )
