"""What `manage.py verify` finds, and what the reference index is compared with."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError
from wagtail.models import Page, ReferenceIndex

from bhp_site.backups import verification
from bhp_site.backups.reference_index import (
    check_reference_index,
    find_outdated_objects,
    rebuild_if_outdated,
)
from bhp_site.backups.verification import iter_problems
from bhp_site.core.models import User
from bhp_site.core.storage.media import MediaFolder
from bhp_site.files.versions.models import DocumentVersion
from tests.shared_fixtures import StoredRows


def list_problems() -> list[str]:
    return list(iter_problems(None, lambda line: None))


def test_a_complete_site_has_no_problems(site: StoredRows) -> None:
    accounts = User.objects.count()
    assert list_problems() == []
    assert User.objects.count() == accounts


@pytest.mark.filterwarnings("error::UserWarning")
def test_static_files_need_not_be_collected(
    site: StoredRows, settings: LazySettings, tmp_path: Path
) -> None:
    """They are when the restored site is started, which is later."""
    settings.STATIC_ROOT = tmp_path / "missing"
    settings.MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware", *settings.MIDDLEWARE]
    out = StringIO()
    call_command("verify", stdout=out)
    assert "No problems found." in out.getvalue()


def test_a_site_that_allows_no_passwords_has_no_problems(
    site: StoredRows, settings: LazySettings
) -> None:
    settings.SSO_ISSUER, settings.SSO_ONLY = "https://login.example.org", True
    settings.SSO_EMERGENCY_ACCOUNTS = ["rescue@example.org"]
    assert list_problems() == []
    assert settings.SSO_ONLY


def test_changed_and_missing_bytes_are_found(
    site: StoredRows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = DocumentVersion.objects.first()
    assert version
    changed = tmp_path / version.file.name
    changed.parent.mkdir(parents=True)
    changed.write_bytes(b"other")
    monkeypatch.setattr(verification, "get_media", lambda: MediaFolder(tmp_path))
    assert any("have changed" in problem for problem in list_problems())
    changed.unlink()
    assert any("are missing" in problem for problem in list_problems())


def test_a_damaged_page_tree_is_found(site: StoredRows) -> None:
    Page.objects.filter(depth=2).update(numchild=77)
    with pytest.raises(CommandError, match="problems were found"):
        call_command("verify")


def test_an_empty_reference_index_is_found_and_rebuilt(site: StoredRows) -> None:
    assert check_reference_index(None, databases=["default"]) == []
    before = ReferenceIndex.objects.count()
    ReferenceIndex.objects.all().delete()
    assert any("reference index" in problem for problem in list_problems())
    assert check_reference_index(None, databases=None) == []
    assert not ReferenceIndex.objects.exists()
    assert [message.id for message in check_reference_index(None, databases=["default"])] == [
        "bhp.W010"
    ]
    assert ReferenceIndex.objects.count() == before
    assert next(find_outdated_objects(), None) is None


def test_a_start_rebuilds_the_index_once(site: StoredRows) -> None:
    ReferenceIndex.objects.all().delete()
    assert rebuild_if_outdated()
    assert not rebuild_if_outdated()
