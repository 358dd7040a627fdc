"""The provider of single sign-on (OpenID Connect Core 1.0), through django-allauth's client."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from bhp_site.environment import is_loopback

from .http import fetch_json, run_within_deadline
from .identity import CLOCK_SKEW_SECONDS

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

# Signatures with a public key: a shared secret is no proof of the provider.
ALGORITHMS = [f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)]
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# The provider's configuration and keys are read again after so long.
CONFIGURATION_SECONDS = 60 * 60
# After a failure, nobody asks again for so long.
RETRY_SECONDS = 10
# So long a thread waits for another one to read the first configuration.
MAX_WAIT_SECONDS = 5
# What unexpected answers raise in allauth, PyJWT and requests, whose exceptions are OSErrors.
PROVIDER_ERRORS = (
    OAuth2Error,
    jwt.PyJWTError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
)


class ProviderFailed(Exception):
    """The provider did not answer in time, or not as the standard requires."""


@dataclass(frozen=True)
class Authorization:
    """The values that the session holds until the provider sends the visitor back."""

    state: str
    nonce: str
    verifier: str

    def as_dict(self) -> dict[str, str]:
        """Return the values for the session."""
        return asdict(self)


class SiteClient(OpenIDConnectOAuth2Adapter):
    """django-allauth's client for the provider in the settings."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, settings.SSO_ISSUER)

    def get_provider(self) -> OpenIDConnectProvider:
        """Return the provider, which the settings describe, not the database."""
        server_url = settings.SSO_ISSUER.rstrip("/")
        app = SocialApp(
            provider="openid_connect",
            provider_id=settings.SSO_ISSUER,
            name=settings.SSO_NAME,
            client_id=settings.SSO_CLIENT_ID,
            secret=settings.SSO_CLIENT_SECRET,
            settings={"server_url": server_url},
        )
        return OpenIDConnectProvider(self.request, app=app)

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return the provider's configuration (OpenID Connect Discovery 1.0)."""
        return _configuration.get(self._read_configuration)

    def _read_configuration(self) -> dict[str, Any]:
        configuration: dict[str, Any] = fetch_json(self.get_provider().server_url)
        if configuration["issuer"] != settings.SSO_ISSUER:
            raise ValueError(f"The issuer calls itself {configuration['issuer']!r}")
        for name in ENDPOINTS:
            if not is_safe_endpoint(configuration[name]):
                raise ValueError(f"The {name} is not an https:// address")
        return configuration

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """Return the address that the provider sends visitors back to; it is registered there."""
        return settings.SITE_URL.rstrip("/") + reverse("single-sign-on-callback")


class CachedConfiguration:
    """The provider's configuration in the memory of this process, or its last failure.

    One thread reads it. The others use the earlier one meanwhile; the first time, they wait.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget what was read."""
        self.issuer = ""
        self.value: dict[str, Any] = {}
        self.read_again_at = 0.0

    def get(self, read: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return the configuration, with `read` if it is not known.

        Raises what `read` does; for RETRY_SECONDS after that, ValueError.
        """
        value = self.value if self.issuer == settings.SSO_ISSUER else {}
        if self._is_due() and self._lock.acquire(timeout=0 if value else MAX_WAIT_SECONDS):
            try:
                # Another thread may have read it meanwhile.
                if self._is_due():
                    self._read(read)
            finally:
                self._lock.release()
            value = self.value
        if not value:
            raise ValueError("The provider's configuration could not be read a moment ago")
        return value

    def _is_due(self) -> bool:
        return self.issuer != settings.SSO_ISSUER or time.monotonic() >= self.read_again_at

    def _read(self, read: Callable[[], dict[str, Any]]) -> None:
        """Set the configuration; if that fails, forget it for RETRY_SECONDS and raise the error."""
        began = time.monotonic()
        try:
            self.value = read()
            self.read_again_at = began + CONFIGURATION_SECONDS
        except BaseException:
            self.value, self.read_again_at = {}, began + RETRY_SECONDS
            raise
        finally:
            self.issuer = settings.SSO_ISSUER


class ProviderKeys(jwt.PyJWKClient):
    """The provider's public keys, read again when a new one is in use."""

    def find(self, token: str) -> Any:
        """Return the key that signed `token`; raise jwt.InvalidTokenError or PyJWTError if none.

        A provider with one key need not name it (OpenID Connect Core 1.0, 10.1).
        """
        if jwt.get_unverified_header(token).get("kid") is not None:
            return self.get_signing_key_from_jwt(token)
        keys = self.get_jwk_set().keys
        if len(keys) != 1:
            raise jwt.InvalidTokenError("The ID token does not say which key signed it")
        return keys[0]

    def fetch_data(self) -> Any:
        """Return the set of keys as JSON."""
        keys = fetch_json(self.uri)
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(keys)
        return keys


_configuration = CachedConfiguration()
_keys: dict[str, ProviderKeys] = {}


def is_safe_endpoint(url: str) -> bool:
    """Return True if `url` is encrypted, or on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return bool(host) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))
    )


def begin_authorization(request: HttpRequest, is_repeated: bool) -> tuple[str, Authorization]:
    """Return the address at the provider, and what to remember; raise ProviderFailed.

    If `is_repeated`, the provider has to ask for the password or factor again.
    """
    challenge = generate_code_challenge()
    verifier = challenge.pop("code_verifier")
    authorization = Authorization(secrets.token_urlsafe(32), secrets.token_urlsafe(32), verifier)
    parameters = {**challenge, "nonce": authorization.nonce}
    if settings.SSO_ACR_VALUES:
        parameters["acr_values"] = " ".join(settings.SSO_ACR_VALUES)
    if is_repeated:
        # With `max_age`, the ID token must say when that was (OpenID Connect Core 1.0, 2).
        parameters |= {"prompt": "login", "max_age": "0"}

    def build_url() -> str:
        client = SiteClient(request)
        provider = client.get_provider()
        oauth = client.get_client(request, provider.app)
        oauth.state = authorization.state
        return oauth.get_redirect_url(client.authorize_url, provider.get_scope(), parameters)

    return _ask(build_url), authorization


def fetch_claims(request: HttpRequest, code: str, authorization: Authorization) -> dict[str, Any]:
    """Return the claims about the visitor whom `code` stands for; raise ProviderFailed."""

    def fetch() -> dict[str, Any]:
        client = SiteClient(request)
        oauth = client.get_client(request, client.get_provider().app)
        tokens = oauth.get_access_token(code, pkce_code_verifier=authorization.verifier)
        claims = verify_id_token(tokens["id_token"], authorization.nonce, client.openid_config)
        return add_user_info(client, tokens["access_token"], claims)

    return _ask(fetch)


def verify_id_token(token: str, nonce: str, configuration: dict[str, Any]) -> dict[str, Any]:
    """Return the claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7).

    Raises PyJWTError (of which InvalidTokenError is one) if it is not signed by the provider, for
    this site and this sign-in.
    """
    uri = configuration["jwks_uri"]
    keys = _keys.setdefault(uri, ProviderKeys(uri))
    claims: dict[str, Any] = jwt.decode(
        token,
        keys.find(token),
        algorithms=ALGORITHMS,
        audience=settings.SSO_CLIENT_ID,
        issuer=settings.SSO_ISSUER,
        leeway=CLOCK_SKEW_SECONDS,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )
    if not constant_time_compare(str(claims.get("nonce", "")), nonce):
        raise jwt.InvalidTokenError("The ID token belongs to another sign-in")
    if claims.get("azp", settings.SSO_CLIENT_ID) != settings.SSO_CLIENT_ID:
        raise jwt.InvalidTokenError("The ID token is for another client")
    return claims


def add_user_info(client: SiteClient, access_token: str, claims: dict[str, Any]) -> dict[str, Any]:
    """Return `claims`, with those of the provider's userinfo if the ID token lacks one we need.

    Raises ValueError if the userinfo is about somebody else.
    """
    needed = {"email", *([settings.SSO_ROLES_CLAIM] if settings.SSO_ROLES else [])}
    url = client.openid_config.get("userinfo_endpoint")
    if needed <= claims.keys() or not url or not is_safe_endpoint(url):
        return claims
    info: dict[str, Any] = fetch_json(url, Authorization=f"Bearer {access_token}")
    if info["sub"] != claims["sub"]:
        raise ValueError("The userinfo is about somebody else")
    return {**info, **claims}


def _ask(function: Callable[[], Result]) -> Result:
    """Return what `function` returns; raise ProviderFailed, and log why, if it fails."""
    try:
        return run_within_deadline(function)
    except PROVIDER_ERRORS as error:
        logger.warning("Single sign-on failed: %s: %.300r", type(error).__name__, str(error))
        raise ProviderFailed from error
