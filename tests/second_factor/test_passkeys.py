"""What a passkey's answer must be; that a right one works is tested with a browser."""

import json
import time
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.second_factor import passkeys

from ..factories import UserFactory

SIGN_IN = "/admin/login/passkey/"
ANSWERS = [
    "",
    "[]",
    "null",
    "{}",
    '"text"',
    "[" * 100_000,
    json.dumps({"response": []}),
    json.dumps({"response": {"userHandle": "MQ"}}),
    json.dumps(
        {
            "id": "AA",
            "rawId": "AA",
            "type": "public-key",
            "response": {
                "userHandle": "MQ",
                "clientDataJSON": "AA",
                "authenticatorData": "AA",
                "signature": "AA",
            },
        }
    ),
]


@pytest.fixture
def user(home: Page) -> User:
    user: User = UserFactory(email="ada@example.org", is_superuser=True)
    return user


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer[:20])
def test_a_wrong_answer_signs_nobody_in(user: User, client: Client, answer: str) -> None:
    assert client.get("/admin/login/passkey/options/").json()["publicKey"]["challenge"]
    response = client.post(SIGN_IN, {"credential": answer}, follow=True)
    assert "The passkey was not accepted" in response.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("answer", ANSWERS[:-1], ids=lambda answer: answer[:20])
def test_a_wrong_answer_adds_nothing(user: User, client: Client, answer: str) -> None:
    client.force_login(user)
    session = client.session
    session["confirmed_at"] = time.time()
    session.save()
    options = client.get("/admin/second-step/passkeys/options/")
    assert options.json()["publicKey"]["challenge"]
    response = client.post("/admin/second-step/passkeys/add/", {"credential": answer}, follow=True)
    assert "The passkey was not added" in response.text
    assert not passkeys.Authenticator.objects.exists()


def test_passkeys_are_limited(user: User, client: Client) -> None:
    for _ in range(20):
        client.post(SIGN_IN, {"credential": "{}"})
    response = client.post(SIGN_IN, {"credential": "{}"}, follow=True)
    assert "There were too many attempts" in response.text


@pytest.mark.parametrize(
    "host, offered",
    [("localhost:8000", True), ("testserver", True), ("127.0.0.1:8000", False), ("[::1]", False)],
)
def test_passkeys_are_offered_where_browsers_allow_them(
    user: User, client: Client, host: str, offered: bool
) -> None:
    page: Any = client.get("/admin/login/", headers={"Host": host})
    assert ("Sign in with a passkey" in page.text) == offered
