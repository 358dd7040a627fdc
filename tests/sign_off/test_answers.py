"""What people without an account read and answer."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import PageLogEntry

from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.models import User
from bhp_site.core.private_links import hash_token
from bhp_site.sign_in.attempts import AttemptLimit, AttemptSource, begin_attempt
from bhp_site.sign_off import views
from bhp_site.sign_off.models import SignOff, SignOffEmail

from ..page_states import publish
from .conftest import (
    ADDRESS,
    answer,
    ask_for_page,
    change_quotation,
    get_path,
    get_subject,
)

WORDS = "First part, in other words.\n\nSecond part."


def test_the_words_are_shown_in_context(asked: SimpleNamespace, reader: Client) -> None:
    response = reader.get(asked.path)
    for text in ("The report is out.", "First part.", "Second part.", "Ada Chair", "By Friday"):
        assert text in response.text, text
    assert ADDRESS not in response.text
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response.headers["Cache-Control"]
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in response.headers
    assert "<script" not in re.sub(
        r'<script type="application/ld\+json">.*?</script>', "", response.text, flags=re.DOTALL
    )


def test_reading_approves_nothing(asked: SimpleNamespace, reader: Client) -> None:
    seen = get_subject(asked.page).content_hash
    for ask in (reader.get, reader.head):
        ask(f"{asked.path}?answer=approved&seen={seen}")
    asked.sign_off.refresh_from_db()
    assert asked.sign_off.state == SignOff.State.OPEN
    assert reader.put(asked.path).status_code == 405


@pytest.mark.parametrize(
    ("state", "data"),
    [
        ("approved", {}),
        ("declined", {}),
        ("suggested", {"words": WORDS, "comment": "Clearer"}),
    ],
)
def test_each_answer_is_kept_with_time_and_hash(
    asked: SimpleNamespace, reader: Client, state: str, data: dict[str, str]
) -> None:
    response = answer(reader, asked.path, asked.page, state, **data)
    assert (response.status_code, response.url) == (303, f"{asked.path}?answered")
    sign_off = SignOff.objects.get()
    assert sign_off.state == state
    assert sign_off.decided_at is not None
    assert sign_off.decided_hash == get_subject(asked.page).content_hash
    assert sign_off.suggested_words == data.get("words", "")
    entry = PageLogEntry.objects.get(action="sign_off.answer")
    assert entry.data["hash"] == sign_off.decided_hash
    assert entry.data["name"] == "Ada Chair"
    assert "We have your answer" in reader.get(response.url).text


def test_an_answer_to_changed_words_is_refused(asked: SimpleNamespace, reader: Client) -> None:
    seen = get_subject(asked.page).content_hash
    change_quotation(asked.page, words="Something else entirely.")
    response = answer(reader, asked.path, asked.page, "approved", seen=seen)
    assert response.status_code == 409
    assert "Something else entirely." in response.text
    assert SignOff.objects.get().state == SignOff.State.OPEN


@pytest.mark.parametrize(
    "data",
    [
        {"answer": "suggested", "words": ""},
        {"answer": "suggested", "words": "First part.\n\nSecond  part."},
        {"answer": "published"},
        {"answer": "approved", "seen": ""},
    ],
)
def test_wrong_answers_are_explained(
    asked: SimpleNamespace, reader: Client, data: dict[str, str]
) -> None:
    response = answer(reader, asked.path, asked.page, "approved", **data)
    assert response.status_code == 200
    assert "There is a problem" in response.text
    assert SignOff.objects.get().state == SignOff.State.OPEN


def test_answers_are_limited(
    asked: SimpleNamespace, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "ANSWER_LIMIT", AttemptLimit("answers", free_attempts=0))
    begin_attempt([AttemptSource(views.ANSWER_LIMIT, str(SignOff.objects.get().pk))])
    response = answer(reader, asked.path, asked.page, "approved")
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert SignOff.objects.get().state == SignOff.State.OPEN


def test_closed_requests_name_nothing(asked: SimpleNamespace, reader: Client) -> None:
    assert reader.get("/sign-off/an-invented-token-of-many-letters/").status_code == 404
    for change in ({"expires_at": timezone.now()}, {"state": SignOff.State.CANCELLED}):
        before = {name: getattr(asked.sign_off, name) for name in change}
        SignOff.objects.update(**change)
        response = reader.get(asked.path)
        assert response.status_code == 410
        assert asked.page.title not in response.text
        SignOff.objects.update(**before)
    answer(reader, asked.path, asked.page, "approved")
    publish(asked.page)
    assert reader.get(asked.path).status_code == 410


def test_a_whole_page_is_read_as_a_draft(
    asked: SimpleNamespace, reader: Client, editor: User
) -> None:
    sign_off = ask_for_page(asked.page, editor)
    html = reader.get(get_path(sign_off)).text
    (draft_path,) = re.findall(r'href="http://[^/"]+(/drafts/[^"]+)"', html)
    assert "The report is out." in reader.get(draft_path).text
    (seen,) = set(re.findall(r'name="seen" value="(\w+)"', html))
    data = {"answer": "suggested", "seen": seen, "comment": ""}
    assert "Say what you would like" in reader.post(get_path(sign_off), data).text
    reader.post(get_path(sign_off), data | {"comment": "Our name is wrong."})
    sign_off.refresh_from_db()
    assert (sign_off.state, sign_off.comment) == (SignOff.State.SUGGESTED, "Our name is wrong.")


def test_the_database_holds_no_link(
    asked: SimpleNamespace, editor: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sign_off = ask_for_page(asked.page, editor)
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert message.reply_to == [editor.email]
    assert sign_off.url in message.body
    assert "[[link]]" not in message.body
    assert ADDRESS not in message.subject
    token = sign_off.token
    assert len(token) == 43
    rows = [*SignOff.objects.values(), *SignOffEmail.objects.values()]
    assert hash_token(token) in str(rows)
    assert token not in str(rows)
    assert sign_off.draft_token not in str(rows)


def test_the_editor_is_told(
    asked: SimpleNamespace,
    reader: Client,
    editor: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer(reader, asked.path, asked.page, "suggested", words=WORDS)
    message = mail.outbox[-1]
    assert message.to == [editor.email]
    assert "other words suggested" in message.body
    # The words themselves are shown in the admin only.
    assert "in other words." not in message.body


def test_an_editor_who_may_not_open_the_draft_any_more_is_not_told(
    asked: SimpleNamespace, reader: Client, publisher: User
) -> None:
    SignOffEmail.objects.all().delete()
    set_people(asked.page, [publisher], publisher)
    answer(reader, asked.path, asked.page, "approved")
    assert SignOff.objects.get().state == SignOff.State.APPROVED
    assert not SignOffEmail.objects.exists()
