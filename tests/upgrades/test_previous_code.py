"""The code of the last release works on the tables of this one, while machines are upgraded."""

import io
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.postgresql import create_database
from tests.prepared_sites import EMPTY, copy_site
from tests.schema_cache import FOLDER, lock_cache, remove_all_but_latest, use
from tests.subprocesses import ROOT

MAX_CACHED_RELEASES = 4
BOOTSTRAP = """
import django
django.setup()
from django.core.management import call_command
call_command("bootstrap")
"""
# Everything here is the earlier code; only the database is of today.
WORK = """
import django
django.setup()
from django.conf import settings
settings.ALLOWED_HOSTS.append("testserver")
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from bhp_site.core.models import User
from tests.factories import (
    NewsIndexPageFactory, NewsPageFactory, PersonFactory, SiteDocumentFactory, SiteImageFactory,
    offer, pdf_bytes,
)
from bhp_site.home.models import HomePage
from news.models import NewsIndexPage, NewsPage
from bhp_site.files.models import SiteDocument

for model in apps.get_models():
    # Reads every column, so that a missing one is an error.
    if model._meta.managed:
        [*model._base_manager.all()[:5]]

User.objects.all().delete()
User.objects.create_superuser("editor@example.org", "a-long-password-of-old")
client = Client()
form = {"username": "editor@example.org", "password": "a-long-password-of-old"}
answer = client.post("/admin/login/", form)
assert answer.status_code == 302, answer.content
assert client.get("/admin/").status_code == 200

upload = SimpleUploadedFile("report.pdf", pdf_bytes("Uploaded by the earlier code"))
SiteDocumentFactory(title="Uploaded", file=upload)
SiteImageFactory()
document = SiteDocument.objects.get(title="Uploaded")
index = NewsIndexPage.objects.first() or NewsIndexPageFactory(
    parent=HomePage.objects.get(), slug="news"
)
page = NewsPageFactory(parent=index, title="Published by the earlier code", live=False)
offer(page, document)
page.save_revision(user=User.objects.get()).publish(user=User.objects.get())
assert NewsPage.objects.get(pk=page.pk).live
assert Client().get(page.get_url()).status_code == 200
assert Client().get(document.url).status_code == 200
print("the earlier code works")
"""


def git(*command: str) -> bytes:
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, check=True).stdout


@pytest.fixture
def earlier_code() -> Path:
    """Return a folder with the code of the commit that last changed `release.txt`.

    It is extracted, and compiled by its first use, once.
    """
    if not (ROOT / ".git").exists() and not os.environ.get("CI"):
        pytest.skip("this is no git checkout, so the earlier code is not here")
    if git("rev-parse", "--is-shallow-repository").strip() == b"true":
        pytest.fail("The checkout lacks its history: run “git fetch --unshallow”.")
    commit = git("log", "-1", "--format=%H", "--", "tests/upgrades/release.txt").decode().strip()
    commit = commit or git("rev-parse", "HEAD").decode().strip()
    folder = FOLDER / f"code-{commit}"
    with lock_cache(f"earlier-{folder.name}"):
        if not folder.exists():
            remove_all_but_latest(MAX_CACHED_RELEASES, "code-*")
            with tempfile.TemporaryDirectory(dir=FOLDER) as unfinished:
                with tarfile.open(fileobj=io.BytesIO(git("archive", commit))) as archive:
                    archive.extractall(f"{unfinished}/code", filter="data")
                Path(f"{unfinished}/code").rename(folder)
    return use(folder)


@pytest.fixture
def database_url(db: None) -> Iterator[str]:
    """Return the address of a database with all tables; "" for SQLite in the data folder."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with create_database("earlier", migrated=True) as url:
        yield url


def test_the_earlier_code_signs_in_uploads_and_publishes(
    earlier_code: Path, database_url: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    # DEBUG needs no collected static files.
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "DEMO": "0", "DEBUG": "1"}
    env |= {"DJANGO_SETTINGS_MODULE": "bhp_site.settings"}
    if database_url:
        env["DATABASE_URL"] = database_url
        run(ROOT, BOOTSTRAP, env)
    else:
        copy_site(EMPTY, data)
    assert "the earlier code works" in run(earlier_code, WORK, env)


def run(code: Path, program: str, env: dict[str, str]) -> str:
    """Run `program` with the code in the folder `code`; return what it prints."""
    command, variables = [sys.executable, "-c", program], env | {"PYTHONPATH": str(code)}
    done = subprocess.run(command, cwd=code, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout
