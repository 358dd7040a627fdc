"""A real server for all tests of a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .live_server import Server, prepare, serve

MEGABYTES = 1_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of an empty site with a long file and a short one."""
    folder = tmp_path_factory.mktemp("front")
    prepare(folder, 50 * MEGABYTES, MEGABYTES)
    return folder


@pytest.fixture(scope="module")
def live_site(folder: Path) -> Iterator[Server]:
    server = serve(folder)
    yield server
    server.end()
