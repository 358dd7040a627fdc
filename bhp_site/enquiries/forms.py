"""The forms of visitors: a request for an accessible copy, and a report of a problem."""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Format
from .spam_protection import PROTECTION_FIELDS, ProtectedForm

# Control characters other than tabs and line ends.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A path that no browser takes for the address of another site (“//host”, “/\host”).
LOCAL_PATH = re.compile(r"/(?![/\\])[^\\]*")
MAX_MESSAGE_CHARACTERS = 4000


class PlainTextField(forms.CharField):
    """Text without control characters, which come with text copied from other programs."""

    def to_python(self, value: Any) -> str:
        """Return the text without control characters; an empty string if there is none."""
        return CONTROL_CHARACTERS.sub("", super().to_python(value) or "")


class VisitorForm(ProtectedForm):
    """A form that a visitor sends; its cleaned data are fields of the enquiry."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @property
    def fingerprint(self) -> str:
        """Return a hash of the form and its data: a form that is sent twice makes one enquiry."""
        return sha256(repr((self.nonce, self.request.path, self.cleaned_data)).encode()).hexdigest()

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """Return the fields that people fill in, without those of the spam protection."""
        names = type(self).declared_fields
        return [self[name] for name in names if name not in PROTECTION_FIELDS]

    @property
    def fields_with_errors(self) -> list[forms.BoundField]:
        """Return the fields that have an error, for the summary of errors."""
        return [self[name] for name in self.errors if name in self.fields]


class CopyRequestForm(VisitorForm):
    """A request for an accessible copy of a document."""

    format = forms.ChoiceField(
        label="Which format do you need?",
        choices=Format.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select the format that you need."},
    )
    details = PlainTextField(
        label="More about the format (optional)",
        required=False,
        max_length=250,
        help_text="For example the size of print, the grade of braille or the language.",
    )
    name = PlainTextField(
        label="Your name (optional)",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="We only use this to answer you.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address, so that we can answer.",
            "invalid": "Enter an e-mail address in the correct format, like name@example.org.",
        },
    )
    message = PlainTextField(
        label="Anything else we should know (optional)",
        required=False,
        max_length=MAX_MESSAGE_CHARACTERS,
        help_text=(
            "For example which part you need most, or when you need it. Do not include anything "
            "about your health."
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_details(self) -> str:
        """Return the details; raise ValidationError if the chosen format needs some."""
        details: str = self.cleaned_data["details"]
        chosen_format = self.cleaned_data.get("format")
        if chosen_format == Format.LANGUAGE and not details:
            raise forms.ValidationError("Enter the language that you need.")
        if chosen_format == Format.OTHER and not details:
            raise forms.ValidationError("Enter the format that you need.")
        return details


class ProblemReportForm(VisitorForm):
    """A report of an accessibility problem."""

    page = PlainTextField(
        label="Page (optional)",
        required=False,
        max_length=500,
        help_text=(
            "The address of the page, for example /reports/. Leave this empty if the problem "
            "affects the whole site."
        ),
        # A browser would refuse a path without a host in an input of type “url”.
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    message = PlainTextField(
        label="What happened?",
        max_length=MAX_MESSAGE_CHARACTERS,
        help_text="Tell us what you wanted to do, and what prevented you.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what happened."},
    )
    tools = PlainTextField(
        label="What you use to read the site (optional)",
        required=False,
        max_length=250,
        help_text="For example a screen reader, a magnifier or voice control, and the browser.",
    )
    email = forms.EmailField(
        label="Your e-mail address (optional)",
        required=False,
        max_length=254,
        help_text="We can only answer if you enter your address. We only use it to answer you.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "invalid": "Enter an e-mail address in the correct format, like name@example.org."
        },
    )

    def clean_page(self) -> str:
        """Return the path of the page, or ""; raise ValidationError if it is on another site."""
        address: str = self.cleaned_data["page"]
        path = get_local_path(address, self.request)
        if address and not path:
            raise forms.ValidationError(
                "Enter the address of a page on this site, like /reports/, or leave this empty."
            )
        return path


def get_local_path(address: str, request: HttpRequest) -> str:
    """Return the path of a URL or path on this site; an empty string if it leads elsewhere."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    path = urlsplit(address).path
    return path if LOCAL_PATH.fullmatch(path) else ""
