"""Connections that leave the machine are encrypted, or an operator has named their host."""

from pathlib import Path

import pytest

from bhp_site.connections import find_unencrypted_connections

from .test_settings import PUBLIC, get_refusal, start

VERIFIED = "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"
DATABASE = "postgres://site:word@db.example.org/site"
BUCKET = "s3://key:secret@s3.example.org/bucket?region=eu-west-2"
SHOW = "[(c.service, c.host) for c in s.UNENCRYPTED_CONNECTIONS]"
PLAIN = {
    "DATABASE_URL": DATABASE,
    "CACHE_URL": "redis://cache.example.org:6379/0",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "STORAGE_URL": f"{BUCKET}&tls=0",
    "CLAMD_SOCKET": "Scanner.example.org:3310",
    "SENTRY_DSN": "http://key@errors.example.org/1",
    "BREACHED_PASSWORDS": "http://breaches.example.org/range/",
    "WAGTAILFRONTENDCACHE": """{"nginx": {"BACKEND":
        "wagtail.contrib.frontend_cache.backends.HTTPBackend",
        "LOCATION": "http://proxy.example.org"}}""",
}
HOSTS = "db,cache,mail,s3,scanner,errors,breaches,proxy"
ENCRYPTED = {
    "DATABASE_URL": f"{DATABASE}?{VERIFIED}",
    "CACHE_URL": "rediss://cache.example.org:6379/0",
    "EMAIL_URL": "submission://me:word@mail.example.org:587",
    "STORAGE_URL": BUCKET,
    "CLAMD_SOCKET": "/run/clamav/clamd.ctl",
    "SENTRY_DSN": "https://key@errors.example.org/1",
    "BREACHED_PASSWORDS": "https://breaches.example.org/range/",
    "WAGTAILFRONTENDCACHE": PLAIN["WAGTAILFRONTENDCACHE"].replace("http://", "https://"),
}
LOCAL = {
    "DATABASE_URL": "postgres://site@%2Fvar%2Frun%2Fpostgresql/site",
    "CACHE_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://127.0.0.1:25",
    "STORAGE_URL": "s3://key:secret@127.0.0.2:9000/bucket?tls=0",
    "CLAMD_SOCKET": "[::1]:3310",
    "SENTRY_DSN": "http://key@localhost/1",
}


def test_each_plain_connection_is_found(tmp_path: Path) -> None:
    """On loopback, where the site starts with them."""
    expected = [
        ("the database", "db.example.org"),
        ("the cache server", "cache.example.org"),
        ("the mail server", "mail.example.org"),
        ("the object storage", "s3.example.org"),
        ("the virus scanner", "scanner.example.org"),
        ("the service for error reports", "errors.example.org"),
        ("the list of breached passwords", "breaches.example.org"),
        ("a proxy that is purged", "proxy.example.org"),
    ]
    assert start(tmp_path, SHOW, **PLAIN).stdout.strip() == str(expected)


@pytest.mark.parametrize(
    "env",
    [ENCRYPTED, LOCAL, {}, {"EMAIL_URL": "submission://me:word@mail.example.org:465?ssl=1"}],
    ids=["encrypted", "local", "none", "mail with TLS from the beginning"],
)
def test_a_public_site_starts_with_others(tmp_path: Path, env: dict[str, str]) -> None:
    ended = start(tmp_path, SHOW, **PUBLIC, **env)
    assert ended.stdout.strip() == "[]", ended.stderr


def test_a_public_site_refuses_them_unless_their_hosts_are_named(tmp_path: Path) -> None:
    message = get_refusal(tmp_path, **PUBLIC, **PLAIN)
    assert "The connection to the database at db.example.org would not be encrypted" in message
    assert "sslmode=verify-full" in message
    assert "name the host in UNENCRYPTED_HOSTS" in message
    assert "word" not in message
    named = ",".join(f"{host}.Example.org" for host in HOSTS.split(","))
    assert start(tmp_path, **PUBLIC, **PLAIN, UNENCRYPTED_HOSTS=named).stdout.strip() == "started"


def find_hosts(
    url: str = "", environ: dict[str, str] | None = None, **database: object
) -> list[str]:
    """Return the hosts of a database or a cache (`url`) to which connections are unencrypted."""
    engine = "django.db.backends.postgresql"
    values = {
        "DATABASES": {"default": {"ENGINE": engine, "HOST": "", **database}},
        "CACHES": {"default": {"LOCATION": url}},
        "SHARED_CACHE": bool(url),
        "EMAIL_TRANSPORT": "django.core.mail.backends.filebased.EmailBackend",
        "STORAGES": {"default": {}},
        "CLAMD_SOCKET": "",
        "SENTRY_DSN": "",
        "BREACHED_PASSWORDS": "off",
        "WAGTAILFRONTENDCACHE": {},
    }
    return [connection.host for connection in find_unencrypted_connections(values, environ or {})]


@pytest.mark.parametrize(
    ("mode", "is_plain"),
    [("", 1), ("prefer", 1), ("require", 1), ("verify-ca", 0), ("verify-full", 0)],
)
def test_the_certificate_of_the_database_is_checked(mode: str, is_plain: int) -> None:
    """Also where libpq reads the mode, or the host, from the environment."""
    assert find_hosts(HOST="db", OPTIONS={"sslmode": mode}) == ["db"] * is_plain
    assert find_hosts(HOST="db", environ={"PGSSLMODE": mode}) == ["db"] * is_plain
    assert find_hosts(environ={"PGHOST": "db", "PGSSLMODE": mode}) == ["db"] * is_plain
    address = "192.0.2.1"
    assert find_hosts(environ={"PGHOSTADDR": address, "PGSSLMODE": mode}) == [address] * is_plain


@pytest.mark.parametrize(
    ("database", "hosts"),
    [
        ({"HOST": ""}, []),
        ({"HOST": "localhost,db2"}, ["db2"]),
        ({"HOST": "@socket"}, []),
        ({"HOST": "localhost", "OPTIONS": {"hostaddr": "192.0.2.1"}}, ["192.0.2.1"]),
        ({"OPTIONS": {"host": "db"}}, ["db"]),
    ],
    ids=str,
)
def test_every_host_of_a_database_counts(database: dict[str, object], hosts: list[str]) -> None:
    assert find_hosts(**database) == hosts  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("rediss://one:6379/0,redis://two:6379/0", ["two"]),
        ("redis://:word@one:6379", ["one"]),
        ("one:11211;[2001:db8::1]:11211;127.0.0.1:1", ["one", "2001:db8::1"]),
        ("unix:/run/memcached.sock", []),
    ],
)
def test_every_host_of_a_cache_counts(url: str, hosts: list[str]) -> None:
    assert find_hosts(url) == hosts
