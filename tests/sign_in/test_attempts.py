"""Limits of attempts at passwords: what waits, for how long, and who is not affected."""

import datetime
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.models import User
from bhp_site.sign_in import attempts, sources
from bhp_site.sign_in.attempts import AttemptLimit, AttemptSource, begin_attempt, end_attempt
from bhp_site.sign_in.models import RESET_LINK_PLACEHOLDER, AccountEmail, AttemptCounter
from bhp_site.sign_in.waits import format_wait

from ..factories import UserFactory

LIMIT = AttemptLimit("test", free_attempts=3, first_wait=10, max_wait=60)
SIGN_IN = "/admin/login/"
PASSWORD = "a long and correct password"
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(home: Page) -> User:
    user = UserFactory(email="ada@example.org", is_superuser=True)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, password: str, email: str = "ada@example.org", **extra: str) -> int:
    """Try to sign in; return the status: 302 signed in, 200 wrong, 429 has to wait."""
    form = {"username": email, "password": password}
    return client.post(SIGN_IN, form, **extra).status_code


def guess(times: int, client: Client | None = None, **kwargs: str) -> list[int]:
    client = client or Client()
    return [sign_in(client, "a guess", **kwargs) for _ in range(times)]


def test_waits_grow_and_are_bounded(db: None, clock: time_machine.Traveller) -> None:
    waits = []
    for _ in range(10):
        wait = begin_attempt([AttemptSource(LIMIT, "a")])
        waits.append(wait)
        clock.shift(wait)
        if wait:
            assert begin_attempt([AttemptSource(LIMIT, "a")]) == 0
    assert waits == [0, 0, 0, 10, 20, 40, 60, 60, 60, 60]


def test_an_attempt_that_waits_is_not_counted(db: None, clock: time_machine.Traveller) -> None:
    waits = [begin_attempt([AttemptSource(LIMIT, "a")]) for _ in range(6)]
    assert waits == [0, 0, 0, 10, 10, 10]
    assert AttemptCounter.objects.get().attempts == 3


def test_one_source_that_waits_counts_no_attempt_of_others(
    db: None, clock: time_machine.Traveller
) -> None:
    for _ in range(3):
        begin_attempt([AttemptSource(LIMIT, "a")])
    assert begin_attempt([AttemptSource(LIMIT, "b"), AttemptSource(LIMIT, "a")]) == 10
    assert AttemptCounter.objects.count() == 1


def test_success_begins_anew(db: None, clock: time_machine.Traveller) -> None:
    account, network = AttemptSource(LIMIT, "account"), AttemptSource(LIMIT, "network")
    for _ in range(2):
        begin_attempt([account, network])
    begin_attempt([account, network])
    end_attempt([account, network])
    assert AttemptCounter.objects.get().attempts == 2


def test_a_day_without_attempts_is_forgotten(db: None, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        begin_attempt([AttemptSource(LIMIT, "a")])
    clock.shift(attempts.COUNTER_RETENTION + datetime.timedelta(seconds=1))
    assert [begin_attempt([AttemptSource(LIMIT, "a")]) for _ in range(4)] == [0, 0, 0, 10]
    attempts.delete_old_counters()
    assert AttemptCounter.objects.exists()
    clock.shift(attempts.COUNTER_RETENTION + datetime.timedelta(seconds=1))
    attempts.delete_old_counters()
    assert not AttemptCounter.objects.exists()


def test_an_attempt_counted_by_somebody_else_meanwhile_is_seen(
    db: None, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = AttemptSource(LIMIT, "a")
    for _ in range(2):
        begin_attempt([source])
    counter = AttemptCounter.objects.get()
    get_or_create = AttemptCounter.objects.get_or_create
    stale = iter([(counter, False)])

    def read_stale_first(**kwargs: object) -> tuple[AttemptCounter, bool]:
        return next(stale, None) or get_or_create(**kwargs)

    AttemptCounter.objects.update(attempts=3)
    monkeypatch.setattr(AttemptCounter.objects, "get_or_create", read_stale_first)
    monkeypatch.setattr(AttemptCounter.objects, "in_bulk", lambda *args, **kwargs: {})
    assert begin_attempt([source]) == 10


def test_nobody_can_tell_from_counters_who_signed_in(user: User) -> None:
    guess(1)
    keys = AttemptCounter.objects.values_list("key", flat=True)
    assert len(keys) == 2
    # A hash has neither “@” nor “.”, so it cannot match by chance.
    assert not any("ada@" in key or "127.0." in key for key in keys)


def test_guesses_have_to_wait(user: User, clock: time_machine.Traveller) -> None:
    assert guess(7) == [200] * 5 + [429] * 2
    response = Client().post(SIGN_IN, {"username": user.email, "password": PASSWORD})
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "30"
    assert "Wait 30 seconds, then try again." in response.text
    clock.shift(31)
    assert sign_in(Client(), PASSWORD) == 302


def test_limits_hold_without_the_cache(user: User, clock: time_machine.Traveller) -> None:
    guess(5)
    cache.clear()
    assert guess(1) == [429]


@pytest.mark.parametrize("email", ["ADA@example.org", " ada@example.org "])
def test_other_spellings_of_an_address_are_the_same_account(
    user: User, clock: time_machine.Traveller, email: str
) -> None:
    guess(5)
    assert guess(1, email=email) == [429]


def test_unknown_accounts_are_answered_alike(user: User, clock: time_machine.Traveller) -> None:
    known, unknown = guess(6), guess(6, email="nobody@example.org")
    assert known == unknown == [200] * 5 + [429]


def test_a_network_has_to_wait_after_many_accounts(
    user: User, clock: time_machine.Traveller
) -> None:
    free = sources.PASSWORD_BY_NETWORK.free_attempts
    statuses = [guess(1, email=f"{n}@example.org")[0] for n in range(free + 1)]
    assert statuses == [200] * free + [429]
    assert sign_in(Client(), PASSWORD) == 429
    assert sign_in(Client(REMOTE_ADDR="10.1.1.1"), PASSWORD) == 302


def test_a_browser_that_has_signed_in_is_not_locked_out(
    user: User, clock: time_machine.Traveller
) -> None:
    known = Client(REMOTE_ADDR="10.1.1.1")
    assert sign_in(known, PASSWORD) == 302
    known.cookies.pop("sessionid")
    guess(6)
    assert sign_in(Client(REMOTE_ADDR="10.1.1.1"), PASSWORD) == 429
    assert sign_in(known, PASSWORD) == 302


def test_a_known_browser_has_limits_too(user: User, clock: time_machine.Traveller) -> None:
    known = Client()
    sign_in(known, PASSWORD)
    known.cookies.pop("sessionid")
    assert guess(6, known) == [200] * 5 + [429]


def test_a_known_browser_is_known_to_one_account(user: User, clock: time_machine.Traveller) -> None:
    other = UserFactory(email="other@example.org", is_superuser=True)
    other.set_password(PASSWORD)
    other.save()
    known = Client()
    assert sign_in(known, PASSWORD, "other@example.org") == 302
    known.cookies.pop("sessionid")
    guess(5)
    assert sign_in(known, PASSWORD) == 429


def test_a_forged_cookie_does_not_help(user: User, clock: time_machine.Traveller) -> None:
    guess(5)
    forger = Client()
    forger.cookies[sources.DEVICE_COOKIE] = sources.make_device(user.email, "token")
    assert sign_in(forger, PASSWORD) == 429


def test_the_cookie_of_a_known_browser_is_for_the_admin_alone(user: User) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    cookie = client.cookies[sources.DEVICE_COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/admin/", True, "Lax")


def test_pages_that_need_an_account_have_the_limits(
    user: User, clock: time_machine.Traveller
) -> None:
    guess(5)
    form = {"username": user.email, "password": PASSWORD}
    response = Client().post("/_util/login/", form)
    assert response.status_code == 429
    assert "There were too many attempts to sign in." in response.text


def test_requests_for_a_new_password_have_to_wait(
    user: User, clock: time_machine.Traveller
) -> None:
    url = "/admin/password_reset/"
    statuses = [Client().post(url, {"email": user.email}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]
    assert AccountEmail.objects.filter(subject="Password reset").count() == 3
    statuses = [Client().post(url, {"email": "nobody@example.org"}).status_code for _ in range(4)]
    assert statuses == [302, 302, 302, 429]


def test_a_request_for_a_new_password_costs_the_same_for_an_unknown_account(
    user: User, worker_alive: None
) -> None:
    """Find out only when the e-mail is sent whether there is such an account."""
    UserFactory(email="gone@example.org", is_active=False)
    work = []
    # The first request reads what is cached for the others.
    for email in ("first@example.org", user.email, "nobody@example.org", "gone@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = Client().post("/admin/password_reset/", {"email": email})
        assert response["Location"] == "/admin/password_reset/done/"
        work.append([query["sql"].split()[0] for query in queries.captured_queries])
    assert work[1] == work[2] == work[3]
    emails = AccountEmail.objects.filter(subject="Password reset")
    for email in emails:
        email.try_now()
    assert [email.to for email in emails.all()] == [user.email]
    assert [message.to for message in mail.outbox] == [[user.email]]


def test_a_user_who_chooses_a_new_password_is_not_locked_out(
    user: User, clock: time_machine.Traveller
) -> None:
    client = Client()
    client.post("/admin/password_reset/", {"email": user.email})
    email = AccountEmail.objects.get(subject="Password reset")
    # The database has no link that works.
    assert RESET_LINK_PLACEHOLDER in email.text
    email.try_now()
    (link,) = [word for word in mail.outbox[0].body.split() if "/confirm/" in word]
    page = client.get(urlsplit(link).path, follow=True)
    new = "another long and correct one"
    form = {"new_password1": new, "new_password2": new}
    assert client.post(page.request["PATH_INFO"], form).status_code == 302
    guess(6)
    assert sign_in(client, new) == 302


def restrict(page: Page) -> str:
    """Protect `page` by a password; return the URL that takes it."""
    restriction = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="open sesame"
    )
    return f"/_util/authenticate_with_password/{restriction.pk}/{page.pk}/"


def test_guesses_at_the_password_of_a_page_have_to_wait(
    news_index: Page, clock: time_machine.Traveller
) -> None:
    url = restrict(news_index)
    form = {"password": "a guess", "return_url": news_index.url}
    assert [Client().post(url, form).status_code for _ in range(6)] == [200] * 5 + [429]
    right = form | {"password": "open sesame"}
    response = Client().post(url, right)
    assert response.status_code == 429
    assert "Wait 30 seconds, then try again." in response.text
    other_network = Client(REMOTE_ADDR="10.1.1.1")
    assert other_network.post(url, right).status_code == 302
    clock.shift(31)
    assert Client().post(url, right).status_code == 302


def test_the_password_of_a_page_is_not_taken_for_another(news_index: Page, home: Page) -> None:
    url = restrict(news_index).replace(f"/{news_index.pk}/", f"/{home.pk}/")
    form = {"password": "open sesame", "return_url": "/"}
    assert Client().post(url, form).status_code == 404


def test_a_password_leads_to_no_other_site(news_index: Page) -> None:
    form = {"password": "open sesame", "return_url": "https://elsewhere.example/"}
    response = Client().post(restrict(news_index), form)
    assert response.headers["Location"] == news_index.get_url()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (30, "30 seconds"), (60, "1 minute"), (61, "2 minutes"), (900, "15 minutes")],
)
def test_waits_are_in_words(seconds: int, words: str) -> None:
    assert format_wait(seconds) == words
