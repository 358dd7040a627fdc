"""Every path on which somebody could guess: it slows down, and locks nobody out for good.

`ATTACKS` lists the paths. Each is tried with wrong secrets from one network, from many, for one
account and for many; without the cache; and with an account that does not exist.
"""

import datetime
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from wagtail.models import PageViewRestriction

from bhp_site.core.models import User
from bhp_site.draft_links.links import create_link
from bhp_site.second_factor import factors
from bhp_site.second_factor import limits as second_factor_limits
from bhp_site.sign_in import account_forms, sources, unknown_links
from bhp_site.sign_in.attempts import AttemptLimit
from bhp_site.sign_off import views as sign_off_views
from news.models import NewsPage

from ..authenticator_app import SECRET, get_code
from ..factories import UserFactory
from ..single_sign_on.conftest import provider as provider_fixture
from ..single_sign_on.fake_provider import FakeProvider, make_response

NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
PASSWORD = "a long and correct password"
ADA = "ada@example.org"
STEP = "/admin/login/second-step/"
# Guesses that are free where a link or a shared password is guessed; 100 on a site.
FREE_ATTEMPTS = 8
TOO_MANY = re.compile(r"[Ww]ait (\d+) (second|minute)")

provider = provider_fixture


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def world(release: NewsPage, provider: FakeProvider, rf: Any) -> SimpleNamespace:
    """An account with a second step, a page and a draft with passwords, and a provider."""
    provider.answers["token"] = lambda: make_response({"error": "invalid_grant"}, 400)
    page = release.get_parent()
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    user = make_user(ADA, rf)
    link = create_link(release, "A partner", user=user, password="open sesame")[1]
    return SimpleNamespace(
        rf=rf,
        provider=provider,
        page_url=f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/",
        draft_url="/drafts/" + link.partition("/drafts/")[2],
    )


@pytest.fixture(autouse=True)
def _low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let fewer guesses be free where there are so many that the tests would take long."""
    assert (
        sources.UNKNOWN_LINK_BY_NETWORK.free_attempts == sources.PAGE_PASSWORD.free_attempts == 100
    )
    link = replace(sources.UNKNOWN_LINK_BY_NETWORK, free_attempts=FREE_ATTEMPTS)
    monkeypatch.setattr(unknown_links, "UNKNOWN_LINK_BY_NETWORK", link)
    monkeypatch.setattr(
        sources, "PAGE_PASSWORD", replace(sources.PAGE_PASSWORD, free_attempts=FREE_ATTEMPTS)
    )


def make_user(email: str, rf: Any) -> User:
    user: User = UserFactory(email=email, is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    factors.add_app(user, SECRET, 0, rf.get("/"))
    return user


def give_password(client: Client, email: str, password: str = PASSWORD, **form: str) -> Any:
    return client.post("/admin/login/", {"username": email, "password": password, **form})


# --- The paths ---------------------------------------------------------------------------------
# Each takes a browser, the world and an e-mail address, and returns the response to a wrong secret.


def guess_password(client: Client, world: Any, email: str) -> Any:
    return give_password(client, email, "a guess")


def guess_in_dialog(client: Client, world: Any, email: str) -> Any:
    return give_password(client, email, "a guess", next="/admin/session/signed-in/")


def guess_as_visitor(client: Client, world: Any, email: str) -> Any:
    return client.post("/_util/login/", {"username": email, "password": "a guess"})


def guess_code(client: Client, world: Any, email: str) -> Any:
    return _guess_second_step(client, world, email, "000000")


def guess_recovery_code(client: Client, world: Any, email: str) -> Any:
    return _guess_second_step(client, world, email, "0000 0000")


def _guess_second_step(client: Client, world: Any, email: str, code: str) -> Any:
    if not User.objects.filter(email=email).exists():
        make_user(email, world.rf)
    # Another account's session may be open in this browser.
    client.cookies.clear()
    give_password(client, email)
    return client.post(STEP, {"code": code})


def guess_to_confirm(client: Client, world: Any, email: str) -> Any:
    _open_session(client, world, email)
    return client.post("/admin/second-step/confirm/", {"password": "a guess"})


def guess_in_account(client: Client, world: Any, email: str) -> Any:
    _open_session(client, world, email)
    form = {"password-old_password": "a guess", "password-new_password1": "x" * 12}
    return client.post("/admin/account/", form | {"password-new_password2": "x" * 12})


def _open_session(client: Client, world: Any, email: str) -> None:
    user = User.objects.filter(email=email).first() or make_user(email, world.rf)
    client.force_login(user)
    session = client.session
    session["second_step_passed"] = True
    session.save()


def try_passkey(client: Client, world: Any, email: str) -> Any:
    return client.post("/admin/login/passkey/", {"credential": "{}"})


def ask_for_reset(client: Client, world: Any, email: str) -> Any:
    return client.post("/admin/password_reset/", {"email": email})


def guess_reset_link(client: Client, world: Any, email: str) -> Any:
    return client.get("/admin/password_reset/confirm/MQ/abc-0123456789/")


def guess_page_password(client: Client, world: Any, email: str) -> Any:
    return client.post(world.page_url, {"password": "a guess", "return_url": "/"})


def guess_draft_password(client: Client, world: Any, email: str) -> Any:
    return client.post(world.draft_url, {"password": "a guess"})


def guess_draft_link(client: Client, world: Any, email: str) -> Any:
    return client.get("/drafts/guessed/")


def guess_sign_off_link(client: Client, world: Any, email: str) -> Any:
    return client.post("/sign-off/guessed/", {"answer": "approved"})


def guess_invitation(client: Client, world: Any, email: str) -> Any:
    return client.post("/invitation/guessed/", {"new_password1": "x"})


def guess_single_sign_on(client: Client, world: Any, email: str) -> Any:
    response = client.post("/admin/login/single-sign-on/")
    if response.status_code == 200:
        state = client.session["single_sign_on"]["authorization"]["state"]
        response = client.get(
            "/admin/login/single-sign-on/callback/", {"code": "x", "state": state}
        )
    return response


@dataclass(frozen=True)
class Attack:
    """A path, how many guesses are free, and what its limits count besides the network."""

    guess: Callable[[Client, Any, str], Any]
    free: int
    # “account”; “shared” for a password that several people know; "" if nothing can be named.
    counts: str = ""
    # False where only somebody who is signed in can guess.
    counts_networks: bool = True


ATTACKS = {
    "sign-in": Attack(guess_password, 5, "account"),
    "sign-in again in the editor": Attack(guess_in_dialog, 5, "account"),
    "sign-in of visitors": Attack(guess_as_visitor, 5, "account"),
    "code of an app": Attack(guess_code, 5, "account"),
    "recovery code": Attack(guess_recovery_code, 5, "account"),
    "password to confirm": Attack(guess_to_confirm, 5, "account"),
    "current password": Attack(guess_in_account, 5, "account", counts_networks=False),
    "passkey": Attack(try_passkey, 20),
    "request for a new password": Attack(ask_for_reset, 3, "account"),
    "link to choose a password": Attack(guess_reset_link, FREE_ATTEMPTS),
    "password of a page": Attack(guess_page_password, 5, "shared"),
    "password of a draft": Attack(guess_draft_password, 5, "shared"),
    "link to a draft": Attack(guess_draft_link, FREE_ATTEMPTS),
    "sign-off": Attack(guess_sign_off_link, FREE_ATTEMPTS),
    "invitation": Attack(guess_invitation, FREE_ATTEMPTS),
    "single sign-on": Attack(guess_single_sign_on, 20),
}
every_attack = pytest.mark.parametrize("name", ATTACKS)
on_accounts = pytest.mark.parametrize(
    "name", [name for name, attack in ATTACKS.items() if attack.counts == "account"]
)


def get_wait(response: Any) -> int:
    """Return the seconds that `response` says one has to wait; 0 if it does not."""
    if response.status_code == 429:
        return int(response["Retry-After"])
    text = response.text
    if response.status_code == 302 and response["Location"].startswith("/admin/login/?"):
        text = response.client.get(response["Location"]).text
    match = TOO_MANY.search(text)
    return int(match[1]) * {"second": 1, "minute": 60}[match[2]] if match else 0


def from_network(number: int) -> Client:
    return Client(REMOTE_ADDR=f"10.0.{number // 250}.{number % 250 + 1}")


@every_attack
def test_waits_grow(name: str, world: SimpleNamespace, clock: time_machine.Traveller) -> None:
    attack, client = ATTACKS[name], Client()
    for _ in range(attack.free):
        assert get_wait(attack.guess(client, world, ADA)) == 0
    waits = []
    for _ in range(4):
        waits.append(get_wait(attack.guess(client, world, ADA)))
        clock.shift(waits[-1] + 1)
        # Now one more is let through, and counts.
        assert get_wait(attack.guess(client, world, ADA)) == 0
    assert waits == [waits[0] * 2**number for number in range(4)]
    assert 1 <= waits[0] <= 300


def test_no_wait_is_longer_than_an_hour() -> None:
    modules = (sources, second_factor_limits, account_forms, sign_off_views)
    limits = [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, AttemptLimit)
    ]
    assert len(limits) >= 10
    assert max(limit.get_wait(10**6) for limit in limits) == 3600


@every_attack
def test_limits_hold_without_a_cache(
    name: str, world: SimpleNamespace, settings: LazySettings
) -> None:
    nothing = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    settings.CACHES = {"default": nothing, "shared": nothing}
    attack, client = ATTACKS[name], Client()
    waits = [get_wait(attack.guess(client, world, ADA)) for _ in range(attack.free + 1)]
    assert waits[:-1] == [0] * attack.free
    assert waits[-1]


@on_accounts
def test_an_account_is_limited_from_many_networks(name: str, world: SimpleNamespace) -> None:
    attack = ATTACKS[name]
    waits = [
        get_wait(attack.guess(from_network(number), world, ADA))
        for number in range(attack.free + 1)
    ]
    assert [bool(wait) for wait in waits] == [False] * attack.free + [True]


@pytest.mark.parametrize(
    "name", [name for name, attack in ATTACKS.items() if attack.counts_networks]
)
def test_a_network_is_limited_for_many_accounts(name: str, world: SimpleNamespace) -> None:
    attack, client = ATTACKS[name], Client()
    # Fewer guesses at each account than are free.
    waits = [
        get_wait(attack.guess(client, world, f"user{number // 2}@example.org"))
        for number in range(max(attack.free, 20) + 1)
    ]
    assert waits[-1]
    assert get_wait(attack.guess(from_network(1), world, "other@example.org")) == 0


@pytest.mark.parametrize("name", [n for n, attack in ATTACKS.items() if attack.counts == "shared"])
def test_a_shared_password_stays_usable(name: str, world: SimpleNamespace) -> None:
    """However many others try it, people who know it wait a minute at most."""
    attack = ATTACKS[name]
    waits = [
        get_wait(attack.guess(from_network(number), world, ADA))
        for number in range(FREE_ATTEMPTS + 9)
    ]
    assert max(waits) <= 60
    assert waits[FREE_ATTEMPTS] == 1


def test_a_user_who_signed_in_before_is_never_locked_out(
    world: SimpleNamespace, clock: time_machine.Traveller
) -> None:
    """A known browser gets in with password and code at once, and any other after 15 minutes."""
    known = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(known)
    for name in ("sign-in", "sign-in of visitors"):
        for number in range(30):
            ATTACKS[name].guess(from_network(number), world, ADA)
            clock.shift(1000)
    for number in range(10):
        attacker = from_network(number)
        give_password(attacker, ADA)
        attacker.post(STEP, {"code": "000000"})
    known.cookies.pop("sessionid")
    sign_in(known)
    clock.shift(15 * 60 + 1)
    sign_in(Client(REMOTE_ADDR="192.0.2.2"))


def sign_in(client: Client) -> None:
    assert give_password(client, ADA)["Location"] == STEP
    client.post(STEP, {"code": get_code()})
    assert client.get("/admin/").status_code == 200


# --- Accounts that do not exist ----------------------------------------------------------------


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passwords that were hashed: the work that takes long."""
    passwords: list[str] = []
    encode = MD5PasswordHasher.encode

    def encode_and_note(self: Any, password: str, salt: str) -> str:
        passwords.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", encode_and_note)
    return passwords


def remove_tokens(response: Any) -> tuple[int, str]:
    text = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"', r"\1", response.text)
    return response.status_code, re.sub(r"[\w-]+@example\.org", "ADDRESS", text)


@pytest.mark.parametrize("name", ["sign-in", "sign-in of visitors", "request for a new password"])
@pytest.mark.parametrize("kind", ["unknown", "deactivated", "no password", "single sign-on"])
def test_no_answer_tells_which_accounts_exist(
    name: str, kind: str, world: SimpleNamespace, hashed: list[str], settings: LazySettings
) -> None:
    attack, other = ATTACKS[name], "other@example.org"
    if kind != "unknown":
        user = UserFactory(email=other, is_active=kind != "deactivated")
        if kind == "no password":
            user.set_unusable_password()
            user.save()
    if kind == "single sign-on":
        settings.SSO_ONLY, settings.SSO_EMERGENCY_ACCOUNTS = True, [ADA]
    answers = []
    for email in (ADA, other):
        hashed.clear()
        client = Client(REMOTE_ADDR="192.0.2.1")
        responses = [attack.guess(client, world, email) for _ in range(attack.free + 1)]
        answers.append(([*map(remove_tokens, responses)], len(hashed)))
    assert answers[0] == answers[1]
    assert answers[0][1] == (0 if attack.guess is ask_for_reset else attack.free)


def test_a_right_password_of_a_closed_account_is_answered_like_a_wrong_one(
    world: SimpleNamespace, settings: LazySettings
) -> None:
    settings.SSO_ONLY, settings.SSO_EMERGENCY_ACCOUNTS = True, ["rescue@example.org"]
    right, wrong = (give_password(Client(), ADA, word) for word in (PASSWORD, "a guess"))
    assert remove_tokens(right) == remove_tokens(wrong)


def test_attempts_at_passwords_send_no_email(world: SimpleNamespace) -> None:
    for _ in range(10):
        guess_password(Client(), world, ADA)
    assert mail.outbox == []
