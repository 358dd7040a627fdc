"""What the link check asks, of real servers on this machine; and what it never asks."""

import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bhp_site.content_audit.link_checker import PRIVATE_NETWORK, LinkChecker, LinkStatus, is_public

NOT_PUBLIC = """
0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 192.0.0.1
192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250
240.0.0.1 255.255.255.255 :: ::1 ::7f00:1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 64:ff9b::a00:1
64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 fc00::1
fd12:3456::1 fe80::1 fec0::1 ff02::1 ff0e::1
"""
# Spellings of addresses of this machine that a resolver takes for such.
NUMERIC = (
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001"),
    *("0", "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]"),
    *("[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "169.254.169.254", "①②⑦.1"),
)


class Site:
    """A server on this machine: path → status, headers and body. `seen`: what it was asked."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_HEAD(self) -> None:
                self.do_GET()

            def do_GET(self) -> None:
                site.seen.append((self.command, self.path, dict(self.headers)))
                site.pages.get(self.path, answers(404))(self)

            def log_message(self, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *args: None  # type: ignore[method-assign]
        if context:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def resolve(self, host: str, port: int, **kwargs: Any) -> Any:
        """Every name is this server's, but for addresses."""
        try:
            address = str(ipaddress.ip_address(host))
        except ValueError:
            address = "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, self.port))]

    def checker(self, **kwargs: Any) -> LinkChecker:
        """One that may check 127.0.0.1, and nothing else of this machine."""
        mine = ipaddress.ip_address("127.0.0.1")
        options = {
            "resolve": self.resolve,
            "is_allowed": lambda address: address == mine or is_public(address),
            "ports": {self.port},
        }
        return LinkChecker("Test/1.0 (+https://example.org)", **(options | kwargs))

    def check(self, path: str, host: str = "site.example", **kwargs: Any) -> LinkStatus:
        return self.checker(**kwargs).check(f"http://{host}:{self.port}{path}")


def answers(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer


@pytest.fixture
def other() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def test_a_page_that_answers_has_no_problem(other: Site) -> None:
    other.pages["/fine?a=%C3%A9&b"] = answers(200)
    assert other.check("/fine?a=é&b#part") == LinkStatus(200, "")
    (method, path, headers), *more = other.seen
    assert (method, path, more) == ("HEAD", "/fine?a=%C3%A9&b", [])
    assert headers["Host"] == f"site.example:{other.port}"
    assert headers["User-Agent"] == "Test/1.0 (+https://example.org)"
    assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


def test_missing_pages_and_server_errors_are_problems(other: Site) -> None:
    other.pages |= {"/gone": answers(410), "/trouble": answers(503), "/shut": answers(403)}
    assert other.check("/nowhere") == LinkStatus(404, "The page does not exist any more.")
    assert other.check("/gone") == LinkStatus(410, "The page does not exist any more.")
    assert other.check("/trouble") == LinkStatus(503, "The site shows an error (503).")
    # There is something, though not for us.
    assert other.check("/shut") == LinkStatus(403, "")


def test_a_server_that_refuses_head_gets_a_get_request_with_a_range(other: Site) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "HEAD":
            return answers(405)(handler)
        answers(200)(handler)
        while True:
            handler.wfile.write(b"x" * 65536)

    other.pages["/"] = endless
    assert other.check("") == LinkStatus(200, "")
    assert [one[0] for one in other.seen] == ["HEAD", "GET"]
    assert other.seen[1][2]["Range"] == "bytes=0-2047"


def test_a_server_that_never_finishes_is_left_at_the_deadline(other: Site) -> None:
    def dripping(handler: BaseHTTPRequestHandler) -> None:
        while True:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: y\r\n"[:1])
            handler.wfile.flush()
            threading.Event().wait(0.02)

    other.pages["/"] = dripping
    begin = monotonic()
    answer = other.check("/", deadline=0.3)
    # Each piece comes in time, so without the deadline this would never end.
    assert monotonic() - begin < 10
    assert answer == LinkStatus(None, "The site does not answer in time.", is_certain=False)


def test_a_site_that_does_not_answer_is_an_uncertain_result(other: Site) -> None:
    def none(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror

    assert other.check("/", resolve=none) == LinkStatus(None, "This site does not exist.", False)
    closed = socket.socket()
    closed.bind(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    checker = other.checker(
        ports={port}, resolve=lambda *a, **k: [(socket.AF_INET, 1, 6, "", ("127.0.0.1", port))]
    )
    assert checker.check(f"http://a.example:{port}/") == LinkStatus(
        None, ("The site does not answer."), False
    )
    closed.close()


def test_redirects_are_followed_a_few_times_and_bring_no_cookies(other: Site) -> None:
    for number in range(8):
        other.pages[f"/{number}"] = answers(302, Location=str(number + 1), Set_Cookie="a=b")
    other.pages["/8"] = answers(200)
    assert other.check("/3") == LinkStatus(200, "")
    assert not any("Cookie" in headers for _, _, headers in other.seen)
    assert other.check("/2").problem == "It redirects in a circle."


@pytest.mark.parametrize("status", [401, 402, 403, 405, 406, 407, 418, 423, 425, 426, 429, 451])
def test_a_server_that_lets_nobody_in_answers(other: Site, status: int) -> None:
    other.pages["/shut"] = answers(status)
    assert other.check("/shut") == LinkStatus(status, "")


@pytest.mark.parametrize("status", [400, 404, 410, 422, 424, 428, 431, 500])
def test_other_failures_are_told(other: Site, status: int) -> None:
    other.pages["/broken"] = answers(status)
    assert other.check("/broken").problem


@pytest.mark.parametrize(
    "place, problem",
    [
        ("http://127.0.0.2:{port}/secret", PRIVATE_NETWORK),
        ("//169.254.169.254:{port}/secret", PRIVATE_NETWORK),
        ("http://10.0.0.1:{port}/secret", PRIVATE_NETWORK),
        ("http://127.0.0.1:22/", "It uses port 22, which is not checked."),
        ("http://me:word@site.example:{port}/secret", "It contains a user name or a password."),
        ("file:///etc/passwd", "This is not a web address."),
        ("gopher://site.example/", "This is not a web address."),
        ("http://[", "This is not a web address."),
    ],
)
def test_no_redirect_leads_into_a_private_network(other: Site, place: str, problem: str) -> None:
    other.pages["/"] = answers(301, Location=place.format(port=other.port))
    assert other.check("/") == LinkStatus(None, problem)
    assert [path for _, path, _ in other.seen] == ["/"]


def test_only_public_addresses_are_allowed() -> None:
    for address in NOT_PUBLIC.split():
        assert not is_public(ipaddress.ip_address(address)), address
    for address in ("8.8.8.8", "147.188.128.1", "2606:4700::1111", "2a00:1450:4009::1"):
        assert is_public(ipaddress.ip_address(address)), address


@pytest.mark.parametrize("host", NUMERIC)
def test_no_spelling_of_a_private_address_is_requested(host: str) -> None:
    answer = LinkChecker("Test").check(f"http://{host}/")
    # A resolver may know a spelling for no name at all.
    assert answer.problem in (
        PRIVATE_NETWORK,
        "This site does not exist.",
        "This is not a web address.",
    )
    assert answer.status is None


@pytest.mark.parametrize(
    "url",
    [
        *("ftp://example.org/", "javascript:alert(1)", "http://", "http:///x", "//example.org"),
        *("http://a b.example/", "http://example.org/\r\nX: y", "http://example.org/\x00"),
        *("http://user@example.org/", "http://:word@example.org/", "https://example.org:8443/"),
        *("http://example.org:22/", "http://example.org:99999/", f"http://{'a' * 70}.example/"),
    ],
)
def test_an_invalid_url_is_refused_without_a_dns_lookup(url: str) -> None:
    def never(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError(args)

    answer = LinkChecker("Test", resolve=never).check(url)
    assert answer.problem
    assert answer.is_certain


def test_a_host_with_any_private_address_is_refused(other: Site) -> None:
    found = [
        (socket.AF_INET, 1, 6, "", ("93.184.216.34", other.port)),
        (socket.AF_INET6, 1, 6, "", ("fd00::1", other.port, 0, 0)),
    ]
    for addresses in (found, found[::-1]):
        assert other.check("/", resolve=lambda *a, f=addresses, **k: f) == LinkStatus(
            None, PRIVATE_NETWORK
        )
    zone = [(socket.AF_INET6, 1, 6, "", ("2606:4700::1%eth0", other.port, 0, 2))]
    assert other.check("/", resolve=lambda *a, **k: zone) == LinkStatus(None, PRIVATE_NETWORK)


def test_a_host_is_resolved_once_for_each_request(other: Site) -> None:
    """Whoever answers with a public address first and an inner one next is asked at the first."""
    asked: list[str] = []

    def rebinding(host: str, port: int, **kwargs: Any) -> Any:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "127.0.0.2"
        return [(socket.AF_INET, 1, 6, "", (address, other.port))]

    other.pages["/"] = answers(200)
    assert other.check("/", host="changing.example", resolve=rebinding) == LinkStatus(200, "")
    assert asked == ["changing.example"]
    # The next request looks again, and is refused.
    asked.append("")
    assert other.check("/", host="changing.example", resolve=rebinding) == LinkStatus(
        None, PRIVATE_NETWORK
    )


def test_a_certificate_must_be_for_the_name(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=site.example"),
            *("-addext", "subjectAltName=DNS:site.example"),
        ],
        check=True,
        capture_output=True,
    )
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(certificate, key)
    site = Site(served)
    site.pages["/"] = answers(200)
    trusting = ssl.create_default_context(cafile=str(certificate))
    warned = LinkStatus(
        None, ("The certificate of the site is not valid, so browsers show a warning.")
    )
    url = f"https://site.example:{site.port}/"
    assert site.checker(context=trusting).check(url) == LinkStatus(200, "")
    assert site.checker(context=trusting).check(url.replace("site", "other")) == warned
    assert site.checker().check(url) == warned
    site.server.shutdown()
    site.server.server_close()
