"""Run checks and test legs: `python -m tests.run check sqlite postgres browser`.

The last lines name legs that this machine cannot run; with CI set they are failures.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

from .bucket import run_bucket
from .postgresql_cluster import Missing, database

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ON_CI = bool(os.environ.get("CI"))
PYTEST = [sys.executable, "-m", "pytest", "-q"]
IN_TWO = ["-n", "2", "--dist", "loadgroup"]
# The flows of a file share a site; each process has one of its own.
BROWSER_IN_TWO = ["-n", "2", "--dist", "loadfile"]
SAMPLE = ["--sample"]
PACKAGES = ["bhp_site", "news", "partners", "reports"]
# What can differ on PostgreSQL: search, locks, constraints, JSON, transactions, publishing,
# concurrency, visibility, and characters that it refuses. `make test-all` runs the rest there too.
ON_POSTGRES = [
    "tests/alerts/test_kills.py",
    "tests/alerts/test_sending.py",
    "tests/backups",
    "tests/content_audit/test_link_checks.py",
    "tests/core/test_aliases.py",
    "tests/core/test_invalidation.py",
    "tests/core/test_characters.py",
    "tests/core/test_database_version.py",
    "tests/core/test_deleting.py",
    "tests/core/test_live_revisions.py",
    "tests/core/test_mail_queue.py",
    "tests/core/test_images.py",
    "tests/core/test_publishing.py",
    "tests/core/test_rendition_races.py",
    "tests/core/test_slugs.py",
    "tests/core/test_unpublishing.py",
    "tests/core/test_visibility.py",
    "tests/core/test_visibility_trees.py",
    "tests/core/test_monitoring.py",
    "tests/enquiries/test_forms.py",
    "tests/enquiries/test_outbox.py",
    "tests/enquiries/test_purging.py",
    "tests/files/test_collection_moves.py",
    "tests/files/test_deletion.py",
    "tests/files/test_download_counts.py",
    "tests/files/test_duplicates.py",
    "tests/files/test_matrix.py",
    "tests/files/test_proposals.py",
    "tests/files/test_replacement.py",
    "tests/files/test_stale_saves.py",
    "tests/files/test_sweep.py",
    "tests/files/test_versions.py",
    "tests/home/test_bootstrap.py",
    "tests/news/test_embargo.py",
    "tests/news/test_quotes.py",
    "tests/news/test_release.py",
    "tests/partners/test_people_drafts.py",
    "tests/reports/test_drafting_jobs.py",
    "tests/reports/test_series.py",
    "tests/scheduling/test_blocked_releases.py",
    "tests/scheduling/test_release_warnings.py",
    "tests/search",
    "tests/sharing/test_cards.py",
    "tests/tasks",
    "tests/test_site.py::test_it_keeps_its_budget",
    "tests/test_site.py::test_no_page_costs_more_on_a_larger_site",
    "tests/upgrades",
]
# What reads or writes the bytes of documents and images.
IN_BUCKET = [
    "tests/core/storage",
    "tests/core/test_images.py",
    "tests/files/test_deletion.py",
    "tests/files/test_documents.py",
    "tests/files/test_download_counts.py",
    "tests/files/test_duplicates.py",
    "tests/files/test_matrix.py",
    "tests/files/test_missing_files.py",
    "tests/files/test_privacy.py",
    "tests/files/test_proposals.py",
    "tests/files/test_replacement.py",
    "tests/files/test_serving.py",
    "tests/files/test_uploads.py",
    "tests/files/test_versions.py",
    "tests/press",
]
# Measuring takes as much CPU time again as half the tests, so `make test` does without.
MEASURES_COVERAGE = bool(os.environ.get("COVERAGE"))
COVERAGE = [f"--cov={package}" for package in PACKAGES]
COVERAGE += ["--cov-append", "--cov-report="]
COVERAGE = COVERAGE if MEASURES_COVERAGE else []
REQUIRED_COVERAGE = 95


def run(*command: str | Path, **env: str) -> bool:
    """Run `command` with `env` added ("" unsets a variable); return True if it succeeds."""
    variables = {name: value for name, value in (os.environ | env).items() if value}
    return subprocess.run([*map(str, command)], cwd=ROOT, env=variables).returncode == 0


def check() -> bool:
    """Check style, types, layers, templates, migrations and deployment settings, all of them."""
    print("── checks", flush=True)
    with tempfile.TemporaryDirectory(prefix="bhp-check-") as data:
        manage = [sys.executable, "manage.py"]
        production = {
            "DATA_DIR": data,
            "SITE_URL": "https://www.example.org",
            "BEHIND_PROXY": "1",
            "DEBUG": "0",
            "DATABASE_URL": "",
            "CACHE_URL": "",
        }
        commands: list[list[str | Path]] = [
            [BIN / "mypy"],
            [BIN / "lint-imports"],
            [BIN / "ruff", "check", "."],
            [BIN / "bandit", "-q", "-c", "pyproject.toml", "-r", *PACKAGES],
            [BIN / "ruff", "format", "--check", "."],
            [BIN / "djlint", "templates", "--lint", "--quiet"],
            [*manage, "makemigrations", "--check", "--dry-run"],
            [sys.executable, "-m", "tests.lint_migrations"],
            [*manage, "check", "--deploy", "--fail-level", "WARNING"],
        ]
        with ThreadPoolExecutor(2) as threads:
            return all([*threads.map(lambda command: run(*command, **production), commands)])


def sqlite() -> bool:
    """Run the tests but the browser flows on SQLite, of large matrices a sample."""
    return run_on_sqlite(SAMPLE)


def sqlite_all() -> bool:
    """Run all tests but the browser flows on SQLite."""
    return run_on_sqlite([])


def run_on_sqlite(options: list[str]) -> bool:
    """Run the tests but the browser flows that pytest selects by `options`."""
    print("── tests on SQLite", flush=True)
    for left in ROOT.glob(".coverage*"):
        left.unlink()
    return run(*PYTEST, *IN_TWO, "-m", "not browser", *options, *COVERAGE, TEST_DATABASE_URL="")


def postgres() -> bool:
    """Run on PostgreSQL the tests that can differ there, of large matrices a sample."""
    return run_on_postgres([*SAMPLE, *ON_POSTGRES])


def postgres_all() -> bool:
    """Run on PostgreSQL all tests that use a database."""
    return run_on_postgres([])


def run_on_postgres(options: list[str]) -> bool:
    """Run the tests with a database that pytest selects by `options`; raise Missing."""
    print("── tests on PostgreSQL", flush=True)
    with database() as url:
        only = ["-m", "database and not browser", *options]
        return run(*PYTEST, *IN_TWO, *only, TEST_DATABASE_URL=url)


def storage_all() -> bool:
    """Run the tests of documents and images with a bucket in place of a folder."""
    print("── tests of documents with object storage", flush=True)
    with run_bucket() as bucket:
        only = ["-m", "not browser", *IN_BUCKET]
        return run(
            *PYTEST, *IN_TWO, *only, *COVERAGE, TEST_DATABASE_URL="", TEST_STORAGE_URL=bucket.url
        )


def browser() -> bool:
    """Run the browser flows, on some screens only; raise Missing without Chromium."""
    return run_in_browser(SAMPLE)


def browser_all() -> bool:
    """Run the browser flows; raise Missing without Chromium."""
    return run_in_browser([])


def run_in_browser(options: list[str]) -> bool:
    """Run the browser flows with these pytest `options`; raise Missing without Chromium."""
    print("── browser flows in Chromium", flush=True)
    program = chromium()
    if not program:
        raise Missing("Chromium: install it, or name it in CHROMIUM_PATH")
    # Playwright keeps an event loop in the thread that asks the database.
    allowed = {"CHROMIUM_PATH": program, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        keep = f"--junitxml={report.name}"
        only = [*BROWSER_IN_TWO, "-m", "browser", "tests/browser", *options, keep]
        passed = run(*PYTEST, *only, *COVERAGE, TEST_DATABASE_URL="", **allowed)
        if list(ElementTree.parse(report.name).iter("skipped")):
            raise Missing("a Chromium that can be launched: every flow that was skipped")
    return passed


def chromium() -> str | None:
    """Return the path of Chromium on this machine, None if there is none."""
    configured = os.environ.get("CHROMIUM_PATH")
    path = configured if configured and Path(configured).exists() else None
    return path or shutil.which("chromium") or shutil.which("chromium-browser")


def coverage(required: int) -> bool:
    """Report coverage; return whether it is at least `required` percent."""
    print("── coverage of our own code", flush=True)
    return run(sys.executable, "-m", "coverage", "report", f"--fail-under={required}")


def faults() -> bool:
    """Cause each fault of `tests.faults` a few times."""
    print("── faults", flush=True)
    return run(sys.executable, "-m", "tests.faults")


LEGS = {
    "check": check,
    "sqlite": sqlite,
    "sqlite-all": sqlite_all,
    "postgres": postgres,
    "postgres-all": postgres_all,
    "storage-all": storage_all,
    "browser": browser,
    "browser-all": browser_all,
    "faults": faults,
}


def main(names: list[str]) -> int:
    """Run the legs with these names; return the exit code."""
    # Asked to end, leave through the `finally` that removes the private cluster.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # With it, pytest rewrites all test modules in every process again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    failed, missing, done = [], [], set()
    if {*names} - {"check"}:
        # Beside the checks, which do not keep two processors busy all the time.
        subprocess.Popen([sys.executable, "-m", "tests.prepared_sites"], cwd=ROOT)
    for name in names:
        try:
            if not LEGS[name]():
                failed.append(name)
            done.add(name)
        except Missing as error:
            missing.append(f"{name} (it needs {error})")
    # What only a browser reaches counts too, so less than both legs is held to nothing.
    required = REQUIRED_COVERAGE if {"sqlite-all", "browser-all"} <= done else 0
    if MEASURES_COVERAGE and "sqlite-all" in done and not coverage(required):
        failed.append("coverage")
    if missing:
        print(f"Not run on this machine: {'; '.join(missing)}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    elif not (missing and ON_CI):
        print("All that was run has passed.")
    return 1 if failed or (missing and ON_CI) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
