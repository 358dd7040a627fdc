"""Two processes that work on one image at once lose nothing of each other's renditions."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections

from bhp_site.core.images import renditions
from bhp_site.core.images.renditions import (
    DEFERRED_FORMATS,
    FORMATS,
    UPLOAD_FORMATS,
    build_renditions,
    enqueue_missing_renditions,
    get_filter_specs,
    make_missing_renditions,
    store_renditions,
)
from bhp_site.core.models import SiteImage
from bhp_site.tasks.models import QueuedTask

from ..factories import SiteImageFactory, png_bytes
from ..running_tasks import run_tasks


def run_concurrently(*acts: Callable[[], Any]) -> None:
    """Run every act in a thread with a connection of its own, from the same moment on.

    SQLite's writers queue at BEGIN, and its database in memory cannot be shared: in turn there.
    """
    if connection.vendor == "sqlite":
        for act in acts:
            act()
        return
    ready = threading.Barrier(len(acts))
    failed: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            ready.wait(60)
            act()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed


def stored(image: SiteImage) -> SiteImage:
    return SiteImage.objects.get(pk=image.pk)


def test_formats_stored_at_once_are_all_kept(committing_db: None) -> None:
    """Each has read the image before the others write; and an editor saves the form meanwhile."""
    images_made = [SiteImageFactory() for _ in range(3)]
    for image in images_made:
        image.renditions.all().delete()
        SiteImage.objects.filter(pk=image.pk).update(sizes={})
    acts = []
    for image in images_made:
        for kind in FORMATS:
            stale = stored(image)
            files = build_renditions(stale, (kind,))
            acts.append(lambda stale=stale, files=files: store_renditions(stale, files))
        edited = stored(image)
        edited.title = "Another title"
        acts.append(edited.save)
    run_concurrently(*acts)
    for image in images_made:
        image = stored(image)
        assert (set(image.sizes), image.title) == (set(FORMATS), "Another title")
        assert image.renditions.count() == len(get_filter_specs(FORMATS))


def test_one_format_made_by_two_is_stored_once(committing_db: None) -> None:
    image = SiteImageFactory()
    twice = [(stored(image), build_renditions(image, DEFERRED_FORMATS)) for _ in range(2)]
    run_concurrently(*(lambda one=one: store_renditions(*one) for one in twice))
    image = stored(image)
    assert image.renditions.count() == len(get_filter_specs(FORMATS))
    names = {name for entries in image.sizes.values() for name, *_ in entries}
    assert names <= {one.file.name.removeprefix("images/") for one in image.renditions.all()}


def test_a_title_saved_late_keeps_what_the_scheduler_made(db: None) -> None:
    """The form was opened before the scheduler made AVIF, and is sent after."""
    opened = stored(SiteImageFactory())
    assert run_tasks(make_missing_renditions)
    opened.title = "Another title"
    opened.save()
    image = stored(opened)
    assert (set(image.sizes), image.title) == (set(FORMATS), "Another title")


def test_renditions_of_the_file_before_do_not_come_back(db: None) -> None:
    """The scheduler is still busy with the old file when the new one is saved."""
    image = SiteImageFactory(file=ContentFile(png_bytes(size=(400, 200)), name="old.png"))
    late = stored(image)
    files = build_renditions(late, DEFERRED_FORMATS)
    image.file = ContentFile(png_bytes("#aa0000", (200, 100)), name="new.png")
    image.save()
    assert not store_renditions(late, files)
    assert set(stored(image).sizes) == set(UPLOAD_FORMATS)
    assert {one.width for one in image.renditions.all()} == {200}


def test_a_failed_replacement_leaves_the_image_as_it_was(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = SiteImageFactory()
    before = stored(image).sizes

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(renditions, "store_renditions", fail)
    image.file = ContentFile(png_bytes("#aa0000"), name="new.png")
    with pytest.raises(RuntimeError):
        image.save()
    assert stored(image).sizes == before
    assert image.renditions.count() == len(get_filter_specs(UPLOAD_FORMATS))


def test_sizes_lost_before_are_written_again(db: None) -> None:
    image = SiteImageFactory()
    SiteImage.objects.update(sizes={"avif": []})
    enqueue_missing_renditions()
    assert run_tasks(make_missing_renditions)
    assert set(stored(image).sizes) == set(FORMATS)


def test_outdated_renditions_are_replaced_at_once(db: None) -> None:
    """Those of an earlier release may hold metadata; visitors have them until others are there."""
    image = SiteImageFactory()
    image.get_rendition("max-165x165")
    before = stored(image).sizes
    image.renditions.update(version=0)
    QueuedTask.objects.all().delete()
    enqueue_missing_renditions()
    assert run_tasks(make_missing_renditions) == 1
    assert set(stored(image).sizes) == set(FORMATS)
    assert {one.version for one in image.renditions.all()} == {renditions.RENDITION_VERSION}
    assert image.renditions.count() == len(get_filter_specs(FORMATS))
    assert before["jpeg"] != stored(image).sizes["jpeg"]
