"""How long sessions last, who sees and ends them, and what a deactivated account loses."""

import datetime
import json
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.models import User
from bhp_site.draft_links.links import create_link
from bhp_site.sign_in.models import AccountEvent, EventKind
from bhp_site.sign_in.sessions import delete_expired_sessions, describe_browser, find_sessions

from ..conftest import signed_in
from ..factories import NewsPageFactory, UserFactory
from ..page_states import restrict

NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)
END = "/admin/account/end-sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def clock(settings: LazySettings) -> Iterator[time_machine.Traveller]:
    settings.SESSION_COOKIE_AGE = 60 * 60
    settings.SESSION_MAX_SECONDS = 8 * 60 * 60
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def is_in(client: Client) -> bool:
    return client.get("/admin/account/").status_code == 200


def get_seconds_left(client: Client) -> int:
    return int(client.get("/admin/session/").json()["secondsLeft"])


def test_a_session_that_is_not_used_ends(
    clock: time_machine.Traveller, home: Page, publisher: User
) -> None:
    client = signed_in(publisher)
    clock.shift(59 * 60)
    assert is_in(client)
    clock.shift(59 * 60)
    assert is_in(client)
    clock.shift(61 * 60)
    assert not is_in(client)
    assert client.get("/admin/session/").json()["state"] == "expired"


def test_scripts_of_an_open_page_do_not_renew_it(
    clock: time_machine.Traveller, home: Page, publisher: User
) -> None:
    client = signed_in(publisher)
    assert is_in(client)
    for _ in range(4):
        clock.shift(14 * 60)
        client.get("/admin/session/")
    assert get_seconds_left(client) == 4 * 60
    clock.shift(5 * 60)
    assert not is_in(client)


def test_a_session_ends_however_much_it_is_used(
    clock: time_machine.Traveller, home: Page, publisher: User
) -> None:
    client = signed_in(publisher)
    for _ in range(16):
        assert is_in(client)
        clock.shift(30 * 60)
    assert is_in(client)
    assert get_seconds_left(client) == 0
    clock.shift(1)
    assert not is_in(client)


def test_a_page_password_is_remembered_for_a_week(
    clock: time_machine.Traveller, home: Page, client: Client
) -> None:
    page = NewsPageFactory(parent=home, title="For partners")
    restrict(page, PageViewRestriction.PASSWORD)
    action = f"/_util/authenticate_with_password/{PageViewRestriction.objects.get().pk}/{page.pk}/"
    client.post(action, {"password": "open sesame", "return_url": page.get_url()})
    assert client.cookies["sessionid"]["max-age"] == ""
    clock.shift(7 * 24 * 60 * 60 - 1)
    assert "For partners" in client.get(page.get_url()).text
    clock.shift(1)
    assert "For partners" not in client.get(page.get_url()).text


def test_users_see_and_end_their_own_sessions(home: Page, publisher: User, admin: User) -> None:
    client, other, third = (signed_in(publisher) for _ in range(3))
    stranger = signed_in(admin)
    other.get("/admin/", headers={"user-agent": FIREFOX})
    text = client.get("/admin/account/").text
    assert text.count("End session") == 2
    assert "This browser" in text
    current = client.session.session_key
    assert str(current) not in text
    ids = {session.key: session.id for session in find_sessions(publisher)}
    client.post(END, {"session": ids[other.session.session_key]})
    assert [is_in(one) for one in (client, other, third, stranger)] == [True, False, True, True]
    foreign = next(find_sessions(admin)).id
    client.post(END, {"session": foreign})
    client.post(END, {"session": ids[current]})
    client.post(END, {"session": "others"})
    assert [is_in(one) for one in (client, third, stranger)] == [True, False, True]
    events = AccountEvent.objects.filter(kind=EventKind.SESSIONS_ENDED, user=publisher)
    assert [event.detail for event in events] == ["1 session", "1 session"]
    assert client.get(END).status_code == 405


def test_signing_in_notes_the_browser(home: Page, publisher: User) -> None:
    publisher.set_password("a long and correct password")
    publisher.save()
    form = {"username": publisher.email, "password": "a long and correct password"}
    Client(headers={"user-agent": FIREFOX}).post("/admin/login/", form)
    session = next(find_sessions(publisher))
    assert (session.browser, session.network) == ("Firefox on Windows", "127.0.0.1")
    assert describe_browser("curl/8") == "Unknown browser"


def deactivate(admin: Client, user: User) -> None:
    user.is_active = False
    user.save()


def deactivate_in_bulk(admin: Client, user: User) -> None:
    address = f"/admin/bulk/core/user/set_active_state/?id={user.pk}"
    admin.post(address, {"mark_as_active": "False"})
    user.refresh_from_db()
    assert not user.is_active


@pytest.mark.parametrize("end", [deactivate, deactivate_in_bulk])
def test_deactivating_an_account_ends_sessions_and_links(
    home: Page, publisher: User, admin: User, end: Callable[[Client, User], None]
) -> None:
    UserFactory().groups.add(*publisher.groups.all())
    client = signed_in(publisher)
    link, _ = create_link(home, "For the board", user=publisher)
    kept, _ = create_link(home, "For the press", user=admin)
    end(signed_in(admin), publisher)
    assert AccountEvent.objects.filter(kind=EventKind.DEACTIVATED).count() == 1
    assert not [*find_sessions(publisher)]
    for row in (link, kept):
        row.refresh_from_db()
    assert (link.has_ended, kept.has_ended) == (True, False)
    publisher.is_active = True
    publisher.save()
    assert not is_in(client)


def test_deleting_an_account_ends_its_links(home: Page, publisher: User) -> None:
    link, _ = create_link(home, "For the board", user=publisher)
    publisher.delete()
    link.refresh_from_db()
    assert link.has_ended


def test_expired_sessions_are_deleted(clock: time_machine.Traveller, publisher: User) -> None:
    signed_in(publisher)
    delete_expired_sessions()
    assert Session.objects.exists()
    clock.shift(2 * 60 * 60)
    delete_expired_sessions()
    assert not Session.objects.exists()


def test_cookies_are_bound_to_the_host_over_https(tmp_path: object) -> None:
    code = (
        "import json, bhp_site.settings as s; print(json.dumps([s.SESSION_COOKIE_NAME, "
        "s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]))"
    )
    env = {"DATA_DIR": str(tmp_path), "SITE_URL": "https://bhp.example", "BEHIND_PROXY": "1"}
    output = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )
    assert json.loads(output.stdout) == ["__Host-sessionid", "__Host-csrftoken", True, True]


def test_the_browser_deletes_what_it_stores_of_an_ended_session(
    home: Page, publisher: User, client: Client
) -> None:
    """After signing out, and at the next page if the session was ended elsewhere or expired."""
    header, cleared = "Clear-Site-Data", '"cache", "storage"'
    here, elsewhere = signed_in(publisher), signed_in(publisher)
    assert header not in here.get("/admin/").headers
    response = here.post("/admin/logout/")
    assert response.headers[header] == cleared
    assert header not in here.get(response["Location"]).headers
    signed_in(publisher).post(END, {"session": "others"})
    assert elsewhere.get("/admin/pages/").headers[header] == cleared
    # The form that is offered again, and the answer to a script, must find all in its place.
    sent = {"Sec-Fetch-Site": "same-origin"}
    form = elsewhere.post("/admin/account/", {"name-first_name": "Typed"}, headers=sent)
    assert "Typed" in form.text
    script = {"X-Requested-With": "XMLHttpRequest"}
    for response in (form, elsewhere.get("/admin/", headers=script)):
        assert header not in response.headers
    # Visitors without a session have nothing to delete.
    assert header not in client.get("/admin/").headers
