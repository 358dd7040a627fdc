"""Forms and panels of the account page that need the current password."""

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.forms.account import NameEmailForm
from wagtail.admin.forms.auth import PasswordChangeForm
from wagtail.admin.views.account import ChangePasswordPanel, NameEmailSettingsPanel

from bhp_site.core.admin.account_views import SiteAccountView

from .attempts import AttemptLimit, AttemptSource, begin_attempt, end_attempt
from .password_rules import may_use_password
from .waits import explain_wait

CURRENT_PASSWORD = AttemptLimit("current password", free_attempts=5)


def check_current_password(user: Any, password: str) -> None:
    """Raise ValidationError if `password` is not that of `user`, or after too many attempts.

    Somebody at an unlocked screen cannot take an account over, nor guess its password.
    """
    source = AttemptSource(CURRENT_PASSWORD, str(user.pk))
    if wait := begin_attempt([source]):
        raise ValidationError(explain_wait(wait))
    if not user.check_password(password):
        raise ValidationError("This is not your current password. Nothing was changed.")
    end_attempt([source])


class NameAndAddressForm(NameEmailForm):
    """Name and e-mail address, which changes only with the current password."""

    current_password = forms.CharField(
        label="Current password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=(
            "Only needed to change your e-mail address. We send a notice to your old address."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # With single sign-on, an address decides whose account it is.
        if settings.SSO_ISSUER or not self.instance.has_usable_password():
            del self.fields["current_password"]
            self.fields["email"].disabled = True
            self.fields["email"].help_text = "Ask an administrator to change it."

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; check the current password if the address is a new one.

        Raises ValidationError if that password is wrong.
        """
        cleaned = super().clean() or self.cleaned_data
        if "email" not in self.changed_data or "email" in self.errors:
            return cleaned
        cleaned["email"] = cleaned["email"].lower()
        password = cleaned.get("current_password", "")
        try:
            if not password:
                raise ValidationError("Enter your current password to change your e-mail address.")
            check_current_password(self.instance, password)
        except ValidationError as error:
            self.add_error("current_password", error)
        return cleaned


class LimitedPasswordChangeForm(PasswordChangeForm):
    """Wagtail's form for a new password, with a limit of attempts at the current one."""

    def clean_old_password(self) -> str:
        """Return the current password; raise ValidationError if it is wrong."""
        password: str = self.cleaned_data["old_password"]
        check_current_password(self.user, password)
        return password


class OneFormMixin:
    """A panel with one form for each request, so that it counts one attempt."""

    @cached_property
    def form(self) -> Any:
        """Return the form."""
        return super().get_form()  # type: ignore[misc]

    def get_form(self) -> Any:
        """Return the form."""
        return self.form


class AddressPanel(OneFormMixin, NameEmailSettingsPanel):
    """The panel of name and e-mail address."""

    form_class = NameAndAddressForm


class PasswordPanel(OneFormMixin, ChangePasswordPanel):
    """The panel of the password."""

    form_class = LimitedPasswordChangeForm

    def is_active(self) -> bool:
        """Return True if the user signs in with a password."""
        return may_use_password(self.user.email) and super().is_active()


PANELS = {NameEmailSettingsPanel: AddressPanel, ChangePasswordPanel: PasswordPanel}


class ProtectedAccountView(SiteAccountView):
    """The account page, on which address and password change only with the current password."""

    @cached_property
    def panels(self) -> list[Any]:
        """Return the panels, one list for each request."""
        panels = []
        for panel in super().get_panels():
            panel_class = PANELS.get(type(panel))
            panels.append(
                panel_class(self.request, panel.user, panel.profile) if panel_class else panel
            )
        return panels

    def get_panels(self) -> list[Any]:
        """Return the panels."""
        return self.panels


account = never_cache(require_admin_access(ProtectedAccountView.as_view()))
