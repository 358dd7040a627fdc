"""Asks whether an address on another site answers, and nothing of any network but the public one.

Editors type these addresses, so they may lead anywhere. A name is looked up once; every address it
has must be public; the connection goes to the address that was looked at, not to the name again.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any
from urllib.parse import urljoin, urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

SCHEMES = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 5
# Bytes that are read of a page.
MAX_BODY_BYTES = 2048
# Seconds for everything, redirects and all.
DEADLINE_SECONDS = 20
# Answers to whoever is no browser or has not signed in: somebody is there.
REACHABLE_ERROR_STATUSES = {401, 402, 403, 405, 406, 407, 418, 423, 425, 426, 429, 451}
# Networks that lead on into others: compatible and mapped IPv4, NAT64 (RFC 6052 and 8215), Teredo,
# 6to4, and its relays.
TRANSLATING_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("fec0::/10", "192.88.99.0/24"),
    )
)

NOT_A_WEB_ADDRESS = "It is not an address of the web."
PRIVATE_NETWORK = "It leads into a private network, where visitors cannot go."


class UncheckableURL(Exception):
    """An address that is not asked, and why, in a sentence."""


@dataclass(frozen=True)
class LinkStatus:
    """What came of asking: the status of HTTP, if any, and what is wrong, "" where nothing is.

    `is_certain` unless it may be our own network that is down.
    """

    status: int | None
    problem: str
    is_certain: bool = True


def is_public(address: Address) -> bool:
    """Whether `address` is one of the public internet, and leads nowhere else."""
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and not any(address in network for network in TRANSLATING_NETWORKS)
    )


class LinkChecker:
    """Asks as `agent`. Tests alone give another `resolve`, `is_allowed` and `ports`."""

    def __init__(
        self,
        agent: str,
        resolve: Callable[..., Any] = socket.getaddrinfo,
        is_allowed: Callable[[Address], bool] = is_public,
        ports: Collection[int] = tuple(SCHEMES.values()),
        deadline: float = DEADLINE_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = {"User-Agent": agent, "Accept": "*/*", "Connection": "close"}
        self._resolve, self._may_ask, self._ports = resolve, is_allowed, ports
        self._deadline = deadline
        self._context = context

    def check(self, url: str) -> LinkStatus:
        """Whether `url` answers; it is asked for its head first, for a little of it second."""
        end = monotonic() + self._deadline
        try:
            status = self._follow("HEAD", url, end)
            if status >= 400:
                status = self._follow("GET", url, end)
        except UncheckableURL as refusal:
            return LinkStatus(None, str(refusal))
        except ssl.SSLCertVerificationError:
            return LinkStatus(None, "Its certificate is not valid: browsers warn of it.")
        except socket.gaierror:
            return LinkStatus(None, "There is no such site.", is_certain=False)
        except TimeoutError:
            return LinkStatus(None, "It does not answer in time.", is_certain=False)
        except (OSError, http.client.HTTPException):
            late = monotonic() >= end
            words = "It does not answer in time." if late else "Nothing answers."
            return LinkStatus(None, words, is_certain=False)
        return LinkStatus(status, _problem(status))

    def _follow(self, method: str, url: str, end: float) -> int:
        for _ in range(MAX_REDIRECTS + 1):
            status, location = self._request(method, url, end)
            if status not in REDIRECTS or not location:
                return status
            try:
                url = urljoin(url, location)
            except ValueError as error:
                raise UncheckableURL(NOT_A_WEB_ADDRESS) from error
        raise UncheckableURL("It leads from one address to the next without end.")

    def _request(self, method: str, url: str, end: float) -> tuple[int, str]:
        """Status and, of a redirect, where it leads."""
        scheme, host, port, path = self._parts(url)
        with self._connected(host, port, scheme, end) as sock:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = sock
            name = f"[{host}]" if ":" in host else host
            headers = {"Host": name if port == SCHEMES[scheme] else f"{name}:{port}"}
            if method == "GET":
                headers["Range"] = f"bytes=0-{MAX_BODY_BYTES - 1}"
            connection.request(method, path, headers=self._headers | headers)
            response = connection.getresponse()
            response.read(MAX_BODY_BYTES)
            return response.status, response.headers.get("Location", "")

    def _parts(self, url: str) -> tuple[str, str, int, str]:
        """Scheme, host, port and path; UncheckableURL where it is no plain address of the web."""
        try:
            parts = urlsplit(url)
            port = parts.port or SCHEMES.get(parts.scheme, 0)
            host = (parts.hostname or "").encode("idna").decode("ascii")
        except ValueError as error:
            raise UncheckableURL(NOT_A_WEB_ADDRESS) from error
        if parts.scheme not in SCHEMES or not host or not url.isprintable() or " " in url:
            raise UncheckableURL(NOT_A_WEB_ADDRESS)
        if parts.username is not None or parts.password is not None:
            raise UncheckableURL("It holds a user name or a password.")
        if port not in self._ports:
            raise UncheckableURL(f"It names a port of its own ({port}), which is not asked.")
        path = parts.path or "/"
        target = f"{path}?{parts.query}" if parts.query else path
        return parts.scheme, host, port, "".join(map(_quoted, target))

    def _addresses(self, host: str, port: int) -> list[tuple[int, Any]]:
        """Return family and socket address of each address of `host`.

        Raises UncheckableURL if any of them is not public.
        """
        found = self._resolve(host, port, type=socket.SOCK_STREAM)
        if not found:
            raise socket.gaierror(f"{host} has no address")
        for *_, where in found:
            # A zone (“%eth0”) belongs to an address of this machine's own network.
            address = ipaddress.ip_address(where[0].partition("%")[0])
            if "%" in where[0] or not self._may_ask(address):
                raise UncheckableURL(PRIVATE_NETWORK)
        return [(family, where) for family, _, _, _, where in found]

    @contextmanager
    def _connected(self, host: str, port: int, scheme: str, end: float) -> Iterator[socket.socket]:
        """A connection to an address of `host` that was looked at, gone when time is up."""
        failure: OSError = TimeoutError()
        for family, where in self._addresses(host, port):
            left = end - monotonic()
            if left <= 0:
                raise TimeoutError
            sock = socket.socket(family, socket.SOCK_STREAM)
            sock.settimeout(left)
            try:
                sock.connect(where)
                break
            except OSError as error:
                sock.close()
                failure = error
        else:
            raise failure
        if scheme == "https":
            context = self._context or ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)
        # A timeout alone is none for whoever sends a byte now and then.
        timer = threading.Timer(end - monotonic(), _shut, [sock])
        timer.daemon = True
        timer.start()
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            yield sock
        finally:
            timer.cancel()
            sock.close()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        # Not that of TLS, which another thread is using.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _quoted(sign: str) -> str:
    return sign if sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode())


def _problem(status: int) -> str:
    if status < 400 or status in REACHABLE_ERROR_STATUSES:
        return ""
    if status in (404, 410):
        return "The page is no longer there."
    return f"The site answers with an error ({status})."
