"""What keeps programs out of the forms that anybody may send, without a puzzle for people."""

import ipaddress
import secrets
import time
from typing import Any

from django import forms
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 60 * 60
# Seconds in which nobody has read and filled in a form, and after which a form is no longer taken:
# longer than the 20 hours that WCAG 2.2.1 asks for.
QUICKEST, SLOWEST = 3, 72 * HOUR
# How many requests are taken in an hour: from one address, for one e-mail address, from everybody.
FROM_ONE, FOR_ONE, FROM_ALL = 10, 5, 200

signer = TimestampSigner(salt="bhp_site.enquiries")

# Fields of the protection itself.
HIDDEN = ("stamp", "leave_empty")


class ProtectedForm(forms.Form):
    """A form that bears when it was shown, and a field that only programs see.

    Whoever is refused is told so, with all that was written kept: it may be a person after all.
    """

    stamp = forms.CharField(required=False, widget=forms.HiddenInput)
    leave_empty = forms.CharField(required=False)

    nonce = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.pop("leave_empty", ""):
            self.add_error(
                None,
                "Something was written into a field that cannot be seen. It has been emptied: "
                "please send the form again.",
            )
        stamp = cleaned.pop("stamp", "")
        try:
            self.nonce = signer.unsign(stamp, max_age=SLOWEST)
        except SignatureExpired:
            self.add_error(
                None, "This form has been open for more than three days. Please send it again."
            )
        except BadSignature:
            self.add_error(None, "Part of this form was missing. Please send it again.")
        else:
            if not self.errors and is_quick(stamp):
                self.add_error(
                    None, "That was very quick. Please look at what you wrote, and send it again."
                )
        return cleaned

    @property
    def next_stamp(self) -> str:
        """What the form bears when it is shown: the stamp it came with, while that is good."""
        sent: str = self.data.get("stamp", "")
        return sent if self.nonce else signer.sign(secrets.token_urlsafe(12))


def is_quick(stamp: str) -> bool:
    try:
        signer.unsign(stamp, max_age=QUICKEST)
    except SignatureExpired:
        return False
    return True


def visitor_address(request: HttpRequest) -> str:
    """Where the request comes from: an IPv4 address or an IPv6 network; "" where nobody says.

    A proxy adds the address it was asked from at the end of what others may have written.
    """
    said = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.version == 6:
        # A household has as many as it likes in its network of 64 bits.
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def is_too_much(request: HttpRequest, email: str) -> bool:
    """Count a request that is about to be taken; whether it is one too many in this hour."""
    places = [("all", FROM_ALL)]
    if address := visitor_address(request):
        places.append((f"from {address}", FROM_ONE))
    if email:
        places.append((f"for {email.lower()}", FOR_ONE))
    counts = [(_count(place), most) for place, most in places]
    return any(count > most for count, most in counts)


def _count(place: str) -> int:
    """How often, with this time, in this hour. No address is kept, but what cannot be undone."""
    hour = int(time.time() // HOUR)
    key = f"enquiries:{hour}:{salted_hmac('bhp_site.enquiries', place).hexdigest()}"
    number: int = cache.get(key, 0) + 1
    cache.set(key, number, HOUR)
    return number
