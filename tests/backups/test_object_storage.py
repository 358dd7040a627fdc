"""Backups of a site whose documents and images are in a bucket."""

import os
from pathlib import Path

import pytest

from tests.bucket import run_bucket
from tests.prepared_sites import EMPTY, copy_site

from .conftest import Site

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)
UPLOAD = """
import sys
from django.core.management import call_command
from tests.factories import SiteDocumentFactory, SiteImageFactory
SiteDocumentFactory(title="In the bucket")
SiteImageFactory()
call_command("backup", sys.argv[1])
"""
VERIFY = """
import sys
from django.core.management import call_command
call_command("verify", sys.argv[1])
"""
DELETE_UNUSED = """
from datetime import timedelta
from django.utils import timezone
from bhp_site.core.storage.media import MediaFile, get_media
from bhp_site.files.models import SiteDocument
media = get_media()
[file] = media.iter_files("documents")
assert not media.delete_unused(file, before=0)
assert media.delete_unused(file, before=timezone.now().timestamp() + 60)
assert not [*media.iter_files("documents")]
"""


@pytest.mark.sampled(0)
def test_a_bucket_is_backed_up_restored_and_verified(tmp_path: Path) -> None:
    with run_bucket() as bucket:
        first, second = (Site(tmp_path / name, "") for name in ("first", "second"))
        copy_site(EMPTY, first.folder)
        second.folder.mkdir(mode=0o700)
        for site in (first, second):
            site.env["STORAGE_URL"] = f"{bucket.url}&prefix={site.folder.name}"
        backups = tmp_path / "backups"
        first.python(UPLOAD, str(backups))
        done = second.manage("restore", backups)
        assert done.returncode == 0, done.stderr
        keys = bucket.list_keys()
        stored = {key.removeprefix("first/") for key in keys if key.startswith("first/")}
        restored = {key.removeprefix("second/") for key in keys if key.startswith("second/")}
        assert stored == restored
        assert {name.partition("/")[0] for name in stored} >= {"documents", "original_images"}
        second.python(VERIFY + DELETE_UNUSED, str(backups))
        assert "documents are missing" not in first.manage("verify").stderr
