"""A provider that is away, slow or wrong signs nobody in, and the visitor reads why."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from django.test import Client
from wagtail.models import Page

from bhp_site.single_sign_on import http
from bhp_site.single_sign_on.client import is_safe_endpoint
from bhp_site.single_sign_on.http import BoundedSession, run_within_deadline

from ..factories import UserFactory
from .fake_provider import OTHER_KEY, FakeProvider, make_response

FAILED = "You are not signed in: Example ID did not answer as expected"


def assert_refused(client: Client, response: Any) -> None:
    assert response.status_code == 302
    assert FAILED in client.get(response["Location"]).text
    assert "_auth_user_id" not in client.session


def fail() -> requests.Response:
    raise requests.ConnectionError("away")


ANSWERS: dict[str, Callable[[], requests.Response]] = {
    "away": fail,
    "error": lambda: make_response({"error": "x"}, 500),
    "redirect": lambda: make_response(b"", 302),
    "no JSON": lambda: make_response(b"<html>"),
    "a list": lambda: make_response([]),
    "empty object": lambda: make_response({}),
    "too long": lambda: make_response(b" " * 1_000_001),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_bad_configuration(
    home: Page, provider: FakeProvider, client: Client, answer: str
) -> None:
    provider.answers["openid-configuration"] = ANSWERS[answer]
    for _ in range(2):
        # A browser says so; the page must not be taken for a form whose editor was signed out.
        page = {"Origin": "http://testserver"}
        assert_refused(client, client.post("/admin/login/single-sign-on/", headers=page))
    # A provider in trouble is not asked by every visitor.
    assert len(provider.requests) == 1


@pytest.mark.parametrize(
    "overrides",
    [
        {"issuer": "https://login.example.org/other/v2.0"},
        {"token_endpoint": "http://login.example.org/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_an_unsafe_configuration(
    home: Page, provider: FakeProvider, client: Client, overrides: dict[str, Any]
) -> None:
    provider.overrides = overrides
    assert_refused(client, client.post("/admin/login/single-sign-on/"))


@pytest.mark.parametrize("endpoint", ["token", "keys", "userinfo"])
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_bad_answer(
    home: Page, provider: FakeProvider, client: Client, endpoint: str, answer: str
) -> None:
    UserFactory(email="ada@example.org")
    provider.claims["email"] = None
    provider.answers[endpoint] = ANSWERS[answer]
    assert_refused(client, provider.sign_in(client))


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"azp": "another client"},
        {"exp": 1},
        {"exp": None},
        {"sub": None},
    ],
)
def test_a_token_for_somebody_else(
    home: Page, provider: FakeProvider, client: Client, claims: dict[str, Any]
) -> None:
    UserFactory(email="ada@example.org")
    parameters = provider.begin(client)
    provider.claims |= claims
    assert_refused(client, provider.finish(client, parameters))


@pytest.mark.parametrize(
    "key, algorithm", [(OTHER_KEY, "RS256"), ("a" * 64, "HS256"), ("", "none")]
)
def test_a_token_that_the_provider_has_not_signed(
    home: Page, provider: FakeProvider, client: Client, key: Any, algorithm: str
) -> None:
    UserFactory(email="ada@example.org")
    provider.key, provider.algorithm = key, algorithm
    assert_refused(client, provider.sign_in(client))


@pytest.mark.parametrize("ids, named, signs_in", [(["1"], "", True), (["1", "2"], "", False)])
def test_a_token_need_not_name_the_only_key(
    home: Page,
    provider: FakeProvider,
    client: Client,
    ids: list[str],
    named: str,
    signs_in: bool,
) -> None:
    UserFactory(email="ada@example.org")
    provider.key_ids, provider.token_key_id = ids, named
    provider.sign_in(client)
    assert ("_auth_user_id" in client.session) is signs_in


def test_userinfo_adds_what_the_token_lacks(
    home: Page, provider: FakeProvider, client: Client
) -> None:
    UserFactory(email="ada@example.org")
    provider.claims |= {"email": None, "email_verified": None}
    provider.info = {"email": "ada@example.org", "email_verified": True}
    provider.sign_in(client)
    assert "_auth_user_id" in client.session


def test_userinfo_about_somebody_else(home: Page, provider: FakeProvider, client: Client) -> None:
    provider.claims["email"] = None
    provider.info = {"sub": "43", "email": "ada@example.org", "email_verified": True}
    assert_refused(client, provider.sign_in(client))


def test_the_wait_has_an_end(
    home: Page, provider: FakeProvider, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A response that never comes holds a request only until the deadline."""
    monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.05)
    release = threading.Event()

    def wait() -> requests.Response:
        release.wait(10)
        raise requests.ConnectionError("late")

    provider.answers["openid-configuration"] = wait
    try:
        assert_refused(client, client.post("/admin/login/single-sign-on/"))
    finally:
        release.set()


def test_few_threads_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.01)
    monkeypatch.setattr(http, "_slots", threading.BoundedSemaphore(1))
    release = threading.Event()
    with pytest.raises(TimeoutError, match="in time"):
        run_within_deadline(lambda: release.wait(10))
    with pytest.raises(TimeoutError, match="Too many"):
        run_within_deadline(lambda: True)
    release.set()


def test_requests_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    options: dict[str, Any] = {}

    def send(session: Any, request: Any, **kwargs: Any) -> requests.Response:
        options.update(kwargs)
        return make_response({})

    monkeypatch.setattr(BoundedSession, "send", send)
    BoundedSession().get("https://login.example.org/")
    assert options["timeout"] == http.TIMEOUTS
    assert options["allow_redirects"] is False


def test_attempts_are_limited(home: Page, provider: FakeProvider, client: Client) -> None:
    for _ in range(20):
        provider.begin(client)
    asked = len(provider.requests)
    response = client.post("/admin/login/single-sign-on/")
    assert "too many attempts" in client.get(response["Location"]).text
    assert len(provider.requests) == asked


@pytest.mark.parametrize(
    "url, is_safe",
    [
        ("https://login.example.org/", True),
        ("http://127.0.0.1:9400/", True),
        ("http://login.example.org/", False),
        ("https:///path", False),
        ("ftp://127.0.0.1/", False),
    ],
)
def test_endpoints_are_encrypted(url: str, is_safe: bool) -> None:
    assert is_safe_endpoint(url) is is_safe
