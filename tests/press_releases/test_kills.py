"""A server that is killed while it publishes leaves a release complete or untouched."""

import os
import random
from pathlib import Path

import pytest

from ..bench_release_kills import ReleaseSite

pytestmark = pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL")), reason="it starts a site of its own, on SQLite"
)


@pytest.mark.long
def test_of_a_release_all_is_public_or_nothing(tmp_path: Path) -> None:
    # `make bench-release-kills` does many more, at other moments.
    site = ReleaseSite(tmp_path, random.Random(5), 2)
    try:
        for release in site.releases:
            assert site.kill_during(release) in ("complete", "untouched")
    finally:
        site.kill()
