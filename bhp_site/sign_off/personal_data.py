"""Personal data of people who were asked to sign something off."""

from typing import Any

from bhp_site.core.personal_data import PersonalDataSource

from .models import SignOff
from .retention import collect_personal_data, delete_personal_data


def collect(address: str) -> list[dict[str, Any]]:
    """Return the sign-offs that were asked for at an address."""
    sign_offs = SignOff.objects.filter(email__iexact=address).select_related("page")
    return [collect_personal_data(sign_off) for sign_off in sign_offs]


def delete(address: str) -> int:
    """Delete address, messages and suggested words of these sign-offs; return their number."""
    return delete_personal_data(SignOff.objects.filter(email__iexact=address))


SIGN_OFFS = PersonalDataSource("Sign-offs", collect, delete)
