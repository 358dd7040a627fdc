"""What the page cache answers, what it leaves to Django, and that it renders each page once."""

import asyncio
import datetime
import itertools
import json
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from bhp_site.core.caching.cache_version import CacheVersion
from bhp_site.core.caching.cacheable import ANONYMOUS_REQUEST_KEY, CACHE_POLICY_KEY, CachePolicy
from bhp_site.server.page_cache import cache as module
from bhp_site.server.page_cache import proxy_purging, refresh
from bhp_site.server.page_cache.cache import PageCache, get_next_midnight
from bhp_site.server.page_cache.cached_responses import COLLAPSED, HIT, STALE, STORED
from bhp_site.server.page_cache.keys import CacheKey
from bhp_site.server.page_cache.proxy_purging import TimeLimitedHTTPBackend, purge_proxies
from bhp_site.server.page_cache.refresh import RefreshLoop
from bhp_site.server.page_cache.store import CacheStore
from bhp_site.server.responses import Response

from ...core.test_settings import start

PUBLIC = [("Cache-Control", "public, no-cache"), ("Content-Type", "text/html")]


def scope(path: str = "/", query: str = "", method: str = "GET", **headers: str) -> Any:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(
        method=method, path=path, query_string=query, headers={"host": "localhost"} | sent
    )


class Site:
    """Django, as far as a page cache can tell: the requests it gets, and what it answers."""

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.environs: list[dict[str, Any]] = []
        self.text = "first"
        self.status = 200
        self.policy: CachePolicy | None = CachePolicy(("page",))
        self.headers = PUBLIC
        self.seconds = 0.0

    async def ask(self, environ: dict[str, Any]) -> Response:
        query = environ["QUERY_STRING"]
        self.requests.append(environ["PATH_INFO"] + (query and f"?{query}"))
        self.environs.append(environ)
        await asyncio.sleep(self.seconds)
        if self.policy:
            environ[CACHE_POLICY_KEY] = self.policy
        text = f"{self.text} {environ['PATH_INFO']}?{query}"
        return Response(self.status, [*self.headers], text.encode())


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def cache_version(tmp_path: Path) -> CacheVersion:
    return CacheVersion(tmp_path / "cache-version")


@pytest.fixture
def make_cache(
    tmp_path: Path, site: Site, cache_version: CacheVersion
) -> Iterator[Callable[[], PageCache]]:
    """Return a function that makes page caches of the same site, as several processes have them."""
    cache_version.advance()
    with ThreadPoolExecutor(2) as pool:
        yield lambda: PageCache(
            CacheStore(tmp_path / "page_cache", 10**6, 10**6), cache_version, site.ask, pool
        )


@pytest.fixture
def page_cache(make_cache: Callable[[], PageCache]) -> PageCache:
    return make_cache()


async def get(page_cache: PageCache, *args: str, **named: str) -> Response | None:
    request = scope(*args, **named)
    return page_cache.get_fresh(request) or await page_cache.get_response(request)


def get_body_and_status(answer: Response | None) -> tuple[str, str]:
    """Return the body and the Cache-Status of a response."""
    assert answer is not None
    return (answer.body or b"").decode(), answer.get_header("cache-status")


async def get_until(page_cache: PageCache, expected: tuple[str, str]) -> None:
    """Ask until the body and the Cache-Status are `expected`; fail after a minute."""
    deadline = time.monotonic() + 60
    while (found := get_body_and_status(await get(page_cache))) != expected:
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.01)


def run_async(what: Awaitable[Any]) -> Any:
    async def whole() -> Any:
        return await what

    return asyncio.run(whole())


def test_the_second_visitor_gets_the_cached_response(page_cache: PageCache, site: Site) -> None:
    async def visits() -> None:
        assert get_body_and_status(await get(page_cache)) == ("first /?", STORED)
        assert get_body_and_status(await get(page_cache)) == ("first /?", HIT)
        assert get_body_and_status(page_cache.get_fresh(scope(accept_encoding="br"))) == (
            "first /?",
            HIT,
        )

    run_async(visits())
    assert site.requests == ["/"]


def test_concurrent_requests_cause_one_render(
    make_cache: Callable[[], PageCache], site: Site
) -> None:
    one, other = make_cache(), make_cache()
    site.seconds = 0.05

    async def visits() -> list[tuple[str, str]]:
        some = [get(page_cache) for page_cache in (one, other) for _ in range(250)]
        return [get_body_and_status(answer) for answer in await asyncio.gather(*some)]

    found = run_async(visits())
    assert site.requests == ["/"]
    assert {text for text, _ in found} == {"first /?"}
    assert [status for _, status in found].count(STORED) == 1
    assert {status for _, status in found} == {STORED, COLLAPSED}


def test_the_previous_response_is_served_while_the_next_one_is_rendered(
    page_cache: PageCache, site: Site, cache_version: CacheVersion
) -> None:
    async def visits() -> None:
        await get(page_cache)
        site.text, site.seconds = "second", 0.05
        cache_version.advance(withdraws=False)
        await asyncio.sleep(module.DEBOUNCE_SECONDS)
        # Not made anew by more than one of them.
        for answer in await asyncio.gather(*(get(page_cache) for _ in range(20))):
            assert get_body_and_status(answer)[0] == "first /?"
        await get_until(page_cache, ("second /?", HIT))

    run_async(visits())
    assert site.requests == ["/", "/"]


def test_several_changes_in_a_row_cause_one_render(
    page_cache: PageCache, site: Site, cache_version: CacheVersion
) -> None:
    async def visits() -> None:
        await get(page_cache)
        site.text = "second"
        for _ in range(3):
            cache_version.advance(withdraws=False)
            assert get_body_and_status(await get(page_cache)) == ("first /?", HIT)
            await asyncio.sleep(0.01)
        await asyncio.sleep(module.DEBOUNCE_SECONDS)
        await get(page_cache)
        await get_until(page_cache, ("second /?", HIT))

    run_async(visits())
    assert site.requests == ["/", "/"]


def test_a_page_is_rendered_even_if_changes_never_stop(
    page_cache: PageCache, site: Site, cache_version: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_STALE_SECONDS", 0.2)

    async def visits() -> None:
        await get(page_cache)
        site.text = "second"
        for _ in range(10):
            cache_version.advance(withdraws=False)
            text, _ = get_body_and_status(await get(page_cache))
            await asyncio.sleep(0.05)
        assert text == "second /?"

    run_async(visits())


def test_a_response_that_is_stale_for_longer_is_not_served(
    page_cache: PageCache, site: Site, cache_version: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_STALE_SECONDS", 0)

    async def visits() -> None:
        await get(page_cache)
        site.text = "second"
        cache_version.advance(withdraws=False)
        assert get_body_and_status(await get(page_cache)) == ("second /?", STORED)

    run_async(visits())


def test_a_hidden_page_is_not_served_from_the_cache(
    page_cache: PageCache, site: Site, cache_version: CacheVersion
) -> None:
    async def visits() -> None:
        await get(page_cache)
        site.status, site.policy = 404, None
        cache_version.advance(withdraws=True)
        found = await get(page_cache)
        assert found is not None
        assert found.status == 404
        # Nor when nothing answers at all, here or after a start.
        site.status = 500
        cache_version.advance(withdraws=False)
        found = await get(page_cache)
        assert found is not None
        assert found.status == 500
        assert page_cache.store.get(CacheKey("localhost", False, "/", "")) is None

    run_async(visits())


def test_a_stale_response_is_served_if_django_fails(
    make_cache: Callable[[], PageCache],
    site: Site,
    cache_version: CacheVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def visits() -> None:
        await get(make_cache())
        site.status = 503
        cache_version.restart()
        after = make_cache()
        assert get_body_and_status(await get(after)) == ("first /?", STALE)
        assert get_body_and_status(await get(after)) == ("first /?", STALE)
        # Django is not called again for a moment.
        assert site.requests == ["/", "/"]
        found = await get(after, "/never/seen/")
        assert found is not None
        assert found.status == 503
        site.status = 200
        monkeypatch.setattr(after, "retry_at", 0)
        assert get_body_and_status(await get(after)) == ("first /?", STORED)

    run_async(visits())


def test_a_stale_response_is_served_if_django_is_too_slow(
    page_cache: PageCache, site: Site, cache_version: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visits() -> None:
        await get(page_cache)
        cache_version.restart()
        site.seconds = 0.3
        monkeypatch.setattr(module, "RENDER_TIMEOUT_SECONDS", 0.01)
        assert get_body_and_status(await get(page_cache)) == ("first /?", STALE)
        await get_until(page_cache, ("first /?", HIT))

    run_async(visits())


@pytest.mark.parametrize(
    ("folder", "withdraws", "files", "status"),
    [
        *[("documents", False, (), 200), ("documents", True, (), 200)],
        *[("documents", False, ["other.pdf"], 200), ("documents", False, ["file.pdf"], 503)],
        ("documents", False, None, 503),
        # A press pack has parts of pages and other files, whose withdrawal does not name it.
        *[("packs", False, (), 200), ("packs", True, (), 503)],
        *[("packs", False, ["other.pdf"], 503), ("packs", False, None, 503)],
    ],
)
def test_a_stale_file_is_served_unless_a_change_may_have_hidden_it(
    page_cache: PageCache,
    site: Site,
    cache_version: CacheVersion,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    folder: str,
    withdraws: bool,
    files: list[str] | None,
    status: int,
) -> None:
    monkeypatch.setattr(module, "FOLDERS_WITHHELD_BY_NAME", (f"{tmp_path}/documents/",))
    path = tmp_path / folder / "file.pdf"
    path.parent.mkdir()
    path.write_bytes(b"0123456789")

    async def ask(environ: dict[str, Any]) -> Response:
        if site.status != 200:
            return Response(site.status, [], b"")
        environ[CACHE_POLICY_KEY] = CachePolicy(version=1)
        return Response(200, [*PUBLIC, ("ETag", '"x"')], path=str(path), byte_range=(0, 10))

    page_cache.run_django = ask

    async def visits() -> None:
        assert (await get(page_cache, "/f.pdf")).path == str(path)  # type: ignore[union-attr]
        site.status = 503
        cache_version.restart()
        assert get_body_and_status(await get(page_cache, "/f.pdf"))[1] == STALE
        cache_version.advance(withdraws=withdraws, files=files)
        page_cache.retry_at = 0
        found = await get(page_cache, "/f.pdf")
        assert found is not None
        assert found.status == status

    run_async(visits())


def test_unknown_parameters_reach_neither_the_key_nor_the_response(
    page_cache: PageCache, site: Site
) -> None:
    async def visits() -> None:
        assert (
            get_body_and_status(await get(page_cache, "/news/", "utm_source=a&page=2"))[0]
            == "first /news/?page=2"
        )
        for query in ("page=2", "page=2&utm_source=b", "fbclid=1&page=2"):
            assert get_body_and_status(await get(page_cache, "/news/", query)) == (
                "first /news/?page=2",
                HIT,
            )
        for query in ("utm_source=a", "x", "&&", "PAGE=2"):
            assert get_body_and_status(await get(page_cache, "/news/", query)) == (
                "first /news/?",
                HIT,
            )

    run_async(visits())
    assert site.requests == ["/news/", "/news/?page=2"]


def test_a_page_is_stored_once_whatever_port_or_meaningless_value_is_requested(
    page_cache: PageCache, site: Site
) -> None:
    site.policy = CachePolicy(("page", "year"))
    original = site.ask

    async def ask(environ: dict[str, Any]) -> Response:
        """Answer every year with the same page."""
        year = environ["QUERY_STRING"].startswith("year")
        answer = await original(environ | {"QUERY_STRING": ""} if year else environ)
        environ[CACHE_POLICY_KEY] = site.policy
        return answer

    page_cache.run_django = ask

    async def visits() -> None:
        for host in ("localhost", "LOCALHOST:8000", "localhost:81", "localhost."):
            await get(page_cache, "/news/", host=host)
        for query in ("year=1000", "year=1001", "year=", "year=&year=1000"):
            for _ in range(2):
                text, _ = get_body_and_status(await get(page_cache, "/news/", query))
                assert text == "first /news/?"

    run_async(visits())
    assert [*page_cache.store.entries] == [CacheKey("localhost", False, "/news/", "")]
    assert len([*page_cache.store.folder.glob("*.response")]) == 1
    assert len(site.requests) == 4  # the page, and each query once
    assert site.environs[0]["HTTP_HOST"] == "localhost:8000"


def test_a_host_that_only_a_pattern_allows_is_not_stored(
    page_cache: PageCache, site: Site, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = [".example.org"]
    assert run_async(get(page_cache, host="a.example.org")) is None
    assert not site.requests


def test_a_query_that_is_redirected_is_left_to_django(page_cache: PageCache, site: Site) -> None:
    site.policy = CachePolicy(("page",), redirected=("lang=cy&p=8077",))

    async def visits() -> None:
        await get(page_cache, "/")
        for query in ("p=8077&lang=cy", "lang=cy&p=8077", "P=%38077&lang=cy"):
            assert await get(page_cache, "/", query) is None
        for query in ("p=8077", "p=8078&lang=cy"):
            assert get_body_and_status(await get(page_cache, "/", query)) == ("first /?", HIT)

    run_async(visits())
    # Whatever else is sent is one cached.
    assert site.requests == ["/"]


def test_nothing_that_a_visitor_sends_reaches_a_cached_response(
    page_cache: PageCache, site: Site
) -> None:
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
    run_async(get(page_cache, **poison))
    (environ,) = site.environs
    sent = {name for name in environ if name.startswith("HTTP_")}
    assert sent == {"HTTP_HOST"}
    assert environ["wsgi.url_scheme"] == "http"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ[ANONYMOUS_REQUEST_KEY]


@pytest.mark.parametrize(
    "request_scope",
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
def test_private_and_uncacheable_requests_bypass_the_cache(
    page_cache: PageCache, site: Site, request_scope: Any, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]

    async def visits() -> None:
        await get(page_cache)
        assert page_cache.get_fresh(request_scope) is None
        assert await page_cache.get_response(request_scope) is None

    run_async(visits())
    assert site.requests == ["/"]
    assert len(page_cache.store.entries) == 1


def test_the_scheme_counts_behind_a_proxy_alone(
    page_cache: PageCache, site: Site, settings: Any
) -> None:
    async def visits() -> None:
        settings.BEHIND_PROXY = False
        await get(page_cache, x_forwarded_proto="https")
        await get(page_cache)
        assert site.requests == ["/"]
        settings.BEHIND_PROXY = True
        await get(page_cache, x_forwarded_proto="https")
        assert site.requests == ["/", "/"]

    run_async(visits())
    assert site.environs[1]["HTTP_X_FORWARDED_PROTO"] == "https"


def test_a_wrongly_marked_response_is_not_stored_and_logged(
    page_cache: PageCache, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.headers = [*PUBLIC, ("Set-Cookie", "a=b")]
    run_async(get(page_cache))
    assert not page_cache.store.entries
    assert "is marked as cacheable, but it sets a cookie" in caplog.text


def test_a_response_that_is_not_cacheable_is_rendered_for_each_request(
    page_cache: PageCache, site: Site
) -> None:
    site.policy, site.status = None, 404

    async def visits() -> None:
        found = await get(page_cache, accept_encoding="gzip")
        assert found is not None
        assert found.status == 404
        # From now on each request goes to Django once, as usual.
        assert await get(page_cache) is None
        assert await get(page_cache, cookie="a=b") is None

    run_async(visits())
    assert site.requests == ["/"]


def test_a_visitor_with_a_cookie_does_not_get_an_anonymous_response(
    page_cache: PageCache, site: Site
) -> None:
    site.policy = None
    assert run_async(get(page_cache, cookie="csrftoken=mine")) is None


def test_cached_responses_expire_at_midnight(
    page_cache: PageCache, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def visits() -> None:
        await get(page_cache)
        monkeypatch.setattr(time, "time", lambda: module.get_next_midnight() + 1)
        assert page_cache.get_fresh(scope()) is None

    run_async(visits())


def test_stale_responses_are_rendered_in_the_background(
    page_cache: PageCache, site: Site, cache_version: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_STALE_SECONDS", 0.02)
    monkeypatch.setattr(refresh, "CHECK_SECONDS", 0.01)

    async def visits() -> None:
        await get(page_cache)
        await get(page_cache, "/news/")
        keeping = asyncio.create_task(RefreshLoop(page_cache).run())
        await asyncio.sleep(0.05)
        site.text = "second"
        cache_version.advance()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if len(site.requests) == 4:
                break
        await asyncio.sleep(0.1)
        assert get_body_and_status(page_cache.get_fresh(scope()))[0] == "second /?"
        assert get_body_and_status(page_cache.get_fresh(scope("/news/")))[0] == "second /news/?"
        keeping.cancel()

    run_async(visits())
    # The latest used first, and each once.
    assert site.requests == ["/", "/news/", "/news/", "/"]


def test_a_proxy_is_purged_after_a_change(
    page_cache: PageCache,
    cache_version: CacheVersion,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
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
    monkeypatch.setattr(module, "MAX_STALE_SECONDS", 0.02)
    monkeypatch.setattr(refresh, "CHECK_SECONDS", 0.01)

    async def visits() -> None:
        await get(page_cache)
        await get(page_cache, "/news/", "page=2")
        keeping = asyncio.create_task(RefreshLoop(page_cache).run())
        await asyncio.sleep(0.05)
        assert not forgotten
        cache_version.advance()
        for _ in range(200):
            await asyncio.sleep(0.02)
            if len(forgotten) == 3:
                break
        keeping.cancel()

    run_async(visits())
    proxy.shutdown()
    proxy.server_close()
    urls = ["localhost:8000/", "localhost:8000/news/", "localhost:8000/news/?page=2"]
    assert sorted(forgotten) == urls


def test_a_proxy_that_fails_is_purged_again(
    page_cache: PageCache, cache_version: CacheVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    results = iter((False, True))

    def purge(keys: list[CacheKey]) -> bool:
        urls.extend(key.url for key in keys)
        return next(results)

    monkeypatch.setattr(refresh, "purge_proxies", purge)

    async def visits() -> None:
        await get(page_cache)
        loop = RefreshLoop(page_cache)
        await loop.purge(loop.purged_version + 1)
        page_cache.store.evict(CacheKey("localhost", False, "/", ""))
        await loop.purge(loop.purged_version)
        assert len(urls) == 1, "it is not tried again at once"
        loop.purge_at = 0
        await loop.purge(loop.purged_version)
        await loop.purge(loop.purged_version)

    run_async(visits())
    assert urls == ["http://localhost:8000/"] * 2


@pytest.mark.parametrize(
    "backend",
    [
        "wagtail.contrib.frontend_cache.backends.HTTPBackend",
        "bhp_site.server.page_cache.proxy_purging.TimeLimitedHTTPBackend",
    ],
)
def test_a_failure_of_a_proxy_is_noticed(settings: Any, backend: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    settings.WAGTAILFRONTENDCACHE = {
        "proxy": {
            "BACKEND": backend,
            "LOCATION": f"http://127.0.0.1:{port}",
        }
    }
    assert not purge_proxies([CacheKey("localhost", False, "/", "")])


def test_a_proxy_that_hangs_delays_nothing_and_is_purged_again(
    page_cache: PageCache,
    cache_version: CacheVersion,
    site: Site,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    purged: list[bytes] = []
    ended = threading.Event()
    proxy = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        # A request that has timed out is closed; the next ones are answered.
        for number in itertools.count():
            connection, _ = proxy.accept()
            with connection:
                if ended.is_set():
                    return
                received = connection.recv(65536)
                if number == 0:
                    assert connection.recv(1) == b"", "it should wait until the site gives up"
                    continue
                purged.append(received.split(b" HTTP")[0])
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    settings.WAGTAILFRONTENDCACHE = {
        "proxy": {
            "BACKEND": f"{TimeLimitedHTTPBackend.__module__}.TimeLimitedHTTPBackend",
            "LOCATION": f"http://127.0.0.1:{proxy.getsockname()[1]}",
        }
    }
    monkeypatch.setattr(module, "MAX_STALE_SECONDS", 0.02)
    monkeypatch.setattr(module, "DEBOUNCE_SECONDS", 0.02)
    monkeypatch.setattr(refresh, "CHECK_SECONDS", 0.01)
    monkeypatch.setattr(refresh, "PURGE_RETRY_SECONDS", 0.1)
    monkeypatch.setattr(proxy_purging, "PURGE_TIMEOUT_SECONDS", 3)

    async def visits() -> None:
        await get(page_cache)
        await get(page_cache, "/news/")
        loop = RefreshLoop(page_cache)
        running = asyncio.create_task(loop.run())
        await asyncio.sleep(0.05)
        site.text = "second"
        cache_version.advance()
        deadline = time.monotonic() + 60
        while len(site.requests) < 4 and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        assert loop.purge_task
        assert not loop.purge_task.done(), "pages are rendered while the proxy hangs"
        while len(purged) < 2 and time.monotonic() < deadline:
            await asyncio.sleep(0.01)
        running.cancel()

    run_async(visits())
    ended.set()
    socket.create_connection(proxy.getsockname()).close()
    thread.join()
    proxy.close()
    # After one time-out, not one for each URL.
    assert sorted(purged) == [b"PURGE /", b"PURGE /news/"]


def test_wagtails_backend_for_proxies_is_replaced(tmp_path: Path) -> None:
    proxies = {
        name: {"BACKEND": f"wagtail.contrib.frontend_cache.backends.{name}", "LOCATION": "http://a"}
        for name in ("HTTPBackend", "http.HTTPBackend", "CloudfrontBackend")
    }
    shown = "[proxy['BACKEND'].split('.')[-1] for proxy in s.WAGTAILFRONTENDCACHE.values()]"
    output = start(tmp_path, shown, WAGTAILFRONTENDCACHE=json.dumps(proxies)).stdout
    assert output == "['TimeLimitedHTTPBackend', 'TimeLimitedHTTPBackend', 'CloudfrontBackend']\n"


@pytest.mark.parametrize("is_shared", [True, False])
def test_broadcasts_are_received_with_a_shared_cache_only(
    page_cache: PageCache, settings: Any, monkeypatch: pytest.MonkeyPatch, is_shared: bool
) -> None:
    received: list[bool] = []
    monkeypatch.setattr(refresh, "receive_broadcasts", lambda: received.append(True))
    settings.SHARED_CACHE = is_shared
    run_async(RefreshLoop(page_cache).refresh_once())
    assert bool(received) is is_shared


def test_the_times_are_those_that_the_operations_manual_states() -> None:
    assert (module.MAX_STALE_SECONDS, module.DEBOUNCE_SECONDS) == (1, 0.25)


@pytest.mark.parametrize(
    ("now", "midnight"),
    [
        ("2026-11-30T23:59:59.5+00:00", "2026-12-01T00:00:00+00:00"),
        # The clocks go forward on the day that begins.
        ("2026-03-28T12:34:56.7+00:00", "2026-03-29T00:00:00+00:00"),
        ("2026-07-01T23:30:00+00:00", "2026-07-02T23:00:00+00:00"),
    ],
)
def test_a_response_expires_at_the_next_midnight_in_the_uk(now: str, midnight: str) -> None:
    with time_machine.travel(datetime.datetime.fromisoformat(now), tick=False):
        assert get_next_midnight() == datetime.datetime.fromisoformat(midnight).timestamp()


def test_an_unchanged_page_from_disk_keeps_its_modification_time(
    make_cache: Callable[[], PageCache], cache_version: CacheVersion
) -> None:
    before = make_cache()
    key = CacheKey("localhost", False, "/", "")

    async def visits() -> tuple[Any, Any]:
        await get(before)
        stored = before.store.read_from_disk(key)
        assert stored is not None
        stored.last_modified -= 1000
        before.store.write_to_disk(key, stored)
        cache_version.advance()
        # Another process may have stored it since this one looked.
        rendered, _ = await make_cache().render_once(key, None)
        return stored, rendered

    stored, rendered = run_async(visits())
    assert rendered.last_modified == stored.last_modified
