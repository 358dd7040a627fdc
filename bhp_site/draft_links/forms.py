import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from bhp_site.core.admin.uk_times import UKDateTimeField

from .models import DEFAULT_LIFETIME

MAX_LIFETIME = datetime.timedelta(days=180)
MIN_PASSWORD_CHARACTERS = 8


def get_default_expiry() -> datetime.datetime:
    """Return the time at which a new link expires unless the editor enters another one."""
    return (timezone.now() + DEFAULT_LIFETIME).replace(second=0, microsecond=0)


class ShareDraftForm(forms.Form):
    """A new link to a draft."""

    label = forms.CharField(
        max_length=100,
        label="Who is it for?",
        help_text="For your own list, for example “University press office”.",
    )
    expires_at = UKDateTimeField(
        label="Works until",
        initial=get_default_expiry,
        widget=AdminDateTimeInput,
    )
    password = forms.CharField(
        max_length=100,
        min_length=MIN_PASSWORD_CHARACTERS,
        required=False,
        label="Password (optional)",
        help_text=(
            "Tell the readers the password in another way than the link, for example by phone."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_expires_at(self) -> datetime.datetime:
        """Return the time; raise ValidationError unless it is within the next 180 days."""
        moment: Any = self.cleaned_data["expires_at"]
        if moment <= timezone.now():
            raise ValidationError("Enter a time in the future.")
        if moment > timezone.now() + MAX_LIFETIME:
            raise ValidationError(f"Enter a time within the next {MAX_LIFETIME.days} days.")
        return moment  # type: ignore[no-any-return]
