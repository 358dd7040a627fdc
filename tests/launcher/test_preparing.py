"""What the launcher makes before it starts the site."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from pytest_django import Settings

from bhp_site import __main__ as launcher
from bhp_site.core.models import User
from bhp_site.home.bootstrap import bootstrap_site
from bhp_site.home.models import HomePage


def test_the_first_start_makes_pages_and_an_account(db: None, data: Path) -> None:
    password = launcher.prepare_alone()
    assert HomePage.objects.filter(live=True).exists()
    assert User.objects.get().check_password(password)
    kept = data / "first-password"
    assert kept.read_text() == password
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_later_start_gives_no_password(db: None, data: Path) -> None:
    launcher.prepare()
    assert launcher.prepare() == ""


def test_demonstration_content_is_loaded_once(
    db: None, data: Path, settings: Settings, called: list[str]
) -> None:
    settings.DEMO = True
    launcher.prepare()
    assert called == ["demo", "bootstrap"]
    called.clear()
    bootstrap_site()
    launcher.prepare()
    assert called == ["bootstrap"]


def test_half_a_demonstration_is_not_kept(
    db: None, data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(name: str, **options: Any) -> None:
        bootstrap_site()
        raise KeyboardInterrupt

    settings.DEMO = True
    monkeypatch.setattr(management, "call_command", interrupted)
    with pytest.raises(KeyboardInterrupt):
        launcher.prepare()
    assert not HomePage.objects.exists()


def test_static_files_are_collected_when_they_have_changed(
    data: Path, settings: Settings, called: list[str]
) -> None:
    source = data / "source"
    source.mkdir()
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    for _ in range(2):
        launcher.collect_static()
    assert called == ["collectstatic"]
    (source / "new.css").touch()
    launcher.collect_static()
    assert called == ["collectstatic"] * 2


def test_what_a_killed_upload_left_is_swept(data: Path) -> None:
    uploads = data / "uploads"
    (uploads / "old-folder").mkdir()
    for name in ("old", "fresh"):
        (uploads / name).touch()
    for old in ("old-folder", "old"):
        os.utime(uploads / old, (0, 0))
    launcher.sweep_uploads()
    assert [path.name for path in uploads.iterdir()] == ["fresh"]
