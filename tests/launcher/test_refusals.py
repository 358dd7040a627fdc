"""What the launcher refuses, in one sentence each."""

import socket
from pathlib import Path

import django
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from redis.exceptions import ConnectionError as CacheIsAway

from bhp_site import __main__ as launcher

from .conftest import free_port, launch


def test_a_port_in_use_is_refused_in_one_sentence() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(SystemExit, match=r"^Port \d+ is in use: .+\.$"),
    ):
        launcher.refuse_taken_port("127.0.0.1", taken.getsockname()[1])


def test_a_free_port_is_taken() -> None:
    launcher.refuse_taken_port("127.0.0.1", free_port())


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SystemExit, match=r"^Cannot listen on 192\.0\.2\.1:8000"):
        launcher.refuse_taken_port("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"HOST": "0.0.0.0"}, "unencrypted connections"),
        ({"PORT": "eighty"}, '"PORT" invalid'),
        ({"SITE_URL": "http://www.example.org"}, "sent unencrypted"),
        ({"SITE_URL": "https://www.example.org", "BEHIND_PROXY": "1", "DEBUG": "1"}, "DEBUG"),
        ({"SECRET_KEY": "short"}, "at least 50 characters"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(
    tmp_path: Path, variables: dict[str, str], sentence: str
) -> None:
    process = launch(tmp_path, **variables)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert sentence in said
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ImproperlyConfigured("No."), "The site cannot start: No."),
        (OSError("No."), "The site cannot use its data folder: No."),
    ],
)
def test_settings_that_refuse_end_it(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    def refuse() -> None:
        raise error

    monkeypatch.setattr(django, "setup", refuse)
    with pytest.raises(SystemExit, match=sentence):
        launcher.configure()


@pytest.mark.parametrize(
    ("error", "what"),
    [(OperationalError("Away.\nHint"), "database"), (CacheIsAway("Away."), "cache")],
)
def test_a_database_or_cache_that_is_away_is_named(
    db: None, data: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, what: str
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(launcher, "prepare", fail)
    with pytest.raises(launcher.Away, match=rf"^The site cannot use its {what}: Away\.$"):
        launcher.prepare_alone()
