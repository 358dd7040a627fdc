"""Workers that are killed lose no task, and give none its effect twice."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from ..core.test_publishing import get_database_url


def test_five_killed_workers_lose_no_task_and_repeat_no_effect(
    committing_db: None, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(data),
        "DATABASE_URL": get_database_url(data),
        "N": "5",
    }
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench_task_kills"],
        cwd=settings.BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "exactly once" in run.stdout
