"""What is answered without asking Django, what never is, and that each thing is made once."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bhp_site.core.generation import Generation
from bhp_site.core.storing import FOR_EVERYBODY, KEY, Storable
from bhp_site.edge import edge as module
from bhp_site.edge.answers import Answer
from bhp_site.edge.copies import COLLAPSED, HIT, LAST, STORED
from bhp_site.edge.edge import Edge
from bhp_site.edge.store import Key, Store

PUBLIC = [("Cache-Control", "public, no-cache"), ("Content-Type", "text/html")]


def scope(path: str = "/", query: str = "", method: str = "GET", **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(
        method=method, path=path, query_string=query, headers={"host": "localhost"} | sent
    )


class Site:
    """Django, as far as an edge can tell: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.environs: list[dict[str, Any]] = []
        self.text = "first"
        self.status = 200
        self.said: Storable | None = Storable(("page",))
        self.headers = PUBLIC
        self.seconds = 0.0

    async def ask(self, environ: dict[str, Any]) -> Answer:
        query = environ["QUERY_STRING"]
        self.asked.append(environ["PATH_INFO"] + (query and f"?{query}"))
        self.environs.append(environ)
        await asyncio.sleep(self.seconds)
        if self.said:
            environ[KEY] = self.said
        text = f"{self.text} {environ['PATH_INFO']}?{query}"
        return Answer(self.status, [*self.headers], text.encode())


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def generation(tmp_path: Path) -> Generation:
    return Generation(tmp_path / "generation")


@pytest.fixture
def edges(tmp_path: Path, site: Site, generation: Generation) -> Iterator[Callable[[], Edge]]:
    """Makes edges before the same site, each as a process of its own would have it."""
    generation.advance()
    with ThreadPoolExecutor(2) as pool:
        yield lambda: Edge(Store(tmp_path / "edge", 10**6, 10**6), generation, site.ask, pool)


@pytest.fixture
def edge(edges: Callable[[], Edge]) -> Edge:
    return edges()


async def get(edge: Edge, *args: str, **named: str) -> Answer | None:
    asked = scope(*args, **named)
    return edge.at_once(asked) or await edge.answer(asked)


def told(answer: Answer | None) -> tuple[str, str]:
    """Text and origin of an answer."""
    assert answer is not None
    return (answer.body or b"").decode(), answer.first("cache-status")


def run(what: Awaitable[Any]) -> Any:
    async def whole() -> Any:
        return await what

    return asyncio.run(whole())


def test_the_second_visitor_gets_what_the_first_was_given(edge: Edge, site: Site) -> None:
    async def visits() -> None:
        assert told(await get(edge)) == ("first /?", STORED)
        assert told(await get(edge)) == ("first /?", HIT)
        assert told(edge.at_once(scope(accept_encoding="br"))) == ("first /?", HIT)

    run(visits())
    assert site.asked == ["/"]


def test_many_at_once_cost_one(edges: Callable[[], Edge], site: Site) -> None:
    one, other = edges(), edges()
    site.seconds = 0.05

    async def visits() -> list[tuple[str, str]]:
        some = [get(edge) for edge in (one, other) for _ in range(250)]
        return [told(answer) for answer in await asyncio.gather(*some)]

    found = run(visits())
    assert site.asked == ["/"]
    assert {text for text, _ in found} == {"first /?"}
    assert [status for _, status in found].count(STORED) == 1
    assert {status for _, status in found} == {STORED, COLLAPSED}


def test_a_change_is_seen_and_the_copy_before_it_answers_meanwhile(
    edge: Edge, site: Site, generation: Generation
) -> None:
    async def visits() -> None:
        await get(edge)
        site.text, site.seconds = "second", 0.05
        generation.advance(withdraws=False)
        await asyncio.sleep(module.SETTLED)
        # Not made anew by more than one of them.
        for answer in await asyncio.gather(*(get(edge) for _ in range(20))):
            assert told(answer)[0] == "first /?"
        await asyncio.sleep(0.2)
        assert told(await get(edge)) == ("second /?", HIT)

    run(visits())
    assert site.asked == ["/", "/"]


def test_changes_that_follow_each_other_cost_one(
    edge: Edge, site: Site, generation: Generation
) -> None:
    async def visits() -> None:
        await get(edge)
        site.text = "second"
        for _ in range(3):
            generation.advance(withdraws=False)
            assert told(await get(edge)) == ("first /?", HIT)
            await asyncio.sleep(0.01)
        await asyncio.sleep(module.SETTLED)
        await get(edge)
        await asyncio.sleep(0.05)
        assert told(await get(edge)) == ("second /?", HIT)

    run(visits())
    assert site.asked == ["/", "/"]


def test_changes_without_an_end_are_seen_all_the_same(
    edge: Edge, site: Site, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERTAKEN", 0.2)

    async def visits() -> None:
        await get(edge)
        site.text = "second"
        for _ in range(10):
            generation.advance(withdraws=False)
            text, _ = told(await get(edge))
            await asyncio.sleep(0.05)
        assert text == "second /?"

    run(visits())


def test_a_copy_overtaken_longer_ago_waits_for_the_next(
    edge: Edge, site: Site, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERTAKEN", 0)

    async def visits() -> None:
        await get(edge)
        site.text = "second"
        generation.advance(withdraws=False)
        assert told(await get(edge)) == ("second /?", STORED)

    run(visits())


def test_what_was_taken_away_answers_no_more(
    edge: Edge, site: Site, generation: Generation
) -> None:
    async def visits() -> None:
        await get(edge)
        site.status, site.said = 404, None
        generation.advance(withdraws=True)
        found = await get(edge)
        assert found is not None
        assert found.status == 404
        # Nor when nothing answers at all, here or after a start.
        site.status = 500
        generation.advance(withdraws=False)
        found = await get(edge)
        assert found is not None
        assert found.status == 500
        assert edge.store.get(Key("localhost", False, "/", "")) is None

    run(visits())


def test_the_last_copy_answers_where_django_fails(
    edges: Callable[[], Edge], site: Site, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visits() -> None:
        await get(edges())
        site.status = 503
        generation.restart()
        after = edges()
        assert told(await get(after)) == ("first /?", LAST)
        assert told(await get(after)) == ("first /?", LAST)
        # Not asked again for a moment.
        assert site.asked == ["/", "/"]
        found = await get(after, "/never/seen/")
        assert found is not None
        assert found.status == 503
        site.status = 200
        monkeypatch.setattr(after, "asking_again_at", 0)
        assert told(await get(after)) == ("first /?", STORED)

    run(visits())


def test_the_last_copy_answers_where_django_is_too_slow(
    edge: Edge, site: Site, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visits() -> None:
        await get(edge)
        generation.restart()
        site.seconds = 0.3
        monkeypatch.setattr(module, "PATIENCE", 0.01)
        assert told(await get(edge)) == ("first /?", LAST)
        await asyncio.sleep(0.5)
        assert told(await get(edge))[1] == HIT

    run(visits())


def test_an_older_copy_of_a_file_needs_that_nothing_changed(
    edge: Edge, site: Site, generation: Generation, tmp_path: Path
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")

    async def ask(environ: dict[str, Any]) -> Answer:
        if site.status != 200:
            return Answer(site.status, [], b"")
        environ[KEY] = Storable(version=1)
        return Answer(200, [*PUBLIC, ("ETag", '"x"')], path=str(path), span=(0, 10))

    edge.ask = ask

    async def visits() -> None:
        assert (await get(edge, "/f.pdf")).path == str(path)  # type: ignore[union-attr]
        site.status = 503
        generation.restart()
        assert told(await get(edge, "/f.pdf"))[1] == LAST
        generation.advance(withdraws=False)
        edge.asking_again_at = 0
        found = await get(edge, "/f.pdf")
        assert found is not None
        assert found.status == 503

    run(visits())


def test_unknown_parameters_neither_reach_the_key_nor_the_answer(edge: Edge, site: Site) -> None:
    async def visits() -> None:
        assert told(await get(edge, "/news/", "utm_source=a&page=2"))[0] == "first /news/?page=2"
        for query in ("page=2", "page=2&utm_source=b", "fbclid=1&page=2"):
            assert told(await get(edge, "/news/", query)) == ("first /news/?page=2", HIT)
        for query in ("utm_source=a", "x", "&&", "PAGE=2"):
            assert told(await get(edge, "/news/", query)) == ("first /news/?", HIT)

    run(visits())
    assert site.asked == ["/news/", "/news/?page=2"]


def test_a_query_that_is_redirected_is_left_to_django(edge: Edge, site: Site) -> None:
    site.said = Storable(("page",), redirected=("lang=cy&p=8077",))

    async def visits() -> None:
        await get(edge, "/")
        for query in ("p=8077&lang=cy", "lang=cy&p=8077", "P=%38077&lang=cy"):
            assert await get(edge, "/", query) is None
        for query in ("p=8077", "p=8078&lang=cy"):
            assert told(await get(edge, "/", query)) == ("first /?", HIT)

    run(visits())
    # Whatever else is sent is one copy.
    assert site.asked == ["/"]


def test_nothing_a_visitor_sends_reaches_what_is_kept(edge: Edge, site: Site) -> None:
    poison = {
        "cookie": "csrftoken=mine; theme=dark",
        "x_forwarded_host": "evil.example",
        "x_forwarded_proto": "https",
        "x_forwarded_for": "203.0.113.9",
        "x_original_url": "/admin/",
        "x_http_method_override": "POST",
        "accept_language": "fr",
        "accept": "application/json",
        "authorization": "Basic bWU6bWU=",
        "range": "bytes=0-1",
        "if_none_match": '"x"',
        "user_agent": "<script>",
    }
    run(get(edge, **poison))
    (environ,) = site.environs
    sent = {name for name in environ if name.startswith("HTTP_")}
    assert sent == {"HTTP_HOST"}
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ[FOR_EVERYBODY]


@pytest.mark.parametrize(
    "asked",
    [
        scope(method="POST"),
        scope(method="OPTIONS"),
        scope(method="PURGE"),
        scope(method="get"),
        scope(cookie="sessionid=abc"),
        scope(cookie="a=b; sessionid=abc"),
        scope(host="evil.example"),
        scope(host=""),
        scope(host="localhost@evil.example"),
        scope(host="localhost:80:80"),
        scope("/admin/login/"),
        scope("/search/", "q=word"),
        scope("/accessible-copy/a-report/"),
        scope("/accessibility-problem/", "page=/"),
        scope("/request-sent/7k3mq-x9w2d/"),
        scope("/static/css/site.css"),
        scope("/healthz"),
        scope("/" + "a" * 600),
        scope("/", "a" * 600),
        scope("/", "&".join(f"page={n}" for n in range(60))),
        scope(content_length="5"),
        scope(transfer_encoding="chunked"),
    ],
)
def test_what_is_never_kept_nor_answered_from_what_is(
    edge: Edge, site: Site, asked: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]

    async def visits() -> None:
        await get(edge)
        assert edge.at_once(asked) is None
        assert await edge.answer(asked) is None

    run(visits())
    assert site.asked == ["/"]
    assert len(edge.store.copies) == 1


def test_the_scheme_counts_behind_a_proxy_alone(edge: Edge, site: Site, settings: Any) -> None:
    async def visits() -> None:
        settings.BEHIND_PROXY = False
        await get(edge, x_forwarded_proto="https")
        await get(edge)
        assert site.asked == ["/"]
        settings.BEHIND_PROXY = True
        await get(edge, x_forwarded_proto="https")
        assert site.asked == ["/", "/"]

    run(visits())
    assert site.environs[1]["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_bug_is_refused_and_logged(
    edge: Edge, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.headers = [*PUBLIC, ("Set-Cookie", "a=b")]
    run(get(edge))
    assert not edge.store.copies
    assert "called storable, but it sets a cookie" in caplog.text


def test_what_is_not_to_be_kept_is_asked_for_by_each(edge: Edge, site: Site) -> None:
    site.said, site.status = None, 404

    async def visits() -> None:
        found = await get(edge, accept_encoding="gzip")
        assert found is not None
        assert found.status == 404
        # From now on Django is asked as by anybody: nothing is done twice.
        assert await get(edge) is None
        assert await get(edge, cookie="a=b") is None

    run(visits())
    assert site.asked == ["/"]


def test_a_cookie_of_no_meaning_gets_its_own_answer_where_none_is_for_everybody(
    edge: Edge, site: Site
) -> None:
    site.said = None
    assert run(get(edge, cookie="csrftoken=mine")) is None


def test_a_day_ends_at_midnight(edge: Edge, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def visits() -> None:
        await get(edge)
        monkeypatch.setattr(time, "time", lambda: module.next_midnight() + 1)
        assert edge.at_once(scope()) is None

    run(visits())


def test_what_was_overtaken_is_made_anew_without_being_asked_for(
    edge: Edge, site: Site, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "OVERTAKEN", 0.02)

    async def visits() -> None:
        await get(edge)
        await get(edge, "/news/")
        keeping = asyncio.create_task(edge.keep_up())
        await asyncio.sleep(0.05)
        site.text = "second"
        generation.advance()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if len(site.asked) == 4:
                break
        await asyncio.sleep(0.1)
        assert told(edge.at_once(scope()))[0] == "second /?"
        assert told(edge.at_once(scope("/news/")))[0] == "second /news/?"
        keeping.cancel()

    run(visits())
    # The latest used first, and each once.
    assert site.asked == ["/", "/news/", "/news/", "/"]


def test_a_proxy_is_told_to_forget_what_it_may_have(
    edge: Edge, generation: Generation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_PURGE(self) -> None:
            forgotten.append(self.headers["Host"] + self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    proxy = HTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    settings.WAGTAILFRONTENDCACHE = {
        "proxy": {
            "BACKEND": "wagtail.contrib.frontend_cache.backends.HTTPBackend",
            "LOCATION": f"http://127.0.0.1:{proxy.server_port}",
        }
    }
    monkeypatch.setattr(module, "OVERTAKEN", 0.02)

    async def visits() -> None:
        await get(edge)
        await get(edge, "/news/", "page=2")
        keeping = asyncio.create_task(edge.keep_up())
        await asyncio.sleep(0.05)
        assert not forgotten
        generation.advance()
        for _ in range(200):
            await asyncio.sleep(0.02)
            if len(forgotten) == 3:
                break
        keeping.cancel()

    run(visits())
    proxy.shutdown()
    proxy.server_close()
    assert sorted(forgotten) == ["localhost/", "localhost/news/", "localhost/news/?page=2"]
