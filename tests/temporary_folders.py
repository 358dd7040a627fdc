"""Temporary folders whose names tell which process made them.

A process that is killed, or ends without Python's own end as mypy does, leaves its folder behind;
the next one that makes a folder removes it.
"""

import os
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = "bhp-test-"
OF_PROCESS = re.compile(rf"{PREFIX}(\d+)-\w+")


def make_folder() -> str:
    """Make a folder for this process, and remove those of processes that have ended."""
    remove_abandoned_folders()
    return tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")


def remove_abandoned_folders() -> None:
    """Remove the folders of processes that have ended."""
    for folder in Path(tempfile.gettempdir()).iterdir():
        match = OF_PROCESS.fullmatch(folder.name)
        if match and not is_running(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)


def is_running(pid: int) -> bool:
    """Return True if there is a process with this id."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
