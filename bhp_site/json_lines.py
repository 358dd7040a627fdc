"""Turns every line that processes of the site write into a JSON object: for LOG_FORMAT=json.

The log itself is JSON already. The rest, such as messages of the web server, warnings and
tracebacks of processes that crash, passes through here: `python -m bhp_site.json_lines` reads all
that is written and wraps what is no JSON. It uses no Django, so that it starts at once.
"""

import itertools
import json
import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from bhp_site.core.monitoring.redaction import hide_tokens

# Environment variable that tells child processes that their output is read already.
WRAPPED_VARIABLE = "LOG_LINES_WRAPPED"
CHUNK_BYTES = 1 << 16
# What is written within this time belongs together, up to so many bytes.
JOIN_SECONDS, MAX_JOINED_BYTES = 0.02, 1 << 20
# Longer writes to a pipe may be mixed with those of other processes (POSIX, PIPE_BUF).
MAX_ATOMIC_BYTES = 4096
LOG_LEVEL = re.compile(r"\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\]")
DRAIN_SECONDS = 5

_wrapper: "subprocess.Popen[bytes] | None" = None


def run(program: Callable[[], int | None]) -> int:
    """Call `program`, with what it and its children write as LOG_FORMAT says.

    Return its exit code. With SystemExit or another exception, Python would write the message after
    the wrapper has ended.
    """
    wrap_output()
    try:
        return program() or 0
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
            return 1
        return end.code or 0
    except Exception:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        finish()


def wrap_output() -> None:
    """Let all that this process and its children write pass through a process of this module.

    Do nothing if LOG_FORMAT is not “json”, or a parent has done it.
    """
    global _wrapper
    if os.environ.get("LOG_FORMAT") != "json" or os.environ.get(WRAPPED_VARIABLE):
        return
    os.environ[WRAPPED_VARIABLE] = "1"
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "bhp_site.json_lines"]
    # In a session of its own, Ctrl-C does not end it before the others have ended.
    _wrapper = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=2, start_new_session=True)
    assert _wrapper.stdin
    for output in (1, 2):
        os.dup2(_wrapper.stdin.fileno(), output)
    _wrapper.stdin.close()


def finish() -> None:
    """Wait until the wrapper, if there is one, has written all; at most DRAIN_SECONDS."""
    if _wrapper is None:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    with open(os.devnull, "wb") as nothing:
        for output in (1, 2):
            os.dup2(nothing.fileno(), output)
    try:
        _wrapper.wait(DRAIN_SECONDS)
    except subprocess.TimeoutExpired:
        # A process that was left behind still writes.
        _wrapper.kill()


def is_json(line: bytes) -> bool:
    """Return True if the line is a JSON object."""
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    if len(line) <= MAX_ATOMIC_BYTES and line.startswith(b'{"time": '):
        return True
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def wrap(lines: list[bytes]) -> bytes:
    """Return one JSON object with lines that were written together, such as a traceback."""
    text = hide_tokens(b"\n".join(lines).decode(errors="replace")).strip()
    match = LOG_LEVEL.search(text)
    level = "ERROR" if "Traceback (most recent call last)" in text else "INFO"
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    content = {"time": moment, "level": match[1] if match else level, "logger": "output"}
    return json.dumps(content | {"message": text}, ensure_ascii=False).encode()


def convert(lines: list[bytes]) -> Iterator[bytes]:
    """Yield the lines that are JSON as they are, and those between them wrapped."""
    for are_json, group in itertools.groupby(lines, is_json):
        adjacent = list(group)
        if are_json:
            yield from adjacent
        elif any(line.strip() for line in adjacent):
            yield wrap(adjacent)


def read_output() -> bytes:
    """Return what was written next, with what follows at once, such as the rest of a traceback.

    Return b"" when all who write have ended.
    """
    output = chunk = os.read(0, CHUNK_BYTES)
    while chunk and len(output) < MAX_JOINED_BYTES and select.select([0], [], [], JOIN_SECONDS)[0]:
        chunk = os.read(0, CHUNK_BYTES)
        output += chunk
    return output


def main() -> None:
    """Convert the standard input until all who write to it have ended."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    rest = b""
    while output := read_output():
        *lines, rest = (rest + output).split(b"\n")
        for line in convert(lines):
            os.write(1, line + b"\n")
    for line in convert([rest]):
        os.write(1, line + b"\n")


if __name__ == "__main__":
    main()
