"""What has no entry in the index, as after a bulk import, is indexed by a task."""

from types import SimpleNamespace

from bhp_site.search.indexing import enqueue_missing_objects, index_missing_objects
from bhp_site.search.models import Entry
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
