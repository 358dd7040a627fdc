"""Runs the checks and the legs of the tests: `python -m tests.run check sqlite postgres browser`.

What a machine lacks is named in the last lines; with CI set a missing leg is a failure.
"""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ON_CI = bool(os.environ.get("CI"))
PYTEST = [sys.executable, "-m", "pytest", "-q"]
COVERAGE = [f"--cov={package}" for package in ("bhp_site", "news", "partners", "reports")]
REQUIRED_COVERAGE = 95


class Missing(Exception):
    """A leg cannot run on this machine; the message says what it wants."""


def run(*command: str | Path, **env: str) -> bool:
    """Whether `command`, run from the root with `env` added, succeeds."""
    done = subprocess.run([*map(str, command)], cwd=ROOT, env=os.environ | env)
    return done.returncode == 0


def check() -> bool:
    """Style, types, layers, templates, migrations, deployment settings; all are run."""
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
        return all(
            [
                run(BIN / "ruff", "check", "."),
                run(BIN / "ruff", "format", "--check", "."),
                run(BIN / "djlint", "templates", "--lint", "--quiet"),
                run(BIN / "mypy"),
                run(BIN / "lint-imports"),
                run(*manage, "makemigrations", "--check", "--dry-run", **production),
                run(*manage, "check", "--deploy", "--fail-level", "WARNING", **production),
            ]
        )


def sqlite() -> bool:
    print("── tests on SQLite", flush=True)
    (ROOT / ".coverage").unlink(missing_ok=True)
    return run(
        *PYTEST, "-n", "2", "-m", "not browser", *COVERAGE, "--cov-report=", TEST_DATABASE_URL=""
    )


def postgres() -> bool:
    print("── tests on PostgreSQL", flush=True)
    with database() as url:
        return run(*PYTEST, "-n", "2", "-m", "not browser", TEST_DATABASE_URL=url)


def browser() -> bool:
    print("── browser flows in Chromium", flush=True)
    if not chromium():
        raise Missing("Chromium: install it, or name it in CHROMIUM_PATH")
    return run(*PYTEST, "-m", "browser", "tests/browser", TEST_DATABASE_URL="")


def chromium() -> str | None:
    """Where Chromium is on this machine."""
    named = os.environ.get("CHROMIUM_PATH")
    found = named if named and Path(named).exists() else None
    return found or shutil.which("chromium") or shutil.which("chromium-browser")


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Address of a PostgreSQL: TEST_DATABASE_URL, else a private cluster that is removed after."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    programs = postgres_programs()
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # PostgreSQL refuses to run as root.
    identity = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="bhp-postgres-") as folder:
        if identity:
            shutil.chown(folder, **identity)
        data, port = f"{folder}/data", free_port()
        subprocess.run(
            [f"{programs}/initdb", "-D", data, "-A", "trust", "-U", user, "-E", "UTF8"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            **identity,
        )
        server = subprocess.Popen(
            [
                f"{programs}/postgres",
                "-D",
                data,
                "-p",
                str(port),
                "-k",
                folder,
                "-h",
                "127.0.0.1",
                "-c",
                "fsync=off",
                "-c",
                "full_page_writes=off",
                "-c",
                "synchronous_commit=off",
            ],
            stderr=subprocess.DEVNULL,
            cwd="/",
            **identity,
        )
        try:
            wait_for(port, user)
            yield f"postgres://{user}@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)


def postgres_programs() -> Path:
    """The folder of PostgreSQL's server programs."""
    places = [Path(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if found := shutil.which("initdb"):
        places.insert(0, Path(found).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise Missing("PostgreSQL's server programs, or TEST_DATABASE_URL")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, user: str) -> None:
    """Until the server takes connections; psycopg.OperationalError where it never does."""
    for attempt in range(150):
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user={user} dbname=postgres").close()
        except psycopg.OperationalError:
            if attempt == 149:
                raise
            time.sleep(0.2)
        else:
            return


def coverage() -> bool:
    print("── coverage of our own code", flush=True)
    return run(sys.executable, "-m", "coverage", "report", f"--fail-under={REQUIRED_COVERAGE}")


LEGS = {"check": check, "sqlite": sqlite, "postgres": postgres, "browser": browser}


def main(names: list[str]) -> int:
    failed, missing = [], []
    for name in names:
        try:
            if not LEGS[name]():
                failed.append(name)
            if name == "sqlite" and not coverage():
                failed.append("coverage")
        except Missing as error:
            missing.append(f"{name} (it wants {error})")
    if missing:
        print(f"Not run on this machine: {'; '.join(missing)}.")
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    elif not (missing and ON_CI):
        print("All that was run has passed.")
    return 1 if failed or (missing and ON_CI) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
