"""Check whether a link to another site works, without reaching into private networks.

Editors type these links, so they may lead anywhere. A name is resolved once for each request; all
of its addresses must be public; the connection goes to the address that was checked.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_REDIRECTS = 5
# Asked for with a Range header; no body is read in any case.
MAX_BODY_BYTES = 2048
# For a whole check, including redirects.
DEADLINE_SECONDS = 20
# The page exists, but not for a program, or not without signing in.
REACHABLE_ERROR_STATUSES = {401, 402, 403, 405, 406, 407, 418, 423, 425, 426, 429, 451}
# Networks that lead into others: compatible and mapped IPv4, NAT64 (RFC 6052 and 8215), Teredo,
# 6to4, and its relays.
TRANSLATING_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"),
        *("fec0::/10", "192.88.99.0/24"),
    )
)

NOT_A_WEB_ADDRESS = "This is not a web address."
PRIVATE_NETWORK = "It leads to a private network, which visitors cannot reach."
NO_ANSWER_IN_TIME = "The site does not answer in time."


class UncheckableURL(Exception):
    """A URL that must not be requested; the message tells editors why."""


@dataclass(frozen=True)
class LinkStatus:
    """The result of a check: the HTTP status, if any, and the problem, empty if there is none.

    `is_certain` is False if the failure may be one of our own network.
    """

    status: int | None
    problem: str
    is_certain: bool = True


def is_public(address: Address) -> bool:
    """Return True if `address` is a public internet address that is not translated to another."""
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and not any(address in network for network in TRANSLATING_NETWORKS)
    )


class CheckedTransport(httpx.AsyncHTTPTransport):
    """Resolves the host of a request itself and connects only if all its addresses are allowed.

    `resolve` is called like `socket.getaddrinfo`. The Host header and the name that the
    certificate must be for stay those of the request.
    """

    def __init__(
        self,
        resolve: Callable[..., Any],
        is_allowed: Callable[[Address], bool],
        context: ssl.SSLContext,
    ) -> None:
        super().__init__(verify=context, trust_env=False)
        self._resolve, self._is_allowed = resolve, is_allowed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send `request` to the first address of its host that accepts, and return the response.

        Raises UncheckableURL if any address is not allowed, socket.gaierror if there is none, and
        httpx.TransportError if no connection succeeds.
        """
        url, failure = request.url, httpx.ConnectError("No address")
        port = url.port or DEFAULT_PORTS[url.scheme]
        name = url.raw_host.decode()
        for host, checked_port in await asyncio.to_thread(self._get_addresses, name, port):
            request.url = url.copy_with(host=host, port=checked_port)
            request.extensions = {**request.extensions, "sni_hostname": name}
            try:
                return await super().handle_async_request(request)
            except httpx.ConnectError as error:
                failure = error
        raise failure

    def _get_addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        resolved = self._resolve(host, port, type=socket.SOCK_STREAM)
        if not resolved:
            raise socket.gaierror(f"{host} has no address")
        for *_, (address, *_) in resolved:
            # A zone (“%eth0”) marks an address of this machine's own network.
            if "%" in address or not self._is_allowed(ipaddress.ip_address(address)):
                raise UncheckableURL(PRIVATE_NETWORK)
        return [(address, port) for *_, (address, port, *_) in resolved]


class LinkChecker:
    """Checks links, one request at a time, as the User-Agent `agent`.

    Only tests give `resolve`, `is_allowed`, `ports`, `deadline` (in seconds) and `context`.
    """

    def __init__(
        self,
        agent: str,
        resolve: Callable[..., Any] = socket.getaddrinfo,
        is_allowed: Callable[[Address], bool] = is_public,
        ports: Collection[int] = tuple(DEFAULT_PORTS.values()),
        deadline: float = DEADLINE_SECONDS,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = {"User-Agent": agent, "Accept-Encoding": "identity", "Connection": "close"}
        self._resolve, self._is_allowed, self._ports = resolve, is_allowed, ports
        self._deadline = deadline
        self._context = context

    def check(self, url: str) -> LinkStatus:
        """Return the status of `url`, found by a HEAD request, then a GET request if that fails."""
        try:
            status = asyncio.run(self._get_status(url))
        except UncheckableURL as refusal:
            return LinkStatus(None, str(refusal))
        except socket.gaierror:
            return LinkStatus(None, "This site does not exist.", is_certain=False)
        except (TimeoutError, httpx.TimeoutException):
            return LinkStatus(None, NO_ANSWER_IN_TIME, is_certain=False)
        except httpx.TransportError as error:
            if is_certificate_error(error):
                return LinkStatus(
                    None, "The certificate of the site is not valid, so browsers show a warning."
                )
            return LinkStatus(None, "The site does not answer.", is_certain=False)
        return LinkStatus(status, describe_problem(status))

    async def _get_status(self, url: str) -> int:
        # httpx limits each read alone, which a server that sends a byte now and then never exceeds.
        async with asyncio.timeout(self._deadline):
            status = await self._follow("HEAD", url)
            return await self._follow("GET", url) if status >= 400 else status

    async def _follow(self, method: str, address: str) -> int:
        """Return the status at the end of the redirects; each is checked as a new request."""
        for _ in range(MAX_REDIRECTS + 1):
            response = await self._request(method, self._parse(address))
            if not response.has_redirect_location:
                return response.status_code
            try:
                address = urljoin(address, response.headers["Location"])
            except ValueError as error:
                raise UncheckableURL(NOT_A_WEB_ADDRESS) from error
        raise UncheckableURL("It redirects in a circle.")

    async def _request(self, method: str, url: httpx.URL) -> httpx.Response:
        """Return the response to one request, without its body; nothing is kept for the next."""
        headers = dict(self._headers)
        if method == "GET":
            headers["Range"] = f"bytes=0-{MAX_BODY_BYTES - 1}"
        context = self._context or ssl.create_default_context()
        transport = CheckedTransport(self._resolve, self._is_allowed, context)
        async with (
            httpx.AsyncClient(
                transport=transport, timeout=self._deadline, trust_env=False
            ) as client,
            client.stream(method, url, headers=headers) as response,
        ):
            return response

    def _parse(self, address: str) -> httpx.URL:
        """Return `address` as a URL; raises UncheckableURL unless it is a plain web address."""
        try:
            # Unlike httpx, these refuse unbalanced brackets, and labels too long for the DNS.
            urlsplit(address).netloc.encode("idna")
            url = httpx.URL(address)
        except (httpx.InvalidURL, ValueError) as error:
            raise UncheckableURL(NOT_A_WEB_ADDRESS) from error
        is_plain = address.isprintable() and " " not in address
        if url.scheme not in DEFAULT_PORTS or not url.host or not is_plain:
            raise UncheckableURL(NOT_A_WEB_ADDRESS)
        if url.userinfo:
            raise UncheckableURL("It contains a user name or a password.")
        port = url.port or DEFAULT_PORTS[url.scheme]
        if port not in self._ports:
            raise UncheckableURL(f"It uses port {port}, which is not checked.")
        return url


def is_certificate_error(error: BaseException | None) -> bool:
    """Return True if `error` was caused by a certificate that is not valid for its host."""
    while error and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def describe_problem(status: int) -> str:
    """Return a sentence about an HTTP error status; empty if the page is there."""
    if status < 400 or status in REACHABLE_ERROR_STATUSES:
        return ""
    if status in (404, 410):
        return "The page does not exist any more."
    return f"The site shows an error ({status})."
