"""Kills a real server during uploads and replacements: `make bench-kills`, N=200.

After each kill the server is started again, and every document must be either the old or the new
one, complete. Prints what each kill interrupted and what remained. SEED=… repeats a run.
"""

import hashlib
import html
import http.client
import json
import os
import random
import re
import secrets
import tempfile
import time
import urllib.request
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from .files.sending import TIMEOUT_SECONDS, Sending, report
from .killable_site import KillableSite

ADD, REPLACE = "upload", "replacement"
# The phases in which to kill: at a share of the body sent, or some time after an event.
PHASES = ("sending", "reading", "writing", "committing", "answering")

PREPARE = """
from wagtail.models import Collection, Site
from bhp_site.core.models import SiteSettings
# Public on purpose, so that a visitor may ask for every file.
settings = SiteSettings.for_site(Site.objects.get())
settings.public_collections.add(Collection.get_first_root_node())
"""
SWEEP = """
from bhp_site.launcher import preparation
preparation.delete_abandoned_files()
from django.core.management import call_command
call_command("sweep_files", days=1)
"""


def get_digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class KilledSite(KillableSite):
    """A site in `folder` that is killed and restarted, with a signed-in editor and a document."""

    def __init__(self, folder: Path, random_numbers: random.Random) -> None:
        super().__init__(folder, random_numbers, PREPARE)
        self.documents = folder / "media" / "documents"
        self.complete_files: set[Path] = set()
        self.uploads = 0
        # Unbroken once, to know how long each step takes here.
        self.usual_seconds = {kind: self.measure_upload(kind) for kind in (ADD, REPLACE)}

    def begin(self, kind: str, data: bytes) -> Sending:
        path, form = self.prepare(kind, data)
        sending = Sending(self.port, path, self.cookies, form)
        sending.start()
        return sending

    def prepare(self, kind: str, data: bytes) -> tuple[str, dict[str, Any]]:
        """Send the file a first time; return the address and the form that confirm it.

        Both forms carry the bytes once more, so that a kill can meet the body of the request.
        """
        if kind == ADD:
            self.uploads += 1
            title = "The report" if self.uploads == 1 else f"Upload {self.uploads}"
            form = {"title": title, "collection": 1, "files[]": data}
            key = json.loads(self.send("/admin/documents/multiple/add/", form))["uploaded_file_id"]
            prefix = f"uploaded-document-{key}"
            confirmed = {f"{prefix}-title": title, f"{prefix}-slug": "", f"{prefix}-collection": 1}
            # The collection is public, and the document has no text for people who cannot see it.
            confirmed[f"{prefix}-accessibility_reason"] = "A picture of noise."
            path = f"/admin/documents/multiple/create_from_uploaded_document/{key}/"
            return path, confirmed | {"again": data}
        path = f"/admin/documents/edit/{self.get_document_id('the-report')}/"
        form = {"title": "The report", "collection": 1, "slug": "the-report", "file": data}
        form |= {"note": "a figure was wrong", "version_reason": "A picture of noise."}
        review = self.send(path, form)
        found = re.search(r'name="confirmed" value="([^"]+)"', review)
        assert found, "the new file was not shown for review"
        return path, form | {"confirmed": html.unescape(found[1])}

    def send(self, path: str, form: dict[str, Any]) -> str:
        """Send a form to its end; return what is answered."""
        sending = Sending(self.port, path, self.cookies, form)
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, sending.body, sending.headers)
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return str(response.read().decode())

    def measure_upload(self, kind: str) -> dict[str, float]:
        """Return the seconds from the end of the body to the file on disk, and to the response."""
        data = report(self.random)
        sending = self.begin(kind, data)
        self.wait_for(sending, self.get_path(data))
        seen = time.monotonic()
        sending.join()
        expected = 200 if kind == ADD else 302
        assert sending.status == expected, f"the {kind} was answered {sending.status}"
        times = sending.times
        return {"reading": seen - times["sent"], "committing": times["answered"] - seen}

    def get_path(self, data: bytes) -> Path:
        digest = get_digest(data)
        return self.documents / digest[:2] / f"{digest}.pdf"

    def parts(self) -> set[Path]:
        return {*self.documents.glob("*/.part-*")}

    def wait_for(self, sending: Sending, path: Path, part: bool = False) -> None:
        """Wait until `path` exists or, with `part`, a temporary file that may become it."""
        before = self.parts()
        while sending.is_alive() and not path.exists():
            if part and self.parts() - before:
                return
            time.sleep(0.0002)

    def wait_for_row(self, sending: Sending, digest: str) -> None:
        """Wait until a document version with this digest is committed."""
        asked = "SELECT 1 FROM files_documentversion WHERE sha256 = ?"
        with closing(self.database()) as database:
            while sending.is_alive() and not database.execute(asked, [digest]).fetchone():
                time.sleep(0.0005)

    def kill_during(self, kind: str, aim: str) -> tuple[str, str]:
        """Kill the server during one upload; return what was interrupted and which bytes remain."""
        data, before = report(self.random), self.parts()
        old = self.get_document_digest("the-report") if kind == REPLACE else None
        sending = self.begin(kind, data)
        self.await_moment(sending, self.get_path(data), kind, aim)
        self.kill()
        sending.join()
        self.start()
        rows = self.check_files()
        slug = "the-report" if kind == REPLACE else f"upload-{self.uploads}"
        new, found = get_digest(data), self.get_document_digest(slug)
        assert found in (old, new), f"{slug} is neither the old nor the new file"
        assert found == rows.get(slug), f"{slug} is not what its row says"
        if found == new:
            return ("after the answer" if sending.status else "committed, not answered"), "new"
        assert not sending.status, "what was said to be kept is not"
        if self.get_path(data).exists():
            return "bytes in place, not committed", "old"
        if self.parts() - before:
            return "bytes being written", "old"
        whole = sending.sent == len(sending.body)
        return ("file being read" if whole else "body being sent"), "old"

    def await_moment(self, sending: Sending, path: Path, kind: str, aim: str) -> None:
        """Wait for the moment to kill in one of the PHASES."""
        random_numbers, usual_seconds = self.random, self.usual_seconds[kind]
        enough = len(sending.body) * (random_numbers.random() if aim == "sending" else 1)
        while sending.is_alive() and sending.sent < enough:
            time.sleep(0.0005)
        if aim == "reading":
            time.sleep(random_numbers.uniform(0, usual_seconds["reading"]))
        elif aim == "writing":
            self.wait_for(sending, path, part=True)
            time.sleep(random_numbers.uniform(0, 0.006))
        elif aim == "committing":
            self.wait_for(sending, path)
            time.sleep(random_numbers.uniform(0, usual_seconds["committing"]))
        elif aim == "answering":
            self.wait_for_row(sending, path.stem)
            time.sleep(random_numbers.uniform(0, 0.006))

    def get_document_id(self, slug: str) -> int:
        """Return the primary key of the document with this slug."""
        asked = "SELECT id FROM files_sitedocument WHERE slug = ?"
        with closing(self.database()) as database:
            return int(database.execute(asked, [slug]).fetchone()[0])

    def get_document_digest(self, slug: str) -> str | None:
        """Return the SHA-256 of the document that a visitor downloads; None if it is a 404."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        with closing(connection):
            connection.request("GET", f"/documents/{slug}.pdf")
            response = connection.getresponse()
            body = response.read()
            assert response.status in (200, 404), f"{slug} is answered {response.status}"
            return get_digest(body) if response.status == 200 else None

    def check_files(self) -> dict[str, str]:
        """Assert that rows, versions and files agree; return the documents' digests by slug."""
        for path in self.documents.glob("*/*.pdf"):
            # Bytes that no row names must be whole too: an upload of the same takes them over.
            if path not in self.complete_files:
                assert get_digest(path.read_bytes()) == path.stem, f"{path.name} is not whole"
                self.complete_files.add(path)
        with closing(self.database()) as database:
            documents = database.execute(
                "SELECT id, slug, version_number, sha256, file FROM files_sitedocument"
            ).fetchall()
            versions = database.execute(
                "SELECT document_id, number, sha256, file FROM files_documentversion"
            ).fetchall()
        self.version_digests = {digest for _, _, digest, _ in versions}
        for _, _, digest, file in versions:
            path = self.folder / "media" / file
            assert path.is_file(), f"{file} is named but not there"
            assert path.stem == digest, f"{file} is not what its row says"
        for pk, slug, number, digest, file in documents:
            newest = max(version for version in versions if version[0] == pk)
            assert newest == (pk, number, digest, file), f"{slug} is not its newest version"
        return {slug: digest for _, slug, _, digest, _ in documents}

    def check_sweep(self) -> None:
        """Assert that `sweep_files` leaves only files that a row names."""
        self.kill()
        for path in [*(self.folder / "uploads").iterdir(), *self.documents.glob("*/*")]:
            os.utime(path, (0, 0))
        self.python(SWEEP)
        assert not [*(self.folder / "uploads").iterdir()], "uploads/ is not swept"
        self.complete_files.clear()
        self.check_files()
        left = {path.stem for path in self.documents.glob("*/*")}
        assert left == self.version_digests, "sweep_files keeps something that nothing names"


def main() -> None:
    rounds = int(os.environ.get("N") or 200)
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    print(f"{rounds} kills, SEED={seed}", flush=True)
    found: Counter[tuple[str, str, str]] = Counter()
    with tempfile.TemporaryDirectory(prefix="bhp-kills-") as folder:
        site = KilledSite(Path(folder), random.Random(seed))
        try:
            for number in range(rounds):
                kind = (ADD, REPLACE)[number % 2]
                found[kind, *site.kill_during(kind, site.random.choice(PHASES))] += 1
            site.check_sweep()
        finally:
            site.kill()
    for (kind, phase, left), times in sorted(found.items()):
        print(f"{kind:<14}{phase:<32}{left:<6}{times:>4}")
    print(f"{found.total()} kills: every file was the old or the new one, whole.")


if __name__ == "__main__":
    main()
