"""Connections of the site to other services that leave the machine without encryption."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .environment import is_loopback

# With other modes, libpq takes whatever certificate the server shows, or none.
VERIFYING_MODES = ("verify-ca", "verify-full")


@dataclass(frozen=True)
class UnencryptedConnection:
    """A connection to a service on another machine, and how to encrypt it."""

    service: str
    host: str
    advice: str


def find_unencrypted_connections(
    values: Mapping[str, Any], environ: Mapping[str, str]
) -> list[UnencryptedConnection]:
    """Return the unencrypted connections by `values`, the settings, and `environ`.

    Loopback addresses and Unix sockets stay on the machine. The provider of single sign-on is not
    among them: see `environment.require_complete_single_sign_on`.
    """
    sources: tuple[tuple[str, Iterable[str], str], ...] = (
        (
            "the database",
            _find_database_hosts(values["DATABASES"]["default"], environ),
            "add ?sslmode=verify-full&sslrootcert=FILE to DATABASE_URL",
        ),
        (
            "the cache server",
            _find_cache_hosts(values["CACHES"]["default"]) if values["SHARED_CACHE"] else (),
            "begin CACHE_URL with rediss://",
        ),
        ("the mail server", _find_mail_hosts(values), "begin EMAIL_URL with submission://"),
        (
            "the object storage",
            _find_http_hosts(values["STORAGES"]["default"].get("OPTIONS", {}).get("endpoint_url")),
            "remove tls=0 from STORAGE_URL",
        ),
        (
            "the virus scanner",
            _find_scanner_hosts(values["CLAMD_SOCKET"]),
            "run clamd on this machine, or a tunnel to it such as stunnel",
        ),
        (
            "the service for error reports",
            _find_http_hosts(values["SENTRY_DSN"]),
            "use an address in SENTRY_DSN that begins with https://",
        ),
        (
            "the list of breached passwords",
            _find_http_hosts(values["BREACHED_PASSWORDS"]),
            "use an address in BREACHED_PASSWORDS that begins with https://",
        ),
        (
            "a proxy that is purged",
            (
                host
                for proxy in values["WAGTAILFRONTENDCACHE"].values()
                for host in _find_http_hosts(proxy.get("LOCATION"))
            ),
            "use an address in WAGTAILFRONTENDCACHE that begins with https://",
        ),
    )
    return [
        UnencryptedConnection(service, host.lower(), advice)
        for service, hosts, advice in sources
        for host in hosts
        if not _is_on_this_machine(host)
    ]


def _is_on_this_machine(host: str) -> bool:
    """Return True for a loopback address, the path of a Unix socket, or an empty string."""
    return not host or host.startswith(("/", "@")) or is_loopback(host)


def _find_database_hosts(database: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Return the hosts of PostgreSQL to which libpq connects without checking a certificate."""
    if not database["ENGINE"].endswith("postgresql"):
        return []
    options = database.get("OPTIONS", {})
    mode = options.get("sslmode") or environ.get("PGSSLMODE", "")
    host = database["HOST"] or options.get("host") or environ.get("PGHOST", "")
    # libpq takes several, and connects to an address in “hostaddr” whatever the host is called.
    addresses = options.get("hostaddr") or environ.get("PGHOSTADDR", "")
    hosts = f"{host},{addresses}".split(",")
    return [] if mode in VERIFYING_MODES else hosts


def _find_cache_hosts(cache: Mapping[str, Any]) -> Iterator[str]:
    location = cache["LOCATION"]
    for server in location.replace(";", ",").split(",") if isinstance(location, str) else location:
        is_address = "://" in server or server.startswith("unix:")
        address = urlsplit(server if is_address else f"//{server}")
        if address.scheme not in ("rediss", "unix"):
            yield address.hostname or ""


def _find_mail_hosts(values: Mapping[str, Any]) -> Iterator[str]:
    is_encrypted = values.get("EMAIL_USE_TLS") or values.get("EMAIL_USE_SSL")
    if values["EMAIL_TRANSPORT"].endswith("smtp.EmailBackend") and not is_encrypted:
        yield values.get("EMAIL_HOST", "")


def _find_scanner_hosts(address: str) -> Iterator[str]:
    # clamd knows no encryption.
    if address and not address.startswith("/"):
        yield address.rpartition(":")[0].strip("[]")


def _find_http_hosts(url: str | None) -> Iterator[str]:
    if url and url.startswith("http://"):
        yield urlsplit(url).hostname or ""
