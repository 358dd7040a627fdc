"""The page cache in a real server: concurrent requests, changes, attempts to poison it."""

import http.client
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import brotli
import pytest

from bhp_site.core.caching.cache_version import CacheVersion
from bhp_site.server.page_cache.cached_responses import COLLAPSED, HIT, STORED

from ...subprocesses import ROOT
from ..live_server import INHERITED, TIMEOUT_SECONDS, Server, prepare, serve

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)
Editor = subprocess.Popen[str]

FILE = "/documents/numbers-1000.csv"
# Carries out each line, which is code and words as JSON, and prints a line when it is done.
EDITOR = """
import json, sys
from bhp_site.__main__ import configure
configure()
from bhp_site.core.models import SiteSettings
from bhp_site.home.models import HomePage
from wagtail.models import Collection, Site
for line in sys.stdin:
    code, words = json.loads(line)
    home = HomePage.objects.get()
    shown = SiteSettings.for_site(Site.objects.get()).public_collections
    exec(code)
    print("done", flush=True)
"""
PUBLISH = "home.intro = words; home.save_revision().publish()"
HIDE_FILES = "shown.clear()"
SHOW_FILES = "shown.add(Collection.get_first_root_node())"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page_cache")
    prepare(folder, 1000)
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Any:
    number = CacheVersion(folder / "cache-version").current
    server = serve(folder)
    # Each worker that comes up makes all before it old.
    while CacheVersion(folder / "cache-version").current < number + len(server.workers()):
        time.sleep(0.1)
    yield server
    server.end()


@pytest.fixture(scope="module")
def editor(folder: Path) -> Iterator[Editor]:
    """Return a process that changes the site, and is none of the server's."""
    command = [sys.executable, "-c", EDITOR]
    variables = INHERITED | {"DATA_DIR": str(folder)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=variables, text=True, **pipes) as editor:  # type: ignore[call-overload]
        yield editor
        editor.kill()


def carry_out(editor: Editor, code: str, words: str = "") -> None:
    """Let the editor's process run `code`, and wait until it has."""
    assert editor.stdin
    assert editor.stdout
    editor.stdin.write(f"{json.dumps([code, words])}\n")
    editor.stdin.flush()
    assert editor.stdout.readline() == "done\n"


def change(editor: Editor, words: str) -> None:
    """Publish the home page with other words."""
    carry_out(editor, PUBLISH, words)


def ask_every_worker(
    site: Server, path: str = "/", times: int = 100
) -> list[tuple[str | None, bytes]]:
    """What many connections are told, so that each worker has answered some."""
    with ThreadPoolExecutor(50) as pool:
        asked = pool.map(lambda _: site.ask(path), range(times))
        return [(answer.headers["Cache-Status"], body) for answer, body in asked]


def test_500_concurrent_requests_cause_one_render(site: Server, editor: Editor) -> None:
    # Cold: nobody has asked for this list before.
    told = ask_every_worker(site, "/news/", 500)
    assert len({body for _, body in told}) == 1
    assert [status for status, _ in told].count(STORED) == 1
    assert {status for status, _ in told} <= {STORED, COLLAPSED, HIT}
    # Warm: what was there answers while one makes the next.
    change(editor, "New words")
    told = ask_every_worker(site, "/news/", 500)
    assert [status for status, _ in told].count(STORED) <= 1


def test_every_worker_serves_a_change_within_a_second(site: Server, editor: Editor) -> None:
    site.ask("/")
    change(editor, "Words of this moment")
    time.sleep(1)
    for _, body in ask_every_worker(site):
        assert b"Words of this moment" in body


def test_a_hidden_document_is_gone_at_once(site: Server, editor: Editor) -> None:
    # None of them is a download that would be counted.
    asked = [{"method": "HEAD"}, {"Range": "bytes=5-9"}, {"If_None_Match": "*"}]
    assert [site.ask(FILE, **headers)[0].status for headers in asked] == [200, 206, 304]
    carry_out(editor, HIDE_FILES)
    for headers in asked * 10:
        assert site.ask(FILE, **headers)[0].status == 404
    carry_out(editor, SHOW_FILES)
    assert site.ask(FILE, "HEAD")[0].status == 200


def test_each_encoding_has_the_same_page(site: Server) -> None:
    plain, body = site.ask("/")
    encoded, smaller = site.ask("/", Accept_Encoding="br")
    assert brotli.decompress(smaller) == body
    assert plain.headers["Vary"] == encoded.headers["Vary"] == "Accept-Encoding"
    assert plain.headers["ETag"] != encoded.headers["ETag"]
    again, nothing = site.ask("/", Accept_Encoding="br", If_None_Match=encoded.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    assert again.headers["Cache-Control"] == "public, no-cache"
    head, nothing = site.ask("/", "HEAD")
    assert (head.status, nothing) == (200, b"")
    assert head.headers["Content-Length"] == str(len(body))
    assert head.headers["Last-Modified"] == plain.headers["Last-Modified"]


def test_a_visitor_cannot_poison_the_cache(site: Server, editor: Editor) -> None:
    change(editor, "Words that nobody has asked for yet")
    for poison in (
        {"Host": "evil.example"},
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Proto": "https"},
        {"X_Original_URL": "/admin/"},
        {"X_HTTP_Method_Override": "POST"},
        {"Accept_Language": "<script>"},
        {"Cookie": "csrftoken=evil.example"},
    ):
        site.ask("/", **poison)
    for status, body in ask_every_worker(site):
        assert status in (HIT, STORED, COLLAPSED)
        assert b"evil.example" not in body
        assert b"https://localhost" not in body
        assert b"<script>" not in body


def test_strange_request_lines_get_one_response(site: Server) -> None:
    for line in (
        "GET http://evil.example/ HTTP/1.1",
        "GET //evil.example/ HTTP/1.1",
        "GET /%2e%2e/ HTTP/1.1",
        "GET /news%2f HTTP/1.1",
        "GET /NEWS/ HTTP/1.1",
        "PURGE / HTTP/1.1",
        "GET /?" + "a" * 5000 + " HTTP/1.1",
    ):
        said = site.say(f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 "), line
        assert b" 500 " not in said.partition(b"\r\n")[0], line
        assert b"://evil.example" not in said.partition(b"\r\n\r\n")[2], line
    assert site.ask("/")[1].count(b"evil.example") == 0


def test_a_signed_in_user_is_answered_by_django(site: Server) -> None:
    answer, _ = site.ask("/", Cookie="sessionid=" + "a" * 32)
    assert answer.headers["Cache-Status"] is None
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_download_is_counted_when_it_is_sent_and_not_when_it_is_cached(
    site: Server, folder: Path
) -> None:
    sent = [
        {"User_Agent": "Firefox"},
        {"User_Agent": "Firefox", "Range": "bytes=0-9"},
        {"User_Agent": "Firefox", "Range": "bytes=10-"},
        {"User_Agent": "bingbot/2.0"},
        {"User_Agent": "Firefox", "If_None_Match": "*"},
    ]
    statuses = [site.ask(FILE, **headers)[0].status for headers in sent]
    assert statuses == [200, 206, 206, 200, 304]
    assert site.ask(FILE, "HEAD")[0].status == 200
    deadline, found = time.monotonic() + TIMEOUT_SECONDS, 0
    while found < 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        with sqlite3.connect(folder / "site.sqlite3") as database:
            ((found,),) = database.execute(
                "SELECT coalesce(sum(downloads), 0) FROM files_downloadcount"
            )
    assert found == 2


def test_static_files_need_no_thread(site: Server, folder: Path) -> None:
    _, page = site.ask("/")
    path = page.partition(b'href="/static/css/')[2].partition(b'"')[0].decode()
    plain, body = site.ask(f"/static/css/{path}")
    encoded, smaller = site.ask(f"/static/css/{path}", Accept_Encoding="br, gzip")
    assert "immutable" in plain.headers["Cache-Control"]
    assert plain.headers["X-Content-Type-Options"] == "nosniff"
    assert encoded.headers["Content-Encoding"] == "br"
    assert brotli.decompress(smaller) == body
    again, nothing = site.ask(f"/static/css/{path}", If_None_Match=plain.headers["ETag"])
    assert (again.status, nothing) == (304, b"")
    head, nothing = site.ask(f"/static/css/{path}", "HEAD")
    assert (head.headers["Content-Length"], nothing) == (str(len(body)), b"")
    part, some = site.ask(f"/static/css/{path}", Range="bytes=0-9")
    assert (part.status, some) == (206, body[:10])
    assert site.ask("/static/css/none.css")[0].status == 404
    assert site.ask(f"/static/css/{path}", "POST", b"")[0].status == 405


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/news/", "/nowhere/", "/search/?q=health", "/news/feed.xml", "/news/feed.json"),
        *("/sitemap.xml", "/partners/register.csv", "/partners/register.json", "/admin/login/"),
    ],
)
def test_every_text_response_is_compressed(site: Server, path: str) -> None:
    for coding in ("br", "gzip"):
        for _ in range(2):
            answer, body = site.ask(path, Accept_Encoding=f"{coding}, gzip;q=0.5")
            assert answer.headers["Content-Encoding"] in (coding, "gzip") or len(body) < 200


def test_similar_paths_do_not_share_a_cached_response(site: Server) -> None:
    """What looks like an address that is kept, and is not, gets an answer of its own."""
    site.ask("/news/")
    for path in ("/NEWS/", "/news%2F%2e%2e%2f", "//news/", "/news/%00", "/news/;a"):
        answer, _ = site.ask(path)
        assert answer.status in (301, 302, 400, 404), path
        assert "hit" not in (answer.headers["Cache-Status"] or ""), path
    # To PEP 3333 the first is the second, and a host has no case: these are the same page.
    assert site.ask("/news%2f")[1] == site.ask("/news/")[1]
    assert site.ask("/", Host="LOCALHOST")[1] == site.ask("/")[1]


def test_connections_stay_open(site: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=TIMEOUT_SECONDS)
    for _ in range(3):
        connection.request("GET", "/", headers={"Host": "localhost"})
        answer = connection.getresponse()
        assert answer.read()
        assert not answer.will_close
    connection.close()


def test_cached_pages_are_served_with_an_untested_granian_too(folder: Path) -> None:
    server = serve(folder, fast_path=False, WORKERS="1")
    try:
        # A worker that comes up late has made what was stored before it outdated.
        for _ in range(20):
            response, body = server.ask("/")
            if response.headers["Cache-Status"] == HIT:
                break
        assert response.headers["Cache-Status"] == HIT
        assert b"<h1" in body
        assert "The fast path for cached pages is off" in server.log.read_text()
    finally:
        server.end()
