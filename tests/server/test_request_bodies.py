"""Who may send how much, how long a body may take, and whose bodies count together."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client

from bhp_site.core.models import User
from bhp_site.server import request_bodies as module
from bhp_site.server.request_bodies import BodyReader, RequestRefused
from bhp_site.server.wsgi_environ import build_environ

LONG = module.MAX_FORM_BYTES + 1


def make_environ(length: int, path: str = "/", client: str = "192.0.2.1", cookie: str = "") -> Any:
    headers = {"host": "localhost", "content-length": str(length)}
    headers |= {"cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"} if cookie else {}
    return build_environ("POST", path, "", headers, ("localhost", 80), client)


async def iter_chunks(*chunks: bytes, pause: float = 0) -> AsyncIterator[bytes]:
    for chunk in chunks:
        await asyncio.sleep(pause)
        yield chunk
    yield b""


def make_reader(signed_in: bool) -> BodyReader:
    async def answer(function: Any, *args: Any) -> bool:
        assert function is module.is_signed_in
        return signed_in

    return BodyReader(answer)


@pytest.fixture
def reader() -> BodyReader:
    return make_reader(signed_in=False)


def read(reader: BodyReader, length: int, *chunks: bytes, **named: Any) -> int:
    """Return the number of bytes that arrive; the status of the refusal if there is one."""
    pause = named.pop("pause", 0)

    async def whole() -> int:
        sent = iter_chunks(*(chunks or [b"a" * length]), pause=pause)
        try:
            async with reader.read(make_environ(length, **named), sent) as body:
                return len(body.read())
        except RequestRefused as refusal:
            return refusal.build_response().status

    return asyncio.run(whole())


def test_a_visitor_may_send_a_form_and_no_more(reader: BodyReader) -> None:
    assert read(reader, LONG - 1) == LONG - 1
    assert read(reader, LONG) == 413
    assert read(reader, LONG, path="/admin/login/") == 413


def test_a_signed_in_user_may_send_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, length = make_reader(signed_in=True), 2 * module.MAX_UNSAVED_BYTES
    assert read(reader, length, cookie="known") == length
    monkeypatch.setattr(module, "MAX_BODY_BYTES", LONG)
    assert read(reader, LONG + 1, cookie="known") == 413


@pytest.mark.parametrize("is_active", [True, False])
def test_only_the_session_of_an_active_user_counts(
    editor: User, editor_client: Client, monkeypatch: pytest.MonkeyPatch, is_active: bool
) -> None:
    monkeypatch.setattr(module, "close_old_connections", lambda: None)
    User.objects.filter(pk=editor.pk).update(is_active=is_active)
    for cookie, expected in (
        (editor_client.cookies[settings.SESSION_COOKIE_NAME].value, is_active),
        ("invented", False),
    ):
        sent = make_environ(LONG, cookie=cookie) | {"wsgi.input": BytesIO()}
        assert module.is_signed_in(WSGIRequest(sent)) is expected


def test_the_text_of_an_ended_session_reaches_the_admin_to_be_offered_again(
    reader: BodyReader,
) -> None:
    assert read(reader, LONG, path="/admin/pages/1/edit/", cookie="ended") == LONG
    assert read(reader, LONG, path="/sign-off/x/", cookie="ended") == 413
    too_long = module.MAX_UNSAVED_BYTES + 1
    assert read(reader, too_long, path="/admin/pages/1/edit/", cookie="ended") == 413


def test_a_whole_body_has_a_deadline_even_if_every_byte_comes_in_time(
    reader: BodyReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "READ_TIMEOUT_SECONDS", 0.05)
    assert read(reader, 20, *[b"a"] * 20, pause=0.02) == 408
    assert module.get_body_seconds(42_000_000) < 15 * 60
    assert not reader.forms.pending_bytes


def test_a_network_that_holds_bodies_back_fills_its_own_share_only(reader: BodyReader) -> None:
    reader.forms.max_network_bytes = 10

    async def hold(client: str, size: int) -> int:
        sent = iter_chunks(b"a" * size, b"b", pause=0.01)
        try:
            async with reader.read(make_environ(size + 1, client=client), sent) as body:
                return len(body.read())
        except RequestRefused as refusal:
            return int(refusal.args[0])

    async def crowd() -> list[int]:
        return await asyncio.gather(
            hold("192.0.2.1", 8), hold("192.0.2.1", 8), hold("192.0.2.2", 8)
        )

    first, second, other = asyncio.run(crowd())
    assert sorted([first, second]) == [9, 503]
    assert other == 9
    assert not reader.forms.pending_bytes


def test_all_pending_bodies_together_have_a_limit(reader: BodyReader) -> None:
    reader.forms.max_bytes = 5
    assert read(reader, 6, b"abc", b"def") == 503
    assert read(reader, 3, b"abc") == 3
