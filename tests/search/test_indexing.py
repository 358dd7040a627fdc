"""What has no entry in the index, as after a bulk import, is indexed by a task."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from wagtail.models import Page

from bhp_site.search import rebuilding
from bhp_site.search.indexing import enqueue_missing_objects, index_missing_objects, index_page
from bhp_site.search.models import Entry, Word
from bhp_site.tasks.backends import has_unfinished_calls

from ..running_tasks import run_tasks


def test_what_has_no_entry_is_indexed_by_a_task(site: SimpleNamespace) -> None:
    enqueue_missing_objects()
    run_tasks(index_missing_objects)
    pages = set(Entry.objects.values_list("page", flat=True))
    Entry.objects.all().delete()
    enqueue_missing_objects()
    assert run_tasks(index_missing_objects) == 1
    assert set(Entry.objects.values_list("page", flat=True)) == pages
    enqueue_missing_objects()
    assert not has_unfinished_calls(index_missing_objects)


def test_a_rebuilt_index_lacks_nothing_meanwhile(
    site: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_command("rebuild_search")
    entries = sorted(Entry.objects.values_list("page", "document", "number", "text"), key=str)
    words = {*Word.objects.values_list("word", flat=True)}
    Word.objects.create(word="wordthatnopagehas")
    Entry.objects.filter(page=site.news.pk).update(text="outdated")
    removed = Entry.objects.filter(page=site.standard.pk).count()
    type(site.standard).objects.filter(pk=site.standard.pk).update(live=False)
    counts: list[int] = []
    index_page = rebuilding.index_page

    def index(page: Any) -> None:
        index_page(page)
        counts.append(Entry.objects.count())

    monkeypatch.setattr(rebuilding, "index_page", index)
    call_command("rebuild_search", from_scratch=True)
    assert removed
    assert min(counts) >= len(entries) - removed
    found = sorted(Entry.objects.values_list("page", "document", "number", "text"), key=str)
    assert found == [entry for entry in entries if entry[0] != site.standard.pk]
    assert {*Word.objects.values_list("word", flat=True)} <= words


def test_a_page_that_has_not_changed_is_indexed_with_few_queries(
    site: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    page = Page.objects.get(pk=site.standard.pk)
    # Two of them are the savepoint.
    with django_assert_max_num_queries(5):
        index_page(page)


def test_a_page_that_is_not_live_has_no_entries(site: SimpleNamespace) -> None:
    page = site.standard
    index_page(page)
    assert Entry.objects.filter(page=page.pk).exists()
    type(page).objects.filter(pk=page.pk).update(live=False)
    index_page(page)
    assert not Entry.objects.filter(page=page.pk).exists()
