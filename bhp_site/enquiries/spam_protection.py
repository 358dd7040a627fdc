"""Protection of the public forms from programs, without a CAPTCHA."""

import secrets
from typing import Any

from django import forms
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest

from bhp_site.core import rate_limits
from bhp_site.core.rate_limits import HOUR_SECONDS, get_client_network

# No person reads and fills in a form as fast as this.
MIN_FORM_AGE_SECONDS = 3
# Longer than the 20 hours that WCAG 2.2 requires (success criterion 2.2.1).
MAX_FORM_AGE_SECONDS = 72 * HOUR_SECONDS
# Enquiries accepted in an hour.
MAX_PER_IP = 10
MAX_PER_EMAIL = 5
MAX_TOTAL = 200

signer = TimestampSigner(salt="bhp_site.enquiries")

PROTECTION_FIELDS = ("stamp", "leave_empty")


class ProtectedForm(forms.Form):
    """A form with a signed time stamp and a field that people cannot see (a honeypot).

    A refused form is shown again with all that was written, because a person may have sent it.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_empty = forms.CharField(required=False)

    # The content of a valid stamp, unique to one showing of the form.
    nonce = ""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data without the fields of the protection; add errors for spam."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("leave_empty", ""):
            self.add_error(
                None,
                "We could not send your form. Please check it and send it again.",
            )
        stamp = cleaned.pop("stamp", "")
        try:
            self.nonce = signer.unsign(stamp, max_age=MAX_FORM_AGE_SECONDS)
        except SignatureExpired:
            self.add_error(
                None,
                "The form was open for more than three days, so we did not send it. Please "
                "send it again.",
            )
        except BadSignature:
            self.add_error(
                None, "Part of the form was missing, so we did not send it. Please send it again."
            )
        else:
            if not self.errors and is_too_fast(stamp):
                self.add_error(
                    None,
                    "The form was sent very quickly, so we did not accept it. Please check it "
                    "and send it again.",
                )
        return cleaned

    @property
    def next_stamp(self) -> str:
        """Return the stamp to render: the one that was sent if it is valid, else a new one."""
        sent: str = self.data.get("stamp", "")
        return sent if self.nonce else signer.sign(secrets.token_urlsafe(12))


def is_too_fast(stamp: str) -> bool:
    """Return True if a valid `stamp` is younger than `MIN_FORM_AGE_SECONDS`."""
    try:
        signer.unsign(stamp, max_age=MIN_FORM_AGE_SECONDS)
    except SignatureExpired:
        return False
    return True


def exceeds_limits(request: HttpRequest, email: str) -> bool:
    """Count an enquiry; return True if it exceeds a limit of this hour."""
    limits = {"all": MAX_TOTAL}
    if network := get_client_network(request):
        limits[f"from {network}"] = MAX_PER_IP
    if email:
        limits[f"for {email.lower()}"] = MAX_PER_EMAIL
    return rate_limits.exceeds_limits("enquiries", limits)
