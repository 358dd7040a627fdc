"""Entries in memory and on disk: limited, shared by processes, complete or absent."""

import os
from pathlib import Path

import pytest

from bhp_site.core.caching.cacheable import CachePolicy
from bhp_site.server.page_cache.cached_responses import CachedResponse
from bhp_site.server.page_cache.keys import CacheKey
from bhp_site.server.page_cache.store import CacheStore
from bhp_site.server.responses import Response

HOME = CacheKey("localhost", False, "/", "")


def make_entry(size: int = 1000) -> CachedResponse:
    return CachedResponse.from_response(
        Response(200, [], os.urandom(size)), CachePolicy(), 1, 2e9, None
    )


@pytest.fixture
def store(tmp_path: Path) -> CacheStore:
    return CacheStore(tmp_path / "page_cache", 20_000, 20_000)


def keep(store: CacheStore, key: CacheKey, kept: CachedResponse) -> None:
    store.keep_in_memory(key, kept)
    store.write_to_disk(key, kept)


def test_another_process_finds_what_this_one_stored(store: CacheStore) -> None:
    keep(store, HOME, kept := make_entry())
    assert store.get(HOME) is kept
    other = CacheStore(store.folder, 20_000, 20_000)
    assert other.get(HOME) == kept
    assert {path.stat().st_mode & 0o777 for path in store.folder.iterdir()} == {0o600}
    assert store.folder.stat().st_mode & 0o777 == 0o700


def test_different_keys_have_different_entries(store: CacheStore) -> None:
    keys = [
        HOME,
        HOME._replace(host="other"),
        HOME._replace(https=True),
        HOME._replace(path="/news/"),
        HOME._replace(path="/News/"),
        HOME._replace(query="page=2"),
    ]
    for number, key in enumerate(keys):
        keep(store, key, make_entry(1000 + number))
    fresh = CacheStore(store.folder, 20_000, 20_000)
    assert [found.estimate_bytes() for key in keys if (found := fresh.get(key))] == [
        3000 + number for number in range(len(keys))
    ]


def test_memory_is_limited_by_evicting_the_least_recently_used(store: CacheStore) -> None:
    keys = [HOME._replace(path=f"/{number}/") for number in range(6)]
    for key in keys:
        store.keep_in_memory(key, make_entry())
    assert store.get(keys[0])
    store.keep_in_memory(HOME, make_entry())
    assert keys[0] in store.entries
    assert keys[1] not in store.entries
    assert store.memory_bytes <= store.max_memory_bytes
    store.keep_in_memory(HOME, make_entry(50_000))
    assert not store.entries
    assert store.memory_bytes == 0


def test_disk_space_is_limited_by_deleting_the_least_recently_used(store: CacheStore) -> None:
    keys = [HOME._replace(path=f"/{number}/") for number in range(20)]
    for age, key in enumerate(reversed(keys)):
        store.write_to_disk(key, make_entry(2000))
        os.utime(store.get_path(key), (1e9 + age, 1e9 + age))
    (store.folder / "half.new").write_bytes(b"")
    os.utime(store.folder / "half.new", (1e9, 1e9))
    store.sweep_disk()
    left = [key for key in keys if store.read_from_disk(key)]
    assert left == keys[: len(left)]
    assert 0 < len(left) < 20
    assert (
        sum(path.stat().st_size for path in store.folder.glob("*.response")) <= store.max_disk_bytes
    )
    assert not [*store.folder.glob("*.new")]


def test_the_limit_on_disk_holds_after_every_write(store: CacheStore) -> None:
    other = CacheStore(store.folder, 20_000, 20_000)
    for number in range(60):
        (store, other)[number % 2].write_to_disk(
            HOME._replace(path=f"/{number}/"), make_entry(1900)
        )
        used = sum(path.stat().st_size for path in store.folder.glob("*.*"))
        assert used <= store.max_disk_bytes
    assert used > store.max_disk_bytes / 2
    assert other.read_from_disk(HOME._replace(path="/59/"))
    store.write_to_disk(HOME, make_entry(30_000))
    assert store.read_from_disk(HOME) is None


def test_the_value_of_a_flag_is_not_part_of_a_key() -> None:
    for query in ("download=n", "download", "download=1&download=2"):
        key = HOME._replace(query=query).with_parameters(("download",), ("download",))
        assert key is not None
        assert key.query == "download="


def test_a_damaged_file_is_ignored(store: CacheStore) -> None:
    keep(store, HOME, make_entry())
    path = store.get_path(HOME)
    path.write_bytes(path.read_bytes()[:-5])
    assert CacheStore(store.folder, 20_000, 20_000).get(HOME) is None


def test_an_entry_stays_in_memory_if_the_disk_is_full(
    store: CacheStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    keep(store, HOME, kept := make_entry())
    assert store.get(HOME) is kept
    assert "No space left" in caplog.text


def test_a_deleted_entry_is_gone_from_memory_and_disk(store: CacheStore) -> None:
    keep(store, HOME, make_entry())
    store.delete(HOME)
    store.delete(HOME)
    assert store.get(HOME) is None


def test_a_lock_has_one_owner_at_a_time(store: CacheStore) -> None:
    other = CacheStore(store.folder, 0, 0)
    with store.lock("7") as first, other.lock("7") as second, other.lock("8") as third:
        assert (first, second, third) == (True, False, True)
    with other.lock("7") as later:
        assert later


@pytest.mark.parametrize(
    ("query", "known"),
    [
        ("page=2&utm_source=x", "page=2"),
        ("utm_source=x", ""),
        ("year=2024&page=2", "page=2&year=2024"),
        ("page=2&page=3", "page=3"),
        ("page=junk&page=1", "page=1"),
        ("page=", "page="),
        ("PAGE=2", ""),
        ("page=%0D%0AX: y", "page=%0D%0AX%3A+y"),
        ("&".join(["page=1"] * 60), None),
        ("page=" + "é" * 200, None),
    ],
)
def test_a_key_has_only_parameters_that_the_page_uses(query: str, known: str | None) -> None:
    found = HOME._replace(query=query).with_parameters(("page", "year"))
    assert (found and found.query) == known
