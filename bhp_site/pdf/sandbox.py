"""Runs the reading of one file in a child process with limited time, memory and rights.

A file can come from anywhere, and PDF parsers are large. The child knows no secret of the site's
environment, `worker.py` limits it before it opens the file, and the caller checks its answer.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from bhp_site.pdf.errors import Unreadable

logger = logging.getLogger(__name__)

MAX_MEMORY_BYTES = 1024 * 1024 * 1024  # address space of the child
MAX_LOGGED_CHARACTERS = 2000
# The child runs isolated from the environment, so the path of this package is passed to it.
PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
CHILD_PROGRAM = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from bhp_site.pdf import worker; worker.run(*sys.argv[2:])"
)


def run_in_sandbox(
    target: str,
    arguments: dict[str, Any],
    folder: Path,
    *,
    seconds: float,
    memory_bytes: int = MAX_MEMORY_BYTES,
) -> dict[str, Any]:
    """Call a function of this package in a child process and return its result.

    `target` is "module:function" below `bhp_site.pdf`; `arguments` are passed to it by name, with
    `seconds`, and must be JSON. `folder` is the child's working directory. The result is what the
    function returned, or {"refused": reason, "detail": text}. Raise Unreadable if the child ran out
    of time or died.
    """
    order = json.dumps({**arguments, "seconds": seconds})
    command = [
        sys.executable,
        "-I",
        "-c",
        CHILD_PROGRAM,
        str(PACKAGE_FOLDER),
        target,
        order,
        str(memory_bytes),
    ]
    # Nothing of the environment, which holds the site's secrets, except where libraries are.
    env = {k: v for k, v in os.environ.items() if k == "LD_LIBRARY_PATH"} | {"LC_ALL": "C.UTF-8"}
    # Both outputs are files, whose size the child's limits bound; a pipe has no such bound.
    output_path, error_path = folder / "answer.json", folder / "errors.txt"
    with output_path.open("wb") as output, error_path.open("wb") as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            cwd=folder,
            env=env,
            start_new_session=True,
        )
        try:
            exit_code = child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Unreadable("time", seconds=seconds) from None
        finally:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
    if error_text := error_path.read_text(errors="replace").strip():
        level = logging.WARNING if exit_code else logging.INFO
        logger.log(level, "PDF reader, exit %s: %s", exit_code, error_text[-MAX_LOGGED_CHARACTERS:])
    if exit_code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable("time", seconds=seconds)
    return _parse_answer(output_path.read_bytes(), exit_code)


def _parse_answer(output: bytes, exit_code: int) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except (ValueError, RecursionError):
        answer = None
    if exit_code or not isinstance(answer, dict):
        raise Unreadable("crash")
    return answer
