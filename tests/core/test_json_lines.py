"""With LOG_FORMAT=json, every line that any process of the site writes is a JSON object."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bhp_site import health
from bhp_site.json_lines import convert

from ..subprocesses import ROOT, free_port

TOKEN = "a" * 43
FAIL = """
import os, subprocess, sys, warnings
from bhp_site import json_lines
json_lines.wrap_output()
wrapper = json_lines._wrapper
json_lines.wrap_output()
assert json_lines._wrapper is wrapper
print("[WARNING] from the server at /invitation/TOKEN/")
sys.stdout.flush()
warnings.warn("careful")
subprocess.run([sys.executable, "-c", "1 / 0"])
print('{"time": "now", "message": "of the log"}', flush=True)
json_lines.finish()
""".replace("TOKEN", TOKEN)


def test_all_that_processes_write_becomes_json() -> None:
    env = {"LOG_FORMAT": "json", "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [sys.executable, "-c", FAIL], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert done.stdout == ""
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    text = "\n".join(line["message"] for line in lines)
    assert "ZeroDivisionError" in text
    assert "careful" in text
    assert TOKEN not in text
    assert lines[-1] == {"time": "now", "message": "of the log"}
    assert {line.get("level") for line in lines} >= {"WARNING"}


def test_lines_that_were_written_together_stay_together() -> None:
    lines = [
        b"Traceback (most recent call last):",
        b"  File x",
        b"ValueError",
        b'{"time": "t"}',
        b"",
    ]
    trace, own = convert(lines)
    assert json.loads(trace)["message"].splitlines()[-1] == "ValueError"
    assert json.loads(trace)["level"] == "ERROR"
    assert own == b'{"time": "t"}'


def test_what_only_looks_like_json_is_wrapped() -> None:
    long = b'{"time": "' + b"x" * 5000 + b"}"
    for line in (long, b"{1}", b"[1]"):
        (wrapped,) = convert([line])
        assert json.loads(wrapped)["message"] == line.decode()


@pytest.mark.parametrize(
    "arguments", [["-m", "bhp_site.server"], ["manage.py", "schedule"], ["manage.py", "run_worker"]]
)
@pytest.mark.sampled(1)
def test_processes_that_are_started_alone_write_json_too(
    arguments: list[str], tmp_path: Path
) -> None:
    """As systemd and containers start them; meanwhile the database is away."""
    port = free_port()
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json"}
    env |= {"PORT": str(port), "WORKERS": "1", "DATABASE_URL": "postgres://me@127.0.0.1:1/site"}
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=env, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 60
        while not health.is_healthy("127.0.0.1", port, "localhost") and (
            b'"level": "ERROR"' not in log.read_bytes()
        ):
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        process.terminate()
        process.wait(30)
    assert all(isinstance(json.loads(line), dict) for line in log.read_text().splitlines())


@pytest.mark.parametrize("arguments", [["-m", "bhp_site.server"], ["manage.py", "schedule"]])
def test_a_start_that_is_refused_is_one_json_object(arguments: list[str], tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=env | {"SECRET_KEY": "short"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert "at least 50 characters" in json.loads(line)["message"]


def test_commands_for_people_write_text(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "LOG_FORMAT": "json"}
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stdout.startswith("System check identified no issues")
