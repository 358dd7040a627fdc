"""Runs the tasks of Wagtail and its search where a failure cannot undo a save unnoticed."""

from dataclasses import dataclass, field

from django.db import connection, transaction
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult, TaskResultStatus

from .search_index import lock_search_index, update_search_index

# Tasks whose result access depends on: they belong to the transaction that saves the object.
REQUIRED_TASKS = {"wagtail.tasks.update_reference_index_task"}
INDEX_TASK = "modelsearch.tasks.insert_or_update_object_task"


class TaskFailed(Exception):
    """A task has failed on which the transaction around it depends."""


class TransactionalBackend(ImmediateBackend):
    """Run tasks in the process that enqueues them, with respect to the transaction around it.

    ImmediateBackend runs every task within the caller's transaction and swallows its errors. On
    PostgreSQL a statement that failed, such as one chosen to end a deadlock, makes the later COMMIT
    a ROLLBACK: the editor is told that a page was saved, and it was not.
    """

    def _execute_task(self, task_result: TaskResult) -> None:
        """Run the task; the search index after the commit. Raise TaskFailed for required tasks."""
        path = task_result.task.module_path
        if path == INDEX_TASK:
            IndexUpdate(tuple(task_result.args), task_result, self).run_after_commit()
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

    def __call__(self) -> None:
        """Update the index from what has been committed."""
        self.backend.update_search_index(self.task_result)

    def run_after_commit(self) -> None:
        """Call this after the commit of the transaction, unless an equal one will be called.

        Publishing a page saves it several times. A savepoint that is rolled back takes along what
        was registered within it, so that later saves of the object register their own update.
        """
        if not any(self == callback[1] for callback in connection.run_on_commit):
            transaction.on_commit(self, robust=True)
