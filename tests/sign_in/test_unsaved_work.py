"""What the admin answers when a session has ended while somebody was editing."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bhp_site.core.models import User
from partners.models import Person
from tests.factories import PersonFactory, UserFactory

SCRIPT = {"Sec-Fetch-Dest": "empty"}
OWN_PAGE = {"Origin": "http://testserver"}
HOME = "/admin/"


@pytest.fixture
def person(db: None) -> Person:
    return PersonFactory(name="Ada Sample")


def get_address(person: Person) -> str:
    return f"/admin/snippets/partners/person/edit/{person.pk}/"


def get_problem(client: Client, **headers: str) -> str | None:
    response = client.get(HOME, headers=SCRIPT | headers)
    assert response.status_code == (403 if "Session-Problem" in response else 200)
    return response.get("Session-Problem")


def get_state(client: Client) -> dict[str, Any]:
    return client.get("/admin/session/").json()


def end_by_cookies(client: Client, user: User) -> None:
    client.cookies.clear()


def end_by_expiry(client: Client, user: User) -> None:
    client.session.flush()


def deactivate(client: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_password(client: Client, user: User) -> None:
    user.set_password("another horse battery")
    user.save()


def take_access(client: Client, user: User) -> None:
    user.groups.clear()


ENDINGS = pytest.mark.parametrize(
    "end, reason",
    [
        (end_by_cookies, "signed-out"),
        (end_by_expiry, "expired"),
        (deactivate, "deactivated"),
        (change_password, "password-changed"),
        (take_access, "no-access"),
    ],
)


@ENDINGS
def test_a_script_is_told_why_the_session_ended(
    editor: User, editor_client: Client, end: Any, reason: str
) -> None:
    assert get_problem(editor_client) is None
    end(editor_client, editor)
    assert get_problem(editor_client) == reason


@ENDINGS
def test_each_reason_has_a_sentence_in_the_dialog(
    editor_client: Client, end: Any, reason: str
) -> None:
    page = BeautifulSoup(editor_client.get(HOME).text, "html.parser")
    dialog = page.find("template", attrs={"data-session": True}).find("dialog")
    assert reason == "signed-out" or (
        dialog.find(attrs={"data-reason": reason}).decode_contents().strip()
    )


def test_a_refused_permission_is_not_a_signed_out_user(guest_client: Client) -> None:
    response = guest_client.get(
        "/admin/users/", headers=SCRIPT | {"X-Requested-With": "XMLHttpRequest"}
    )
    assert response.status_code == 403
    assert "Session-Problem" not in response


def test_the_state_names_the_user_and_gives_a_token_that_works(
    editor: User, person: Person
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    told = get_state(client)
    assert (told["state"], told["user"]) == ("signed-in", str(editor.pk))
    assert told["name"] == editor.email
    response = client.post(
        get_address(person), {"csrfmiddlewaretoken": told["token"]}, headers=SCRIPT
    )
    assert "Session-Problem" not in response


def test_the_state_is_never_stored(client: Client, db: None) -> None:
    assert "no-store" in client.get("/admin/session/")["Cache-Control"]


def test_the_state_may_be_read_while_the_sign_in_page_is_loaded(db: None) -> None:
    """A browser without cookies asks for both at once; here the state is the later response."""
    user = UserFactory(is_superuser=True)
    client, other_request = Client(enforce_csrf_checks=True), Client()
    form = BeautifulSoup(client.get("/admin/login/").text, "html.parser")
    token = form.find("input", attrs={"name": "csrfmiddlewaretoken"})["value"]
    assert get_state(other_request)["token"] is None
    client.cookies.update(other_request.cookies)
    posted = {"username": user.email, "password": "correct horse battery"}
    response = client.post("/admin/login/", posted | {"csrfmiddlewaretoken": token})
    assert response.status_code == 302
    assert get_state(client)["state"] == "signed-in"


@ENDINGS
def test_a_refused_script_sets_no_token(
    editor: User, editor_client: Client, end: Any, reason: str
) -> None:
    """For the same reason as above: the sign-in page may be on its way."""
    editor_client.handler.enforce_csrf_checks = True
    end(editor_client, editor)
    response = editor_client.post("/admin/pages/1/edit/", headers=SCRIPT)
    assert response["Session-Problem"] == reason
    assert "csrftoken" not in response.cookies


def test_a_token_that_is_gone_is_told_from_a_session_that_is_gone(
    editor: User, person: Person
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    post = {"name": "Ada Changed"}
    response = client.post(get_address(person), post, headers=SCRIPT)
    assert response["Session-Problem"] == "stale-token"
    client.cookies.clear()
    response = client.post(get_address(person), post, headers=SCRIPT)
    assert response["Session-Problem"] == "signed-out"


def test_a_page_opened_by_somebody_else_writes_nothing(
    editor: User, publisher_client: Client, person: Person
) -> None:
    headers = SCRIPT | {"Page-User": str(editor.pk)}
    response = publisher_client.post(get_address(person), {"name": "Changed"}, headers=headers)
    assert response["Session-Problem"] == "other-user"
    person.refresh_from_db()
    assert person.name == "Ada Sample"


# --- A form that a browser posts without our script -------------------------------------------

FORM = {"name": "Ada Changed", "note": "two\nlines “quoted” <b>", "roles": ["1", "2"]}


def list_offered(response: Any) -> list[tuple[str, str]]:
    form = BeautifulSoup(response.text, "html.parser").find("form")
    fields = [(field["name"], field.get("value", "")) for field in form.find_all("input")]
    return [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"]


def test_a_posted_form_is_kept_until_somebody_has_signed_in(editor: User, person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(get_address(person), FORM, headers=OWN_PAGE)
    assert response.status_code == 403
    assert "You have been signed out" in response.text
    assert "no-store" in response["Cache-Control"]
    kept = [("name", FORM["name"]), ("note", FORM["note"]), ("roles", "1"), ("roles", "2")]
    assert list_offered(response) == kept
    form = BeautifulSoup(response.text, "html.parser").find("form")
    assert form["action"] == get_address(person)
    # The token of this page is from before signing in.
    client.force_login(editor)
    again = client.post(get_address(person), FORM, headers=OWN_PAGE)
    assert again.status_code == 403
    assert f"You are signed in as <b>{editor.email}</b>" in again.text
    assert list_offered(again) == kept


def test_the_way_to_sign_in_leads_back(client: Client, person: Person) -> None:
    response = client.post(get_address(person), FORM, headers=OWN_PAGE)
    main = BeautifulSoup(response.text, "html.parser").find("main")
    link = main.find("a", target="_blank")["href"]
    user = UserFactory(is_superuser=True)
    posted = {"username": user.email, "password": "correct horse battery"}
    signed_in = client.post(link, posted | {"next": "/admin/session/signed-in/"}, follow=True)
    assert f"You are signed in as {user.email}" in signed_in.text


def test_a_file_is_named_and_asked_for_again(client: Client, person: Person) -> None:
    file = SimpleUploadedFile("report “3”.pdf", b"%PDF-1.7")
    response = client.post(
        "/admin/documents/edit/1/", {"title": "T", "file": file}, headers=OWN_PAGE
    )
    page = BeautifulSoup(response.text, "html.parser")
    assert page.find("form")["enctype"] == "multipart/form-data"
    field = page.find("input", type="file")
    assert field["name"] == "file"
    assert "report “3”.pdf" in page.find("label", attrs={"for": field["id"]}).text


def test_a_password_is_never_written_into_a_page(client: Client, db: None) -> None:
    form = {"email": "new@example.org", "password1": "secret-1234", "password2": "secret-1234"}
    response = client.post("/admin/users/new/", form, headers=OWN_PAGE)
    assert "secret-1234" not in response.text
    assert "Passwords are not kept" in response.text
    assert ("email", "new@example.org") in list_offered(response)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        # Neither is an address.
        {"Origin": "http://["},
        {"Referer": "http://["},
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ],
)
def test_a_form_of_another_site_is_not_offered(
    client: Client, person: Person, headers: dict[str, str]
) -> None:
    response = client.post(get_address(person), FORM, headers=headers)
    assert "Ada Changed" not in response.text


def test_a_wrong_password_is_not_taken_for_a_lost_form(client: Client, db: None) -> None:
    posted = {"username": "nobody@example.org", "password": "wrong"}
    response = client.post("/admin/login/", posted, headers=OWN_PAGE)
    assert response.status_code == 200
    response = Client(enforce_csrf_checks=True).post("/admin/login/", posted, headers=OWN_PAGE)
    assert "This form has expired" in response.text


@pytest.mark.parametrize("step", ["second-step", "passkey"])
def test_a_step_of_signing_in_that_fails_leads_back(client: Client, db: None, step: str) -> None:
    response = client.post(f"/admin/login/{step}/", {"code": "123456"}, headers=OWN_PAGE)
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_visitors_form_expires_as_before(client: Client, site: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accessibility-problem/", {}, headers=OWN_PAGE)
    assert response.status_code == 403
    assert "This form has expired" in response.text


def test_a_page_that_is_only_asked_for_leads_to_sign_in(client: Client, person: Person) -> None:
    response = client.get(get_address(person))
    assert response.status_code == 302
    assert response["Location"].startswith(f"/admin/login/?next={get_address(person)}")


def test_the_sign_in_page_may_stand_in_our_dialog(client: Client, db: None) -> None:
    policy = client.get("/admin/login/")["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy


def test_the_page_with_the_form_has_the_admins_security_headers(
    client: Client, admin_client: Client, person: Person
) -> None:
    kept = client.post(get_address(person), FORM, headers=OWN_PAGE)
    dashboard = admin_client.get("/admin/")
    for name in ("Content-Security-Policy", "X-Frame-Options"):
        assert kept[name] == dashboard[name]
