"""What the launcher prepares before it starts the site."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core import management
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from bhp_site.core.models import User
from bhp_site.home.bootstrap import bootstrap_site
from bhp_site.home.models import HomePage
from bhp_site.launcher import preparation

from ..factories import UserFactory


def test_the_first_start_creates_pages_and_an_account(db: None, data: Path) -> None:
    password = preparation.prepare_exclusively()
    assert HomePage.objects.get().live
    assert len(password) >= 16
    assert authenticate(username="EDITOR@example.org", password=password).is_superuser
    file = data / "first-password"
    assert file.read_text() == password
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_file_with_the_first_password_is_deleted_when_it_was_replaced(
    db: None, data: Path, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    password = preparation.prepare()
    other = UserFactory()
    # Somebody may close the browser before choosing a password.
    assert Client().login(username="editor@example.org", password=password)
    with django_capture_on_commit_callbacks(execute=True):
        other.set_password("another password")
        other.save()
    first = User.objects.get(email="editor@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        first.first_name = "Ada"
        first.save()
        first.save(update_fields=["last_login"])
    assert (data / "first-password").exists()
    with django_capture_on_commit_callbacks(execute=True):
        first.set_password("a password of their own")
        first.save()
    assert not (data / "first-password").exists()
    assert preparation.prepare() == ""
    assert not (data / "first-password").exists()


def test_a_later_start_returns_no_password(db: None, data: Path) -> None:
    preparation.prepare()
    assert preparation.prepare() == ""
    assert HomePage.objects.count() == 1


def test_no_account_is_created_if_there_is_one(db: None, data: Path) -> None:
    UserFactory()
    assert preparation.create_first_account() == ""
    assert User.objects.count() == 1
    assert not (data / "first-password").exists()


def test_demonstration_content_is_loaded_once(
    db: None, data: Path, settings: Settings, called: list[str]
) -> None:
    settings.DEMO = True
    preparation.prepare()
    assert called == ["demo", "bootstrap"]
    called.clear()
    bootstrap_site()
    preparation.prepare()
    assert called == ["bootstrap"]


def test_an_interrupted_demonstration_is_rolled_back(
    db: None, data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(name: str, **options: Any) -> None:
        bootstrap_site()
        raise KeyboardInterrupt

    settings.DEMO = True
    monkeypatch.setattr(management, "call_command", interrupt)
    with pytest.raises(KeyboardInterrupt):
        preparation.prepare()
    assert not HomePage.objects.exists()


def test_static_files_are_collected_when_they_have_changed(
    data: Path, settings: Settings, called: list[str]
) -> None:
    source = data / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    for _ in range(2):
        preparation.collect_static()
    assert called == ["collectstatic"]
    (source / "new.css").touch()
    preparation.collect_static()
    assert called == ["collectstatic"] * 2
    settings.STATIC_COMPRESS_ALL = not settings.STATIC_COMPRESS_ALL
    preparation.collect_static()
    assert called == ["collectstatic"] * 3


@pytest.mark.parametrize("folder_name", ["uploads", "spool"])
def test_what_killed_processes_left_is_deleted(data: Path, folder_name: str) -> None:
    folder = data / folder_name
    (folder / "old-folder").mkdir()
    (folder / "old-folder" / "cover.png").touch()
    for name in ("old", "fresh"):
        (folder / name).touch()
    for old in ("old-folder", "old"):
        os.utime(folder / old, (0, 0))
    preparation.delete_abandoned_files()
    assert [path.name for path in folder.iterdir()] == ["fresh"]


@pytest.mark.parametrize(
    ("error", "service"),
    [(OperationalError("Away.\nHint"), "database"), (RedisConnectionError("Away."), "cache")],
)
def test_an_unavailable_database_or_cache_is_named(
    db: None, data: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, service: str
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setattr(preparation, "prepare", fail)
    with pytest.raises(
        preparation.ServiceUnavailable, match=rf"^The site cannot use its {service}: Away\.$"
    ):
        preparation.prepare_exclusively()
