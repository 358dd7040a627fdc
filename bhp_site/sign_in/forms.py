from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.forms import AuthenticationForm
from django.template.loader import render_to_string
from wagtail.admin.forms.auth import LoginForm, PasswordResetForm
from wagtail.forms import PasswordViewRestrictionForm

from .account_emails import queue_email
from .models import RESET_TOKEN_PLACEHOLDER
from .password_rules import is_emergency_account, may_use_password
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

    def send_mail(
        self,
        subject_template_name: str,
        email_template_name: str,
        context: dict[str, Any],
        from_email: str | None,
        to_email: str,
        html_email_template_name: str | None = None,
    ) -> None:
        """Queue the e-mail, so that nobody waits for the mail server.

        The token of the link is made when it is sent, and not stored.
        """
        context = context | {"token": RESET_TOKEN_PLACEHOLDER}
        subject = render_to_string(subject_template_name, context)
        queue_email(to_email, subject.strip(), render_to_string(email_template_name, context))

    def get_users(self, email: str) -> Iterable[Any]:
        """Return the users who get a link: not those whom only single sign-on signs in.

        Without single sign-on, users who have no password yet may choose one.
        """
        users = get_user_model().objects.filter(email__iexact=email, is_active=True)
        return [
            user
            for user in users
            if may_use_password(user.email)
            and (
                user.has_usable_password()
                or not settings.SSO_ISSUER
                or is_emergency_account(user.email)
            )
        ]

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
