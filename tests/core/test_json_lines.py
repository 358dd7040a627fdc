"""With LOG_FORMAT=json, every line that any process of the site writes is a JSON object."""

import json
import os
import subprocess
import sys

from bhp_site.json_lines import convert

from ..subprocesses import ROOT

TOKEN = "a" * 43
FAIL = """
import os, subprocess, sys, warnings
from bhp_site import json_lines
wrapper = json_lines.wrap_output()
assert json_lines.wrap_output() is None
print("[WARNING] from the server at /invitation/TOKEN/")
sys.stdout.flush()
warnings.warn("careful")
subprocess.run([sys.executable, "-c", "1 / 0"])
print('{"time": "now", "message": "of the log"}', flush=True)
json_lines.finish(wrapper)
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
