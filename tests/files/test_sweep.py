"""`manage.py sweep_files` removes bytes that nothing has named for long, and nothing else."""

import hashlib
import io
import os
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from pytest_django import Settings
from wagtail.models import UploadedFile

from bhp_site.core.admin.kept_uploads import keep_upload
from bhp_site.core.models import User
from bhp_site.core.storage import media
from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory, pdf_bytes

DAY_SECONDS = 24 * 60 * 60


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def document(db: None) -> SiteDocument:
    """A file of two versions."""
    document = SiteDocumentFactory()
    document.file = ContentFile(pdf_bytes("Corrected"), name="upload.pdf")
    document.version_note = "a figure was wrong"
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    return document


def get_path(name: str) -> Path:
    return Path(storages["documents"].path(name))


def save(data: bytes, days: float = 0) -> Path:
    """Bytes that no row names, last touched so many `days` ago."""
    return make_old(get_path(storages["documents"].save("left.pdf", ContentFile(data))), days)


def make_old(path: Path, days: float) -> Path:
    then = time.time() - days * DAY_SECONDS
    os.utime(path, (then, then))
    return path


def sweep(**options: Any) -> str:
    out = io.StringIO()
    call_command("sweep_files", stdout=out, **options)
    return out.getvalue()


def test_bytes_without_a_row_go_after_seven_days(document: SiteDocument) -> None:
    old, young = save(b"x" * 12_345, days=7.01), save(b"young", days=6.99)
    said = sweep()
    assert (old.exists(), young.exists()) == (False, True)
    assert f"documents/{old.parent.name}/{old.name} (12 KB)" in said
    assert said.endswith("1 of 4 files, 12 KB, removed.\n")


def test_every_version_keeps_its_bytes(document: SiteDocument) -> None:
    files = [make_old(get_path(one.file.name), 999) for one in document.versions.all()]
    assert "0 of 2 files, 0 KB, removed." in sweep()
    assert len(files) == 2
    assert all(path.exists() for path in files)


def test_a_row_without_versions_keeps_its_bytes(document: SiteDocument) -> None:
    document.versions.all().delete()
    path = make_old(get_path(document.file.name), 999)
    sweep()
    assert path.exists()


def test_a_dry_run_removes_nothing(document: SiteDocument) -> None:
    path = save(b"left", days=8)
    said = sweep(dry_run=True)
    assert path.exists()
    assert path.name in said
    assert said.endswith("1 of 3 files, 1 KB, would be removed.\n")


def test_the_days_can_be_chosen(document: SiteDocument) -> None:
    path = save(b"left", days=8)
    sweep(days=9)
    assert path.exists()
    sweep(days=1)
    assert not path.exists()


@pytest.mark.parametrize("days", [0, -1])
def test_less_than_a_day_is_refused(document: SiteDocument, days: int) -> None:
    path = save(b"left", days=8)
    with pytest.raises(CommandError, match="--days must be at least 1"):
        sweep(days=days)
    assert path.exists()


def test_a_broken_upload_goes_after_an_hour(document: SiteDocument) -> None:
    folder = get_path(document.file.name).parent
    for name, hours in {".part-old": 1.1, ".part-new": 0.9}.items():
        (folder / name).write_bytes(b"half")
        make_old(folder / name, hours / 24)
    sweep()
    assert {path.name for path in folder.glob(".part-*")} == {".part-new"}


def test_a_database_that_names_nothing_is_taken_for_the_wrong_one(db: None) -> None:
    path = save(b"left", days=99)
    with pytest.raises(CommandError, match="Check DATABASE_URL"):
        sweep()
    assert path.exists()


def test_an_empty_site_has_nothing_to_sweep(db: None) -> None:
    assert sweep() == "0 of 0 files, 0 KB, removed.\n"


def test_bytes_used_again_stay(document: SiteDocument) -> None:
    """An upload of the same bytes touches them, though its row is not committed yet."""
    path = save(b"the same", days=99)
    storages["documents"].save("again.pdf", ContentFile(b"the same"))
    sweep()
    assert path.exists()


def test_bytes_used_again_at_this_very_moment_stay(
    document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(b"the same", days=99)
    rename = os.rename

    def touched_just_before(source: Path, target: Path) -> None:
        if source == path:
            os.utime(source)
        rename(source, target)

    monkeypatch.setattr(media.os, "rename", touched_just_before)
    assert "0 of 3 files" in sweep()
    assert path.read_bytes() == b"the same"


def test_bytes_saved_while_they_are_moved_aside_are_whole(
    document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(b"the same", days=99)
    rename = os.rename

    def saved_just_after(source: Path, target: Path) -> None:
        rename(source, target)
        storages["documents"].save("again.pdf", ContentFile(b"the same"))

    monkeypatch.setattr(media.os, "rename", saved_just_after)
    sweep()
    assert path.read_bytes() == b"the same"


def test_two_sweeps_at_once_are_no_error(
    document: SiteDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(b"left", days=99)
    rename = os.rename

    def removed_just_before(source: Path, target: Path) -> None:
        source.unlink()
        rename(source, target)

    monkeypatch.setattr(media.os, "rename", removed_just_before)
    assert "0 of 3 files" in sweep()
    assert not path.exists()


def test_a_deleted_files_bytes_have_their_days_from_then_on(document: SiteDocument) -> None:
    paths = [make_old(get_path(one.file.name), 999) for one in document.versions.all()]
    SiteDocumentFactory(file=ContentFile(pdf_bytes("Another"), name="other.pdf"))
    document.delete()
    sweep()
    assert all(path.exists() for path in paths)
    for path in paths:
        make_old(path, 8)
    sweep()
    assert not any(path.exists() for path in paths)


def make_asked_upload(editor: User, days: float) -> tuple[UploadedFile, Path]:
    """An upload that `editor` was asked about so many `days` ago, and its bytes."""
    upload = keep_upload(ContentFile(b"what is it?", name="what.pdf"), SiteDocument, editor)
    return upload, make_old(Path(upload.file.path), days)


def test_an_upload_that_nobody_has_decided_on_goes_after_seven_days(
    document: SiteDocument, editor: User
) -> None:
    (_, old), (young, new) = make_asked_upload(editor, 7.01), make_asked_upload(editor, 6.99)
    assert f"{old.relative_to(old.parent.parent)} (1 KB)" in sweep()
    assert (old.exists(), new.exists()) == (False, True)
    assert UploadedFile.objects.get() == young


def test_a_dry_run_leaves_it_to_be_decided_on(document: SiteDocument, editor: User) -> None:
    upload, path = make_asked_upload(editor, 8)
    assert "1 of 3 files, 1 KB, would be removed." in sweep(dry_run=True)
    assert path.exists()
    assert UploadedFile.objects.get() == upload


def test_pictures_are_no_business_of_it(site: SimpleNamespace, tmp_path: Path) -> None:
    picture = tmp_path / "original_images" / "left.png"
    picture.parent.mkdir(exist_ok=True)
    picture.write_bytes(b"a picture")
    make_old(picture, 999)
    sweep()
    assert picture.exists()


def test_what_stays_is_what_its_name_says(document: SiteDocument) -> None:
    save(b"left", days=99)
    sweep()
    kept = [path for path in get_path("documents").rglob("*") if path.is_file()]
    assert len(kept) == 2
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.stem for path in kept)
