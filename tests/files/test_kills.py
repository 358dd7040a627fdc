"""A server killed in the midst of an upload leaves the old or the new file, whole."""

import os
import random
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..bench_kills import ADD, AIMS, REPLACE, Victim

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts sites of its own, on SQLite"
)


@pytest.fixture
def victim(tmp_path: Path) -> Iterator[Victim]:
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    print(f"SEED={seed}")
    victim = Victim(tmp_path, random.Random(seed))
    yield victim
    victim.kill()


def test_five_kills_leave_every_file_whole(victim: Victim) -> None:
    aims = [*AIMS]
    victim.chance.shuffle(aims)
    first = victim.chance.randrange(2)
    for number, aim in enumerate(aims, first):
        print(aim, *victim.broken((ADD, REPLACE)[number % 2], aim))
    victim.swept()
