"""A backup is made while the site is written to, and restored to an empty one."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from bhp_site.backups.creating import delete_old_backups
from bhp_site.backups.history import (
    get_last_backup_time,
    get_last_drill_time,
    record_backup,
    record_drill,
)
from bhp_site.backups.mail_hold import release_mail
from bhp_site.backups.manifest import BackupError, find_backup, get_object_path
from bhp_site.backups.models import MailHold
from bhp_site.core.mail import MailHeld
from tests.smtp_sink import SmtpSink

from .conftest import Site

# Uploads a document and publishes a page with it, again and again, and prints what is committed.
WRITE = """
import itertools
from django.core.files.base import ContentFile
from bhp_site.files.models import SiteDocument
from bhp_site.home.models import HomePage, StandardPage
home = HomePage.objects.get()
for number in itertools.count():
    content = ContentFile(b"a,b\\n%d,1\\n" % number, name=f"{number}.csv")
    document = SiteDocument.objects.create(title=f"Table {number}", file=content)
    page = StandardPage(title=f"Page {number}", slug=f"page-{number}", live=True)
    page = home.add_child(instance=page)
    page.save_revision().publish()
    print(number, flush=True)
"""
# Functions for the programs below, each of which runs in a process of the restored site.
FUNCTIONS = """
import hashlib, json, shutil, sys
from django.conf import settings
from django.core.management import CommandError, call_command
from bhp_site.core.mail import MailHeld, send_email
from bhp_site.files.models import SiteDocument
from bhp_site.home.models import StandardPage

def list_content():
    documents = SiteDocument.objects.filter(title__startswith="Table ")
    for document in documents:
        assert hashlib.sha256(document.file.open().read()).hexdigest() == document.sha256
    pages = StandardPage.objects.filter(title__startswith="Page ")
    print(json.dumps([sorted(p.title for p in pages), sorted(d.title for d in documents)]))

def send():
    try:
        send_email("Subject", "Text", "a@example.org")
    except MailHeld as error:
        print(error)
    else:
        print("It was sent.")

def refuse(*command):
    try:
        call_command(*command)
    except CommandError as error:
        print(error)
"""
LOOK_AT_RESTORED = """
list_content()
send()
call_command("enable_mail")
send()
refuse("restore", sys.argv[1])
"""
# A database that was recovered in another way gets the files, and sends no e-mail.
RESTORE_MEDIA = """
list_content()
shutil.rmtree(settings.MEDIA_ROOT)
call_command("enable_mail")
call_command("restore", sys.argv[1], media_only=True)
list_content()
send()
"""
REFUSE_ALL = """
for folder in sys.argv[1:]:
    refuse("restore", folder)
"""


# It needs a site without tables, and so comes before what restores one.
def test_a_damaged_backup_is_refused(sites: tuple[Site, Site], tmp_path: Path) -> None:
    source, target = sites
    backups = tmp_path / "backups"
    assert source.manage("backup", backups).returncode == 0
    name = find_backup(backups).name
    manifest = json.loads((backups / name / "manifest.json").read_text())
    changed, other, outside = (
        Path(shutil.copytree(backups, tmp_path / copy)) for copy in ("changed", "other", "outside")
    )
    dump = changed / name / manifest["database"]["path"]
    dump.write_bytes(dump.read_bytes()[:-1] + b"?")
    (other / name / "manifest.json").write_text(json.dumps(manifest | {"engine": "oracle"}))
    manifest["files"] = [{"path": "../x", "size": 1, "sha256": "ab"}]
    (outside / name / "manifest.json").write_text(json.dumps(manifest))
    folders = (changed, other, outside, tmp_path / "none")
    refusals = target.python(FUNCTIONS + REFUSE_ALL, *map(str, folders)).splitlines()
    assert "missing or has changed" in refusals[0]
    assert "Set DATABASE_URL to a " in refusals[1]
    assert "outside its folder" in refusals[2]
    assert "no complete backup" in refusals[3]


@pytest.mark.sampled(0)
def test_nothing_acknowledged_before_a_backup_is_missing(
    sites: tuple[Site, Site], tmp_path: Path
) -> None:
    source, target = sites
    backups = tmp_path / "backups"
    writer = source.start_python(WRITE)
    assert writer.stdout
    try:
        acknowledged = [int(writer.stdout.readline()) for _ in range(3)]
        made = source.manage("backup", backups)
        assert made.returncode == 0, made.stderr
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
    drilled = source.manage("drill", backups)
    assert drilled.returncode == 0, drilled.stderr
    restored = target.manage("restore", backups)
    assert restored.returncode == 0, restored.stderr
    listed, held, enabled, sent, refused = target.python(
        FUNCTIONS + LOOK_AT_RESTORED, str(backups)
    ).splitlines()
    pages, documents = json.loads(listed)
    assert {f"Page {number}" for number in acknowledged} <= set(pages)
    assert {f"Table {number}" for number in acknowledged} <= set(documents)
    # The restored site keeps its e-mail until an administrator enables it.
    assert "E-mail is off" in held
    assert "E-mail is on" in enabled
    assert sent == "It was sent."
    assert "Nothing was restored" in refused
    again = target.manage("restore", backups, "--overwrite")
    assert again.returncode == 0, again.stderr
    restored = target.python(FUNCTIONS + RESTORE_MEDIA, str(backups)).splitlines()
    assert json.loads(restored[0]) == [pages, documents]
    assert "Restored the media of the backup" in restored[2]
    assert json.loads(restored[-2]) == [pages, documents]
    assert "E-mail is off" in restored[-1]


def test_old_backups_and_their_files_are_deleted(tmp_path: Path) -> None:
    for name, sha256 in (("20260101T000000Z", "aa1"), ("20260102T000000Z", "bb1")):
        stored = get_object_path(tmp_path, sha256)
        stored.parent.mkdir(parents=True)
        stored.write_text("bytes")
        (tmp_path / name).mkdir()
        values = {
            "name": name,
            "started_at": "2026-01-01T00:00:00+00:00",
            "finished_at": "2026-01-01T00:00:00+00:00",
            "engine": "sqlite",
            "database": {"path": "database.sqlite3", "size": 1, "sha256": "cc1"},
            "tables": {},
            "files": [{"path": "a", "size": 5, "sha256": sha256}],
            "migrations": [],
            "software": {},
            "secret_key_hash": "",
        }
        (tmp_path / name / "manifest.json").write_text(json.dumps(values))
    delete_old_backups(tmp_path, keep=1)
    assert find_backup(tmp_path).name == "20260102T000000Z"
    assert not get_object_path(tmp_path, "aa1").exists()
    assert get_object_path(tmp_path, "bb1").exists()
    with pytest.raises(BackupError):
        find_backup(tmp_path, "20260101T000000Z")


def test_the_times_of_the_last_backup_and_drill_are_recorded(db: None) -> None:
    assert get_last_backup_time() is None
    assert get_last_drill_time() is None
    earlier = timezone.now() - timedelta(hours=2)
    record_backup(earlier)
    record_backup(earlier + timedelta(hours=1))
    record_drill(earlier)
    assert get_last_backup_time() == earlier + timedelta(hours=1)
    drilled = get_last_drill_time()
    assert drilled
    assert drilled > earlier


def test_a_restored_site_sends_no_email(db: None, sink: SmtpSink) -> None:
    MailHold.objects.create(since=timezone.now())
    backend = get_connection("bhp_site.core.mail.AutoSubmittedBackend")
    message = EmailMessage("Subject", "Text", "a@example.org", ["b@example.org"])
    with pytest.raises(MailHeld, match="enable_mail"):
        backend.send_messages([message])
    release_mail(discard=False)
    assert backend.send_messages([message]) == 1
