"""A server killed in the midst of an upload leaves the old or the new file, whole."""

import os
import random
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..bench_kills import ADD, PHASES, REPLACE, KilledSite

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)


@pytest.fixture
def site_to_kill(tmp_path: Path) -> Iterator[KilledSite]:
    """Return a running site; its random numbers follow from the printed seed."""
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    print(f"SEED={seed}")
    site = KilledSite(tmp_path, random.Random(seed))
    yield site
    site.kill()


@pytest.mark.long
def test_kills_leave_every_file_whole(
    site_to_kill: KilledSite, thin_out: Callable[..., Any]
) -> None:
    phases = thin_out(PHASES, 3)
    site_to_kill.random.shuffle(phases)
    first = site_to_kill.random.randrange(2)
    for number, phase in enumerate(phases, first):
        print(phase, *site_to_kill.kill_during((ADD, REPLACE)[number % 2], phase))
    site_to_kill.check_sweep()
