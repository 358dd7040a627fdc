"""What Wagtail does beside a save can fail, but never undo the save unnoticed."""

import contextlib
from typing import Any

import modelsearch.index
import pytest
from django.db import OperationalError, connection, transaction
from modelsearch.backends import get_search_backend
from modelsearch.index import get_indexed_instance
from wagtail.models import ReferenceIndex

from bhp_site.core.models import SiteImage
from bhp_site.tasks.search_index import update_search_index
from bhp_site.tasks.transactional import TaskFailed, TransactionalBackend
from bhp_site.themes.models import FormerName, ThemePage

from ..core.test_rendition_races import run_concurrently
from ..factories import SiteImageFactory, ThemePageFactory
from ..running_tasks import run_tasks


def fail_in_database(*args: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM no_such_table")


def test_a_save_outlives_a_failure_of_the_search_index(
    committing_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = SiteImageFactory()
    monkeypatch.setattr(modelsearch.index, "insert_or_update_object", fail_in_database)
    image.title = "Another title"
    image.save()
    assert SiteImage.objects.get().title == "Another title"
    monkeypatch.undo()
    get_search_backend().get_index_for_model(SiteImage).delete_item(image)
    assert run_tasks(update_search_index) == 1
    assert {*get_search_backend().search("Another", SiteImage)} == {image}


def test_a_failure_after_the_commit_stops_nothing_else(
    committing_db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """For example because the database went away just after the commit."""
    image = SiteImageFactory()
    called: list[str] = []

    def fail(*args: Any) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(TransactionalBackend, "update_search_index", fail)
    with transaction.atomic():
        image.title = "Another title"
        image.save()
        transaction.on_commit(lambda: called.append("later"))
    assert called == ["later"]
    assert "the connection is lost" in caplog.text


def test_an_object_saved_twice_is_indexed_once(
    committing_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = SiteImageFactory()
    indexed: list[str] = []
    monkeypatch.setattr(
        modelsearch.index, "insert_or_update_object", lambda one: indexed.append(one.title)
    )
    with transaction.atomic():
        image.title = "First"
        image.save()
        with contextlib.suppress(ValueError), transaction.atomic():
            SiteImageFactory(title="Undone")
            raise ValueError
        with transaction.atomic():
            image.title = "Second"
            image.save()
        SiteImageFactory(title="Another")
    assert indexed == ["Second", "Another"]


def test_a_saved_page_is_found_by_its_inline_rows(committing_db: None) -> None:
    theme = ThemePageFactory(title="Healthy ageing")
    theme.former_names.add(FormerName(name="Longevity"))
    theme.save()
    assert {*get_search_backend().search("Longevity", ThemePage)} == {theme}


def test_an_update_that_was_undone_with_its_savepoint_does_not_replace_the_next(
    committing_db: None,
) -> None:
    image = SiteImageFactory(title="Before")
    with transaction.atomic():
        with contextlib.suppress(ValueError), transaction.atomic():
            image.title = "Undone"
            image.save()
            raise ValueError
        image.title = "Afterwards"
        image.save()
    assert {*get_search_backend().search("Afterwards", SiteImage)} == {image}


def test_a_save_is_refused_where_its_references_cannot_be_stored(
    committing_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = SiteImageFactory(title="One title")
    monkeypatch.setattr(ReferenceIndex, "create_or_update_for_object", fail_in_database)
    image.title = "Another title"
    with pytest.raises(TaskFailed, match="no_such_table"):
        image.save()


def test_objects_saved_at_once_are_all_found(committing_db: None) -> None:
    images = [SiteImageFactory() for _ in range(8)]
    for image in images:
        image.title = "Hospital"
    run_concurrently(*(image.save for image in images * 3))
    assert all(get_indexed_instance(image) for image in images)
    backend = get_search_backend()
    assert set(backend.search("Hospital", SiteImage)) == set(images)
