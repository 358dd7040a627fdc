"""Run checks and test legs: `python -m tests.run check sqlite postgres browser`.

Several legs run beside each other (`tests/legs.py`). The last lines name legs that this machine
cannot run; with CI set they are failures.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from xml.etree import ElementTree

from .bucket import run_bucket
from .legs import (
    FAILED,
    INTERRUPT_SECONDS,
    MAX_PROCESSES,
    MISSING,
    PASSED,
    ROOT,
    Leg,
    run_beside,
    run_legs,
)
from .on_postgresql import list_tests
from .postgresql_cluster import Missing, database
from .schema_cache import FOLDER

BIN = Path(sys.executable).parent
ON_CI = bool(os.environ.get("CI"))
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# Compiles the test modules, which otherwise each process of each leg would. Prints nothing.
COLLECT = [sys.executable, "-m", "pytest", "--collect-only", "-o", "addopts=", "-p", "no:terminal"]
# Processes of the legs with most tests; the other legs have one each.
MANY = 3
IN_PARALLEL = ["-n", str(MANY), "--dist", "loadgroup"]
SAMPLE = ["--sample"]
PACKAGES = ["bhp_site", "news", "partners", "reports"]
# What reads or writes the bytes of documents and images.
IN_BUCKET = [
    "tests/core/storage",
    "tests/core/test_image_uploads.py",
    "tests/core/test_images.py",
    "tests/core/test_rendition_races.py",
    "tests/files/test_collection_moves.py",
    "tests/files/test_deletion.py",
    "tests/files/test_documents.py",
    "tests/files/test_download_counts.py",
    "tests/files/test_duplicates.py",
    "tests/files/test_formats.py",
    "tests/files/test_invalidation_scopes.py",
    "tests/files/test_matrix.py",
    "tests/files/test_missing_files.py",
    "tests/files/test_privacy.py",
    "tests/files/test_proposals.py",
    "tests/files/test_public_collections.py",
    "tests/files/test_replacement.py",
    "tests/files/test_second_person.py",
    "tests/files/test_serving.py",
    "tests/files/test_uploads.py",
    "tests/files/test_versions.py",
    "tests/files/test_virus_scan.py",
    "tests/press",
    "tests/sharing/test_cards.py",
]
# Measuring takes as much CPU time again as half the tests, so `make test` does without.
MEASURES_COVERAGE = bool(os.environ.get("COVERAGE"))
COVERAGE = [f"--cov={package}" for package in PACKAGES]
COVERAGE += ["--cov-report="]
COVERAGE = COVERAGE if MEASURES_COVERAGE else []
COVERAGE_PROGRAM = [sys.executable, "-m", "coverage"]
REQUIRED_COVERAGE = 95


def run(*command: str | Path, **env: str) -> bool:
    """Run `command` with `env` added ("" unsets a variable); return True if it succeeds."""
    variables = {name: value for name, value in (os.environ | env).items() if value}
    process = subprocess.Popen([*map(str, command)], cwd=ROOT, env=variables)
    try:
        return process.wait() == 0
    except BaseException:
        # It was interrupted as well, and ends the servers that it has started.
        with suppress(subprocess.TimeoutExpired):
            process.wait(INTERRUPT_SECONDS / 2)
        process.kill()
        raise


def check() -> bool:
    """Check style, types, layers, templates, migrations and deployment settings, all of them."""
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
            # A new checkout has no cache of its own, and would take three times as long.
            [BIN / "mypy", "--cache-dir", FOLDER / "mypy"],
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
    return run(
        *PYTEST, *IN_PARALLEL, "-m", "not browser", *options, *COVERAGE, TEST_DATABASE_URL=""
    )


def postgres() -> bool:
    """Run on PostgreSQL the tests that can differ there, of large matrices a sample."""
    return run_on_postgres([*SAMPLE, *list_tests()])


def postgres_all() -> bool:
    """Run on PostgreSQL all tests that use a database."""
    return run_on_postgres(IN_PARALLEL)


def run_on_postgres(options: list[str]) -> bool:
    """Run the tests with a database that pytest selects by `options`; raise Missing."""
    with database() as url:
        only = ["-m", "database and not browser", *options]
        return run(*PYTEST, *only, TEST_DATABASE_URL=url)


def storage_all() -> bool:
    """Run the tests of documents and images with a bucket in place of a folder."""
    with run_bucket() as bucket:
        only = ["-m", "not browser", *IN_BUCKET]
        return run(*PYTEST, *only, *COVERAGE, TEST_DATABASE_URL="", TEST_STORAGE_URL=bucket.url)


def browser() -> bool:
    """Run the browser flows, on some screens only; raise Missing without Chromium."""
    return run_in_browser(chromium(), SAMPLE)


def browser_all() -> bool:
    """Run the browser flows in what readers have; raise Missing without Chromium."""
    return run_in_browser(chromium(with_windows=True), [])


def run_in_browser(program: str | None, options: list[str]) -> bool:
    """Run the browser flows in `program` with these pytest `options`; raise Missing without it."""
    if not program:
        raise Missing("Chromium: install it, or name it in CHROMIUM_PATH")
    # Playwright keeps an event loop in the thread that asks the database.
    allowed = {"CHROMIUM_PATH": program, "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    with tempfile.NamedTemporaryFile(suffix=".xml") as report:
        keep = f"--junitxml={report.name}"
        only = ["-m", "browser", "tests/browser", *options, keep]
        passed = run(*PYTEST, *only, *COVERAGE, TEST_DATABASE_URL="", **allowed)
        if passed and list(ElementTree.parse(report.name).iter("skipped")):
            raise Missing("a Chromium that can be launched: every flow that was skipped")
    return passed


def chromium(*, with_windows: bool = False) -> str | None:
    """Return the path of Chromium on this machine, None if there is none.

    Its headless shell is the same engine without windows, and takes little more than half the
    processor time; the whole browser is preferred `with_windows`.
    """
    configured = os.environ.get("CHROMIUM_PATH")
    path = configured if configured and Path(configured).exists() else None
    names = ["chromium-headless-shell", "chromium", "chromium-browser"]
    names = names[1:] + names[:1] if with_windows else names
    return path or next(filter(None, map(shutil.which, names)), None)


def coverage(required: int) -> bool:
    """Report coverage; return whether it is at least `required` percent."""
    print("── coverage of our own code", flush=True)
    combined = run(*COVERAGE_PROGRAM, "combine", "--quiet")
    return run(*COVERAGE_PROGRAM, "report", f"--fail-under={required}") and combined


def faults() -> bool:
    """Cause each fault of `tests.faults` a few times."""
    return run(sys.executable, "-m", "tests.faults")


LEGS = {
    "check": Leg("checks", check, MAX_PROCESSES),
    "sqlite": Leg("tests on SQLite", sqlite, MANY),
    "sqlite-all": Leg("tests on SQLite", sqlite_all, MANY),
    "postgres": Leg("tests on PostgreSQL", postgres),
    "postgres-all": Leg("tests on PostgreSQL", postgres_all, MANY),
    "storage-all": Leg("tests of documents with object storage", storage_all),
    "browser": Leg("browser flows in Chromium", browser),
    "browser-all": Leg("browser flows in Chromium", browser_all),
    # It measures how long things take.
    "faults": Leg("faults", faults, MAX_PROCESSES),
}


def run_leg(name: str) -> int:
    """Run a leg in this process; return its exit code."""
    # Legs that run beside each other keep their data apart, until it is combined.
    os.environ["COVERAGE_FILE"] = str(ROOT / f".coverage.{name}")
    try:
        return PASSED if LEGS[name].run() else FAILED
    except Missing as error:
        print(f"It needs {error}.")
        return MISSING


def main(names: list[str]) -> int:
    """Run the legs with these names; return the exit code."""
    # Asked to end, leave through each `finally`, which ends the legs.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # With it, pytest rewrites all test modules in every process again.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for left in ROOT.glob(".coverage*"):
        left.unlink()
    with ExitStack() as stack:
        if {*names} - {"check"}:
            # Beside the checks, which do not keep two processors busy all the time.
            stack.enter_context(run_beside(sys.executable, "-m", "tests.prepared_sites"))
            stack.enter_context(run_beside(*COLLECT))
        codes = run_legs({name: LEGS[name] for name in names})
    failed = [name for name in names if codes[name] not in (PASSED, MISSING)]
    missing = [name for name in names if codes[name] == MISSING]
    # What only a browser reaches counts too, so less than both legs is held to nothing.
    done = {*names} - {*missing}
    required = REQUIRED_COVERAGE if {"sqlite-all", "browser-all"} <= done else 0
    if MEASURES_COVERAGE and "sqlite-all" in done and not coverage(required):
        failed.append("coverage")
    if missing:
        print(f"Not run on this machine, for the reason above: {', '.join(missing)}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    elif not (missing and ON_CI):
        print("All that was run has passed.")
    return 1 if failed or (missing and ON_CI) else 0


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["leg", name]:
            raise SystemExit(run_leg(name))
        case names:
            raise SystemExit(main(names))
