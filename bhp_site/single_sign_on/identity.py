"""The identity in the claims of the provider."""

import logging
import time
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bhp_site.core.roles import get_partner_name, member_areas

logger = logging.getLogger(__name__)

MAX_SUBJECT_LENGTH = 191
MAX_NAME_LENGTH = 150
CLOCK_SKEW_SECONDS = 60


class SignInRefused(Exception):
    """A refusal of the sign-in; the text tells the visitor why, and what to do.

    `user` is the account that the sign-in was for, if it is known.
    """

    def __init__(self, text: str, user: Any = None) -> None:
        super().__init__(text)
        self.user = user


@dataclass(frozen=True)
class Identity:
    """An identity at the provider.

    `email` is empty unless the provider has verified the address. `roles` are the names of roles or
    groups on this site; None if the site's administrators choose them.
    """

    subject: str
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    roles: tuple[str, ...] | None = None
    has_second_factor: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the values for the session."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Identity":
        """Return the identity that the session holds."""
        roles = values["roles"]
        return cls(**{**values, "roles": None if roles is None else tuple(roles)})


def read_identity(claims: dict[str, Any]) -> Identity:
    """Return the identity in `claims`; raise SignInRefused if they are incomplete."""
    subject = str(claims["sub"])
    if not 0 < len(subject) <= MAX_SUBJECT_LENGTH:
        raise SignInRefused("Your account there has an unusual identifier. Tell an administrator.")
    first, last = _read_names(claims)
    return Identity(
        subject=subject,
        email=_read_verified_email(claims),
        first_name=first,
        last_name=last,
        roles=_read_roles(claims),
        has_second_factor=_has_second_factor(claims),
    )


def has_signed_in_since(claims: dict[str, Any], moment: float) -> bool:
    """Return True if the provider asked for a password or factor after `moment`, in seconds.

    Without `auth_time`, it may have known the browser from an earlier sign-in.
    """
    signed_in_at = claims.get("auth_time")
    if isinstance(signed_in_at, bool) or not isinstance(signed_in_at, int | float):
        return False
    latest = time.time() + CLOCK_SKEW_SECONDS
    return moment - CLOCK_SKEW_SECONDS <= signed_in_at <= latest


def _read_verified_email(claims: dict[str, Any]) -> str:
    """Return the address in lower case; "" if there is none, or it is not verified.

    Anybody can enter any address in an account of their own. Where the provider says nothing, the
    operator may have said that it gives out the addresses of a domain itself.
    """
    email = str(claims.get("email") or "").strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        return ""
    # Entra ID says it in a claim of its own, with 1 for true.
    values = [claims[name] for name in ("email_verified", "xms_edov") if name in claims]
    if values:
        is_verified = all(str(value).lower() in ("true", "1") for value in values)
    else:
        is_verified = email.rpartition("@")[2] in settings.SSO_TRUSTED_EMAIL_DOMAINS
    return email if is_verified else ""


def _read_names(claims: dict[str, Any]) -> tuple[str, str]:
    full = str(claims.get("name") or "").strip()
    first, _, last = full.rpartition(" ") if " " in full else (full, "", "")
    names = (claims.get("given_name") or first, claims.get("family_name") or last)
    first, last = (str(name).strip()[:MAX_NAME_LENGTH] for name in names)
    return first, last


def _read_roles(claims: dict[str, Any]) -> tuple[str, ...] | None:
    """Return the roles that SSO_ROLES gives for the values of the claim; None without SSO_ROLES.

    Raises SignInRefused if the provider has left out the values because there are too many.
    """
    if not settings.SSO_ROLES:
        return None
    name = settings.SSO_ROLES_CLAIM
    distributed = claims.get("_claim_names")
    if name not in claims and isinstance(distributed, dict) and name in distributed:
        raise SignInRefused(
            "Your account there is in too many groups to be read. Ask the administrator of "
            f"{settings.SSO_NAME} to send only the groups of this site."
        )
    values = claims.get(name) or []
    values = values if isinstance(values, list) else [values]
    roles = {settings.SSO_ROLES[str(value)] for value in values if str(value) in settings.SSO_ROLES}
    return tuple(sorted(filter(_has_partner, roles)))


def _has_partner(role: str) -> bool:
    """Return False, and log it, for the Member's editor of a partner that does not exist."""
    partner = get_partner_name(role)
    if not partner or member_areas.find_key(partner):
        return True
    logger.warning("SSO_ROLES names a partner that this site does not have: %s", partner)
    return False


def _has_second_factor(claims: dict[str, Any]) -> bool:
    """Return True if this sign-in at the provider counts as one with a second factor."""
    if settings.SSO_SECOND_FACTOR == "provider":
        return True
    if settings.SSO_SECOND_FACTOR == "site":
        return False
    # RFC 8176: “mfa” is authentication with several factors.
    methods = claims.get("amr")
    is_multiple = isinstance(methods, list) and "mfa" in methods
    return is_multiple or claims.get("acr") in settings.SSO_ACR_VALUES
