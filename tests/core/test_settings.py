"""The settings start nothing that is not safe, and say in a sentence why."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from bhp_site.environment import REPLACED_VARIABLES

LONG = "a-secret-of-enough-characters-for-any-production-site-0123"
PUBLIC = {"SITE_URL": "https://www.example.org", "BEHIND_PROXY": "1", "SECRET_KEY": LONG}
SSO = {
    "SSO_ISSUER": "https://login.example.org",
    "SSO_CLIENT_ID": "site",
    "SSO_CLIENT_SECRET": "a secret",
}
SHOW = "from bhp_site import settings as s; print({})"


def start(data: Path, show: str = "'started'", **env: str) -> subprocess.CompletedProcess[str]:
    """A process that reads the settings in this environment, and prints the expression `show`."""
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(show)],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data)} | env,
        capture_output=True,
        text=True,
        timeout=60,
    )


def get_refusal(data: Path, **env: str) -> str:
    """The last line that a start which fails leaves."""
    ended = start(data, **env)
    assert ended.returncode != 0, ended.stdout
    return ended.stderr.strip().splitlines()[-1]


def test_nothing_need_be_set_on_ones_own_machine(tmp_path: Path) -> None:
    shown = "s.DEBUG, s.LOOPBACK, s.SESSION_COOKIE_SECURE, s.SECURE_HSTS_SECONDS"
    assert start(tmp_path, shown).stdout.strip() == "False True False 0"


def test_a_data_folder_that_others_may_read_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    sentence = get_refusal(tmp_path)
    assert str(tmp_path) in sentence
    assert f"chmod o= '{tmp_path}'" in sentence
    tmp_path.chmod(0o750)
    assert start(tmp_path).stdout.strip() == "started"
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_accounts_and_domains_are_compared_in_lower_case(tmp_path: Path) -> None:
    shown = "s.SSO_EMERGENCY_ACCOUNTS, s.SSO_TRUSTED_EMAIL_DOMAINS, s.SSO_ROLES"
    env = SSO | {"SSO_EMERGENCY_ACCOUNTS": "Ada@example.org, pat@example.org"}
    env |= {"SSO_TRUSTED_EMAIL_DOMAINS": "Example.org", "SSO_ROLES": ""}
    expected = "['ada@example.org', 'pat@example.org'] ['example.org'] {}"
    assert start(tmp_path, shown, **env).stdout.strip() == expected


def test_a_public_site_is_safe(tmp_path: Path) -> None:
    shown = (
        "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, "
        "s.SECURE_HSTS_SECONDS == 3600, s.ALLOWED_HOSTS, s.CSRF_TRUSTED_ORIGINS"
    )
    ended = start(tmp_path, shown, **PUBLIC)
    expected = "True True True True ['www.example.org'] ['https://www.example.org']"
    assert ended.stdout.strip() == expected


@pytest.mark.parametrize(
    "env, words",
    [
        ({"DEBUG": "1"}, "DEBUG is only allowed on this machine"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
        ({"SSO_CLIENT_ID": "x", "SSO_ONLY": "1"}, "SSO_CLIENT_ID, SSO_ONLY need SSO_ISSUER"),
        ({"SSO_ISSUER": "https://login.example.org"}, "SSO_CLIENT_ID and SSO_CLIENT_SECRET"),
        ({**SSO, "SSO_ISSUER": "http://login.example.org"}, "SSO_ISSUER must be an address"),
        ({**SSO, "SSO_ROLES": '["Publisher"]'}, "SSO_ROLES must be a JSON object"),
        ({**SSO, "SSO_ONLY": "1"}, "SSO_ONLY needs SSO_EMERGENCY_ACCOUNTS"),
        ({"HSTS_PRELOAD": "1"}, "HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS=1"),
        ({"ALLOWED_HOSTS": "*"}, "must list host names"),
        ({"ALLOWED_HOSTS": "www.example.org,*"}, "must list host names"),
        ({"ALLOWED_HOSTS": "*.example.org"}, "must list host names"),
        ({"BREACHED_PASSWORDS": "on"}, "BREACHED_PASSWORDS must be an address"),
        ({"SITE_URL": "http://www.example.org"}, "cookies would be sent unencrypted"),
        ({"SITE_URL": "www.example.org"}, "SITE_URL must be a full address"),
        ({"SITE_URL": "ftp://www.example.org"}, "SITE_URL must be a full address"),
        ({"BEHIND_PROXY": "0"}, "a proxy that ends TLS is needed"),
        ({"CACHE_URL": "redis://cache.example.org/0"}, "the cache server at cache.example.org"),
        ({"EMAIL_URL": "smtp+tls://mail.example.org"}, "EMAIL_URL must start with"),
        ({"EMAIL_URL": "submission://me:a#b@mail.example.org:587"}, "for example @ as %40"),
        ({"DEFAULT_FROM_EMAIL": "nobody"}, "DEFAULT_FROM_EMAIL is not an email address"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_public_site_refuses(tmp_path: Path, env: dict[str, str], words: str) -> None:
    assert words in get_refusal(tmp_path, **PUBLIC | env)


@pytest.mark.parametrize("name", REPLACED_VARIABLES)
def test_a_variable_of_an_earlier_version_is_refused_with_advice(tmp_path: Path, name: str) -> None:
    message = get_refusal(tmp_path, **{name: ""})
    assert f"{name} is no longer used. {REPLACED_VARIABLES[name]}" in message


@pytest.mark.parametrize(
    ("old_name", "new_name"),
    [
        ("EDGE_MEMORY", "PAGE_CACHE_MEMORY_BYTES"),
        ("EDGE_DISK", "PAGE_CACHE_DISK_BYTES"),
        ("COUNTS_WRITTEN_EVERY", "COUNTER_FLUSH_SECONDS"),
    ],
)
def test_the_advice_names_a_setting_that_exists(old_name: str, new_name: str) -> None:
    assert new_name in REPLACED_VARIABLES[old_name]
    assert hasattr(settings, new_name)
    assert not hasattr(settings, old_name)


def test_a_public_site_begins_empty_and_binds_no_other_host(tmp_path: Path) -> None:
    shown = "s.DEMO, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, s.SECURE_HSTS_SECONDS"
    assert start(tmp_path, shown).stdout.strip() == "True False False 0"
    assert start(tmp_path, shown, **PUBLIC).stdout.strip() == "False False False 3600"
    more = {"HSTS_SECONDS": "31536000", "HSTS_INCLUDE_SUBDOMAINS": "1", "HSTS_PRELOAD": "1"}
    ended = start(tmp_path, shown, DEMO="1", **PUBLIC, **more)
    assert ended.stdout.strip() == "True True True 31536000"


def test_a_second_factor_is_for_everybody_on_a_public_site(tmp_path: Path) -> None:
    assert start(tmp_path, "s.SECOND_FACTOR").stdout.strip() == "optional"
    assert start(tmp_path, "s.SECOND_FACTOR", **PUBLIC).stdout.strip() == "all"
    allowed = start(tmp_path, "s.SECOND_FACTOR", **PUBLIC, SECOND_FACTOR="publishers")
    assert allowed.stdout.strip() == "publishers"
    assert "only allowed on this machine" in get_refusal(
        tmp_path, **PUBLIC, SECOND_FACTOR="optional"
    )


def test_a_public_site_looks_for_breached_passwords(tmp_path: Path) -> None:
    """Also with a copy of the example."""
    service, shown = "https://api.pwnedpasswords.com/range/", "s.BREACHED_PASSWORDS"
    assert start(tmp_path, shown, **PUBLIC).stdout.strip() == service
    assert start(tmp_path, shown).stdout.strip() == "off"
    lines = (Path(settings.BASE_DIR) / ".env.example").read_text().splitlines()
    assert "BREACHED_PASSWORDS=" in lines


def test_an_empty_value_means_unset_for_every_variable(tmp_path: Path) -> None:
    lines = (Path(settings.BASE_DIR) / ".env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    empty = dict.fromkeys(names, "") | {"DATA_DIR": str(tmp_path)}
    shown = "s.PORT, s.SITE_URL, s.WORKERS, s.DEMO, s.SHARED_CACHE, len(s.SECRET_KEY) > 50"
    ended = start(tmp_path, shown, **empty)
    assert ended.stdout.strip() == "8000 http://127.0.0.1:8000 2 True False True", ended.stderr


def test_the_example_can_be_sourced(tmp_path: Path) -> None:
    script = 'set -eu; set -a; . ./.env.example; set +a; echo "$PUBLIC_CACHE_CONTROL"'
    command = ["sh", "-c", script]
    ended = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.strip() == "public,no-cache"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "bhp.example"])
def test_plain_http_is_not_answered_to_the_network(tmp_path: Path, host: str) -> None:
    assert "would accept unencrypted connections" in get_refusal(
        tmp_path, HOST=host, SITE_URL="http://localhost:8000"
    )


@pytest.mark.parametrize(
    "env", [{"PORT": "eighty"}, {"PORT": "0"}, {"WORKERS": "0"}, {"DEBUG": "perhaps"}], ids=str
)
def test_nonsense_is_refused_by_name(tmp_path: Path, env: dict[str, str]) -> None:
    assert next(iter(env)) in get_refusal(tmp_path, **env)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.9.9.9", "site.localhost"])
def test_loopback_has_many_names(tmp_path: Path, host: str) -> None:
    assert start(tmp_path, "s.LOOPBACK", HOST=host).stdout.strip() == "True"


def test_an_ipv6_address_stands_in_brackets(tmp_path: Path) -> None:
    assert start(tmp_path, "s.SITE_URL", HOST="::1", PORT="9").stdout.strip() == "http://[::1]:9"


def test_the_secret_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = start(tmp_path, "s.SECRET_KEY").stdout
    path = tmp_path / "secret-key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() == first.strip()
    assert start(tmp_path, "s.SECRET_KEY").stdout == first


def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    start(tmp_path / "new")
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_mail_goes_to_a_folder_until_a_server_is_named(tmp_path: Path) -> None:
    assert "filebased" in start(tmp_path, "s.EMAIL_TRANSPORT").stdout
    env = {"EMAIL_URL": "submission://me:word@mail.example.org:587"}
    shown = "s.EMAIL_TRANSPORT, s.EMAIL_HOST, s.EMAIL_USE_TLS, s.EMAIL_TIMEOUT"
    assert start(tmp_path, shown, **env).stdout.split() == [
        "django.core.mail.backends.smtp.EmailBackend",
        "mail.example.org",
        "True",
        "10",
    ]


def test_debugging_needs_no_collected_files(tmp_path: Path) -> None:
    shown = "s.STORAGES['staticfiles']['BACKEND']"
    assert "contrib" in start(tmp_path, shown, DEBUG="1").stdout


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)} | PUBLIC
    ended = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 0, ended.stderr


def test_postgresql_does_not_compile_queries_and_ends_long_ones(tmp_path: Path) -> None:
    shown = "s.DATABASES['default']['OPTIONS']['options']"
    expected = "-c jit=off -c statement_timeout=60000 -c lock_timeout=20000"
    url = {"DATABASE_URL": "postgres://site@localhost/site"}
    assert start(tmp_path, shown, **url).stdout.strip() == expected
    more = {"DATABASE_URL": "postgres://site@localhost/site?options=-c%20geqo%3Doff"}
    assert start(tmp_path, shown, **more).stdout.strip() == f"{expected} -c geqo=off"


@pytest.mark.parametrize(
    ("url", "expected"), [("", "False 0"), ("redis://localhost:1/0", "True 0.5")]
)
@pytest.mark.sampled(1)
def test_redis_is_imported_for_a_cache_server_only(tmp_path: Path, url: str, expected: str) -> None:
    program = """import sys, django
django.setup()
from django.core.cache import caches
options = getattr(caches["shared"], "_options", {})
print("redis" in sys.modules, options.get("socket_timeout", 0))
"""
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "CACHE_URL": url}
    env |= {"DJANGO_SETTINGS_MODULE": "bhp_site.settings"}
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
    )
    assert ended.stdout.strip() == expected, ended.stderr
