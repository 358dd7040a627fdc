"""The list of tasks in the admin: for those with permission, with a button to try again."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from bhp_site.core.models import User
from bhp_site.tasks.models import QueuedTask

from ..conftest import signed_in
from ..running_tasks import run_tasks
from .sample_tasks import fail, fail_for_good, record

LIST = "/admin/reports/background-tasks/"


@pytest.fixture(autouse=True)
def _tasks(db: None) -> None:
    fail_for_good.enqueue()
    fail.enqueue()
    run_tasks()
    record.enqueue("waiting")


def test_the_list_tells_states_attempts_and_errors(admin_client: Client) -> None:
    text = admin_client.get(LIST).text
    assert "Nothing was done, because the file is damaged." in text
    assert "ValueError: the disk is full" in text
    assert "Failed" in text
    assert "failed, will be tried again" in text
    assert text.count("Try again<") == 2
    assert text.index("Fail for good") < text.index("Record")
    assert "Record" not in admin_client.get(f"{LIST}?status=FAILED").text.partition("<table")[2]
    assert LIST in admin_client.get("/admin/").text


def test_a_failed_task_is_tried_again(admin_client: Client) -> None:
    failed = QueuedTask.objects.get(path=fail_for_good.module_path)
    again = f"/admin/background-tasks/{failed.pk}/try-again/"
    assert admin_client.get(again).status_code == 405
    assert "is being tried again" in admin_client.post(again, follow=True).text
    failed.refresh_from_db()
    assert failed.status == QueuedTask.Status.READY
    QueuedTask.objects.update(error="")
    assert "is no longer failing" in admin_client.post(again, follow=True).text


def test_the_list_is_for_those_with_permission(editor: User) -> None:
    client = signed_in(editor)
    failed = QueuedTask.objects.get(path=fail_for_good.module_path)
    assert LIST not in client.get("/admin/").text
    assert client.get(LIST).status_code == 302
    group = Group.objects.get(name="Writers")
    group.permissions.add(Permission.objects.get(codename="view_queuedtask"))
    text = signed_in(User.objects.get(pk=editor.pk)).get(LIST).text
    assert "the file is damaged" in text
    assert "Try again<" not in text
    client.post(f"/admin/background-tasks/{failed.pk}/try-again/")
    failed.refresh_from_db()
    assert failed.status == QueuedTask.Status.FAILED


def test_a_group_can_be_given_the_permissions(admin_client: Client) -> None:
    text = admin_client.get("/admin/groups/new/").text
    assert "background task" in text.lower()
