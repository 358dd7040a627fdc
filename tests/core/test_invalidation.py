"""Every change of public content is announced once, after its commit, and makes caches stale."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Page, ReferenceIndex, Site

from bhp_site.core.caching import process_cache
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.caching.invalidation import (
    content_changed,
    content_changing,
    send_content_changed,
)
from bhp_site.core.caching.process_cache import cached_aggregate, cached_until_change
from bhp_site.core.models import SiteSettings

from ..factories import (
    NewsPageFactory,
    PersonFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    StandardPageFactory,
    offer,
)
from ..page_states import publish, restrict

Heard = list[tuple[str, str]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    """What was announced: class and action."""
    told: Heard = []

    def hear(sender: type, action: str, **kwargs: Any) -> None:
        told.append((sender.__name__, action))

    content_changed.connect(hear)
    yield told
    content_changed.disconnect(hear)


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[[], Any]:
    """A transaction that is committed at its end, as far as callbacks can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_publishing_is_announced(news_index: Page, heard: Heard, committed: Any) -> None:
    page = NewsPageFactory(parent=news_index, live=False)
    with committed():
        page.save_revision().publish()
        assert heard == []
    assert set(heard) == {("NewsPage", "publish")}


def test_a_page_saved_by_a_script_is_announced(
    site: SimpleNamespace, heard: Heard, committed: Any
) -> None:
    with committed():
        site.standard.save()
    assert set(heard) == {("StandardPage", "publish")}
    heard.clear()
    site.standard.live = False
    with committed():
        site.standard.save()
    assert heard == []


def test_a_save_updates_the_indexes_once_when_all_rows_are_written(
    site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(site.news, site.document)
    site.news.save()
    page, offered, indexed = site.news, [], []

    def receive(sender: type, instance: Page, **kwargs: Any) -> None:
        offered.append(type(page).objects.get(pk=instance.pk).downloads.count())

    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", indexed.append)
    content_changing.connect(receive)
    page.downloads.clear()
    offer(page, site.document)
    assert (offered, indexed) == ([1], [page])
    page.save(update_fields=["title"])
    content_changing.disconnect(receive)
    assert offered == [1, 1]


def test_a_redirect_is_announced(home: Page, heard: Heard, committed: Any) -> None:
    with committed():
        Redirect.objects.create(old_path="/old", redirect_link="/")
    assert heard == [("Redirect", "save")]


def test_a_collection_made_public_is_announced(home: Page, heard: Heard, committed: Any) -> None:
    settings = SiteSettings.for_site(Site.objects.get())
    with committed():
        settings.public_collections.add(Collection.get_first_root_node())
    assert heard == [("SiteSettings", "save")]


def test_what_is_rolled_back_is_not_announced(
    news_index: Page, heard: Heard, committed: Any
) -> None:
    page = NewsPageFactory(parent=news_index, live=False)
    with committed(), transaction.atomic():
        page.save_revision().publish()
        transaction.set_rollback(True)
    assert heard == []


def test_saving_a_draft_is_no_news(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    with committed():
        site.news.title = "Not yet"
        site.news.save_revision()
    assert heard == []


def test_unpublishing_is_announced(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    with committed():
        site.standard.unpublish()
    assert heard == [("StandardPage", "unpublish")]


def test_moving_is_announced(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    other = StandardPageFactory(parent=site.home)
    with committed():
        other.move(site.standard, pos="last-child")
    assert "move" in [action for _, action in heard]


def test_deleting_is_announced(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    with committed():
        site.standard.delete()
    assert ("Page", "delete") in heard or ("StandardPage", "delete") in heard


def test_a_new_address_is_announced(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    with committed():
        site.standard.slug = "elsewhere"
        publish(site.standard)
    assert "move" in [action for _, action in heard]


@pytest.mark.parametrize(
    "factory, name",
    [
        (SiteDocumentFactory, "SiteDocument"),
        (SiteImageFactory, "SiteImage"),
        (PersonFactory, "Person"),
    ],
)
def test_what_pages_show_is_announced(
    db: None, heard: Heard, committed: Any, factory: Any, name: str
) -> None:
    with committed():
        thing = factory()
    assert {sender for sender, _ in heard} >= {name}
    heard.clear()
    with committed():
        thing.delete()
    assert (name, "delete") in heard


def test_settings_are_announced(home: Page, heard: Heard, committed: Any) -> None:
    settings = SiteSettings.for_site(Site.objects.get())
    with committed():
        settings.save()
    assert heard == [("SiteSettings", "save")]


def test_a_restriction_is_announced(site: SimpleNamespace, heard: Heard, committed: Any) -> None:
    with committed():
        restrict(site.news)
    assert heard == [("PageViewRestriction", "save")]


def test_one_deaf_listener_keeps_nobody_else_from_hearing(
    home: Page, heard: Heard, committed: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("out of paper")

    receivers = content_changed.receivers[:]
    content_changed.receivers.clear()
    content_changed.connect(fail)
    content_changed.receivers += receivers
    with committed():
        send_content_changed(home, "test")
    content_changed.disconnect(fail)
    assert heard == [("HomePage", "test")]
    assert "out of paper" in caplog.text


def test_a_kept_value_is_made_once_until_something_changes(home: Page, committed: Any) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [cached_until_change("key", make) for _ in range(3)] == [1, 1, 1]
    with committed():
        send_content_changed(home, "test")
    assert cached_until_change("key", make) == 2


def test_what_is_said_of_all_rows_is_made_anew_within_a_transaction(committing_db: None) -> None:
    made: list[int] = []

    def make() -> int:
        made.append(1)
        return len(made)

    cache_version.advance()
    assert [cached_aggregate("rows", make) for _ in range(3)] == [1, 1, 1]
    with transaction.atomic():
        assert [cached_aggregate("rows", make) for _ in range(2)] == [2, 3]
    cache_version.advance()
    assert cached_aggregate("rows", make) == 4


def test_a_value_is_made_before_anything_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_cache, "cache_version", SimpleNamespace(current=0))
    monkeypatch.setattr(process_cache, "_values", {})
    assert [cached_until_change("key", lambda: "value") for _ in range(2)] == ["value", "value"]


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_cache, "MAX_VALUES", 3)
    monkeypatch.setattr(process_cache, "_values", {})
    for number in range(10):
        cached_until_change(str(number), int)
    assert len(process_cache._values) <= 3


def test_each_change_starts_a_generation_of_its_own(home: Page, committed: Any) -> None:
    seen = {cache_version.current}
    for _ in range(3):
        with committed():
            send_content_changed(home, "test")
        seen.add(cache_version.current)
    assert len(seen) == 4


def test_what_only_adds_leaves_older_copies_usable(home: Page, committed: Any) -> None:
    with committed():
        send_content_changed(home, "unpublish")
    before = cache_version.current
    assert cache_version.minimum_for_pages == before
    with committed():
        send_content_changed(home, "publish")
    assert cache_version.current > before == cache_version.minimum_for_pages
    assert cache_version.get_minimum_for_file("a.pdf") <= before
