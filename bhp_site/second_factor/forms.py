from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from bhp_site.sign_in.attempts import begin_attempt, end_attempt
from bhp_site.sign_in.events import record_event
from bhp_site.sign_in.forms import LimitedFormMixin
from bhp_site.sign_in.models import EventKind

from .factors import check_code, find_counter
from .limits import get_code_sources

WRONG_CODE = "This code is not correct. Enter the code that the app shows now."


class CodeForm(LimitedFormMixin):
    """Asks for the code of an authenticator app, or for a recovery code."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user

    def clean_code(self) -> str:
        """Return the code, which is then used up; raise ValidationError if it is wrong."""
        sources = get_code_sources(self.request, self.user.email)
        self.wait = begin_attempt(sources)
        if self.wait:
            raise self.get_wait_error()
        code: str = self.cleaned_data["code"]
        if not self.is_right(code):
            raise forms.ValidationError(WRONG_CODE)
        end_attempt(sources)
        return code

    def is_right(self, code: str) -> bool:
        """Return True if the code signs the user in, and record it if it does not."""
        if check_code(self.user, code, self.request):
            return True
        record_event(EventKind.FACTOR_FAILED, self.user, self.request)
        return False


class SetUpAppForm(CodeForm):
    """Asks for the first code of an authenticator app, which proves that it was set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A new secret each time the page is opened, kept in the session while the form is wrong.
        self.secret = totp.get_totp_secret(regenerate=not self.is_bound)
        self.counter = 0

    def is_right(self, code: str) -> bool:
        """Return True if the app shows `code` now."""
        counter = find_counter(self.secret, code)
        self.counter = counter or 0
        return counter is not None


class ConfirmForm(LimitedFormMixin):
    """Asks for the password again, before something about signing in is changed."""

    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Return the password; raise ValidationError if it is wrong or must wait."""
        password: str = self.cleaned_data["password"]
        user = authenticate(self.request, username=self.request.user.email, password=password)  # type: ignore[union-attr]
        self.wait = getattr(self.request, "sign_in_wait", 0)
        if self.wait:
            raise self.get_wait_error()
        if user != self.request.user:
            raise forms.ValidationError("This password is not correct.")
        return password
