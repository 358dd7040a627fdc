"""What visitors write: a request for an accessible copy, the report of a problem."""

import re
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from .models import Format
from .protection import HIDDEN, ProtectedForm

# What no keyboard writes and no database, mail or page wants, but for tabs and ends of lines.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# A path that no browser takes for another site's address.
PATH = re.compile(r"/(?![/\\])[^\\]*")
LONGEST_MESSAGE = 4000


class Words(forms.CharField):
    """Text as people write it, without control characters, which come from bad copies."""

    def to_python(self, value: Any) -> str:
        return CONTROLS.sub("", super().to_python(value) or "")


class EnquiryForm(ProtectedForm):
    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    @property
    def fingerprint(self) -> str:
        """The same for the same form with the same words: who presses twice asks once."""
        return sha256(repr((self.nonce, self.request.path, self.cleaned_data)).encode()).hexdigest()

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [self[name] for name in type(self).declared_fields if name not in HIDDEN]

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.errors if name in self.fields]


class CopyForm(EnquiryForm):
    format = forms.ChoiceField(
        label="Which format do you need?",
        choices=Format.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the format you need."},
    )
    details = Words(
        label="More about the format (optional)",
        required=False,
        max_length=250,
        help_text="For example how large the letters should be, which grade of braille, or which "
        "language.",
    )
    name = Words(
        label="Your name (optional)",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        help_text="We use it to answer you, and for nothing else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Give your e-mail address, so that we can answer.",
            "invalid": "Give a whole e-mail address, such as name@example.org.",
        },
    )
    message = Words(
        label="Anything else we should know (optional)",
        required=False,
        max_length=LONGEST_MESSAGE,
        help_text="For example which part you need most, or by when. Please write nothing about "
        "your health.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_details(self) -> str:
        details: str = self.cleaned_data["details"]
        wanted = self.cleaned_data.get("format")
        if wanted == Format.LANGUAGE and not details:
            raise forms.ValidationError("Say which language you need.")
        if wanted == Format.OTHER and not details:
            raise forms.ValidationError("Say which format you need.")
        return details


class ProblemForm(EnquiryForm):
    page = Words(
        label="Page (optional)",
        required=False,
        max_length=500,
        help_text="Its address on this site, for example /reports/. Leave it empty where it is "
        "about the whole site.",
        # A path alone is no URL to a browser, so it must not check it as one.
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    message = Words(
        label="What happened?",
        max_length=LONGEST_MESSAGE,
        help_text="What you wanted to do, and what got in the way.",
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Say what happened."},
    )
    tools = Words(
        label="What you use to read the site (optional)",
        required=False,
        max_length=250,
        help_text="For example a screen reader, a magnifier or voice control, and the browser.",
    )
    email = forms.EmailField(
        label="Your e-mail address (optional)",
        required=False,
        max_length=254,
        help_text="We can only answer if you give one. We use it for nothing else.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": "Give a whole e-mail address, such as name@example.org."},
    )

    def clean_page(self) -> str:
        given: str = self.cleaned_data["page"]
        path = path_on_site(given, self.request)
        if given and not path:
            raise forms.ValidationError(
                "Give the address of a page on this site, such as /reports/, or leave this empty."
            )
        return path


def path_on_site(address: str, request: HttpRequest) -> str:
    """The path of an address, whole or not, that leads to this site; "" for any other."""
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    path = urlsplit(address).path
    return path if PATH.fullmatch(path) else ""
