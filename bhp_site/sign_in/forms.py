from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.template.loader import render_to_string
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.forms import PasswordViewRestrictionForm

from bhp_site.core.text.sentences import count_noun

from .account_emails import queue_email
from .models import RESET_LINK_PLACEHOLDER
from .waits import TOO_MANY_ATTEMPTS, explain_wait


class LimitedFormMixin(forms.Form):
    """A form that is refused without looking at it if `wait`, in seconds, is not 0."""

    too_many = TOO_MANY_ATTEMPTS
    wait = 0

    def get_wait_error(self) -> forms.ValidationError:
        """Return the error that says how long to wait."""
        return forms.ValidationError(explain_wait(self.wait, self.too_many))


class SignInFormMixin(LimitedFormMixin):
    """A form to sign in that says how long to wait after too many attempts."""

    too_many = (
        "There were too many attempts to sign in. Wait {wait}, then try again. If you have "
        "forgotten your password, choose a new one."
    )

    @property
    def wait(self) -> int:  # type: ignore[override]
        """Return the seconds that the backend for passwords told the request to wait."""
        return getattr(self.request, "sign_in_wait", 0)  # type: ignore[attr-defined]

    def get_invalid_login_error(self) -> forms.ValidationError:
        """Return the error of a form that did not sign anybody in."""
        if self.wait:
            return self.get_wait_error()
        error: forms.ValidationError = super().get_invalid_login_error()  # type: ignore[misc]
        return error


class SignInForm(SignInFormMixin, LoginForm):
    """Wagtail's form to sign in to the admin."""


class VisitorSignInForm(SignInFormMixin, AuthenticationForm):
    """Django's form to sign in, for pages that need an account."""


class SitePasswordResetForm(LimitedFormMixin, PasswordResetForm):
    """Wagtail's form to ask for a link that resets a password."""

    too_many = (
        "There were too many requests for a new password, so we did not send another e-mail. Look "
        "for the e-mail in your inbox and junk folder, or wait {wait} and try again."
    )

    def save(self, *args: Any, **options: Any) -> None:
        """Queue the e-mail, whether or not there is such an account.

        Its link is made when it is sent. So the response takes as long for an unknown account, and
        nobody waits for the mail server.
        """
        context = {
            "link": RESET_LINK_PLACEHOLDER,
            "site_name": settings.WAGTAIL_SITE_NAME,
            "days": count_noun(settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60), "day"),
        }
        text = render_to_string("sign_in/reset_email.txt", context)
        queue_email(self.cleaned_data["email"], "Password reset", text)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; raise ValidationError after too many requests."""
        if self.wait:
            raise self.get_wait_error()
        return super().clean() or self.cleaned_data


class PagePasswordForm(LimitedFormMixin, PasswordViewRestrictionForm):
    """Wagtail's form for the password of a page, or of a page above it."""

    def clean_password(self) -> str:
        """Return the password; raise ValidationError if it is wrong, or was not looked at."""
        if self.wait:
            raise self.get_wait_error()
        password: str = super().clean_password()
        return password
