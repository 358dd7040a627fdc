"""Each bench starts from its command, which sets the settings up itself."""

import os
import subprocess
import sys

from .subprocesses import ROOT


def test_benches_are_imported_without_settings() -> None:
    names = sorted(f"tests.{path.stem}" for path in ROOT.glob("tests/bench*.py"))
    assert len(names) > 10
    env = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-c", f"import {', '.join(names)}"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
