"""Runs the tasks of Wagtail and its search where a failure cannot undo a save unnoticed."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection, models, transaction
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult, TaskResultStatus

from .search_index import lock_search_index, update_search_index

# Tasks whose result access depends on: they belong to the transaction that saves the object.
REFERENCE_INDEX_TASK = "wagtail.tasks.update_reference_index_task"
REQUIRED_TASKS = {REFERENCE_INDEX_TASK}
INDEX_TASK = "modelsearch.tasks.insert_or_update_object_task"


# Labels such as "news.newspage", for which the reference index is not updated by tasks now.
_left_to_caller: ContextVar[frozenset[str]] = ContextVar("left_to_caller", default=frozenset())


@contextmanager
def leave_reference_index_to_caller(saved: Iterable[type[models.Model]]) -> Iterator[None]:
    """Skip the tasks that update the reference index after a row of the models `saved` is saved.

    Each task would read a page and all its inline rows again, once for every row of it. The caller
    updates the index itself, in the same transaction, when all rows are written.
    """
    labels = frozenset(model._meta.label_lower for model in saved)
    token = _left_to_caller.set(_left_to_caller.get() | labels)
    try:
        yield
    finally:
        _left_to_caller.reset(token)


class TaskFailed(Exception):
    """A task has failed on which the transaction around it depends."""


class TransactionalBackend(ImmediateBackend):
    """Run tasks in the process that enqueues them, with respect to the transaction around it.

    ImmediateBackend runs every task within the caller's transaction and swallows its errors. On
    PostgreSQL a statement that failed, such as one chosen to end a deadlock, makes the later COMMIT
    a ROLLBACK: the editor is told that a page was saved, and it was not.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        """Run the task, that of the search index after the commit; raise TaskFailed if required.

        What `leave_reference_index_to_caller` names is skipped.
        """
        path = task_result.task.module_path
        if path == INDEX_TASK:
            IndexUpdate(tuple(task_result.args), task_result, self).run_after_commit()
            return
        if path == REFERENCE_INDEX_TASK and ".".join(task_result.args[:2]) in _left_to_caller.get():
            return
        super()._execute_task(task_result)
        if path in REQUIRED_TASKS and task_result.status == TaskResultStatus.FAILED:
            raise TaskFailed(task_result.errors[-1].traceback)

    def update_search_index(self, task_result: TaskResult) -> None:
        """Update the search index now, since editors search for what they have just saved.

        If that fails, leave it to a worker.
        """
        with lock_search_index():
            super()._execute_task(task_result)
        if task_result.status == TaskResultStatus.FAILED:
            update_search_index.enqueue(*task_result.args)


@dataclass(frozen=True)
class IndexUpdate:
    """The update of the search index for the object of `args`, of which one per commit suffices."""

    args: tuple[str, ...]
    task_result: TaskResult = field(compare=False)
    backend: TransactionalBackend = field(compare=False)

    def update(self) -> None:
        """Update the index from what has been committed."""
        self.backend.update_search_index(self.task_result)

    def run_after_commit(self) -> None:
        """Call `update` after the commit of the transaction, unless an equal one will be called.

        Publishing a page saves it several times. A savepoint that is rolled back takes along what
        was registered within it, so that later saves of the object register their own update.
        """
        registered = (callback[1] for callback in connection.run_on_commit)
        if not any(getattr(callback, "__self__", None) == self for callback in registered):
            # A method, because Django names a callback that has failed by its `__qualname__`.
            transaction.on_commit(self.update, robust=True)
