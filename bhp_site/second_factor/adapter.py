"""How django-allauth stores and names factors on this site."""

import base64
import hashlib
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts secrets with a key made from SECRET_KEY, and names the site in authenticator apps.

    A copy of the database alone is therefore no use for signing in.
    """

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted with SECRET_KEY."""
        return _get_fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the text; raise InvalidToken if it was encrypted with a key not known any more."""
        return _get_fernet().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return the name under which an authenticator app lists the account."""
        return settings.WAGTAIL_SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site to which passkeys belong (WebAuthn, 5.4.2): its host and its name."""
        entity = super().get_public_key_credential_rp_entity()
        return {**entity, "name": settings.WAGTAIL_SITE_NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Return the account as browsers list it beside a passkey."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return {**entity, "name": user.email, "display_name": user.get_full_name() or user.email}


def _get_fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive_key(str(key))) for key in keys])


def _derive_key(secret: str) -> bytes:
    digest = hashlib.sha256(b"bhp_site.second_factor" + secret.encode()).digest()
    return base64.urlsafe_b64encode(digest)
