"""What is due is published and unpublished by itself, once, however many look for it."""

import contextlib
import datetime
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published

from bhp_site.backups.drill import build_url
from bhp_site.core import database_clock
from bhp_site.core.database_clock import check_clock
from bhp_site.core.publishing.publication import Publication, check_publication
from bhp_site.core.publishing.scheduled import publish_due
from news.models import NewsPage

from ..admin_forms import read_form, send
from ..factories import NewsPageFactory, UserFactory

NOON = datetime.datetime(2030, 6, 1, 12, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


def schedule_draft(parent: Page, **more: Any) -> NewsPage:
    """A draft below `parent` that goes live at noon."""
    page = NewsPageFactory(parent=parent, live=False, **more)
    page.go_live_at = NOON
    with time_machine.travel(NOON - HOUR, tick=False):
        page.save_revision().publish()
    return page


def list_entries(page: Page, action: str = "wagtail.publish.scheduled") -> int:
    return PageLogEntry.objects.filter(page=page.pk, action=action).count()


@pytest.fixture
def draft(news_index: Page) -> NewsPage:
    return schedule_draft(news_index)


@pytest.fixture
def signals() -> Iterator[list[int]]:
    """Pages said to be published."""
    told: list[int] = []

    def hear(instance: Page, **kwargs: Any) -> None:
        if instance.live:
            told.append(instance.pk)

    page_published.connect(hear)
    yield told
    page_published.disconnect(hear)


@time_machine.travel(NOON, tick=False)
def test_what_is_due_is_published(draft: NewsPage, signals: list[int]) -> None:
    assert publish_due() == 1
    draft.refresh_from_db()
    assert draft.live
    assert signals == [draft.pk]
    assert list_entries(draft) == 1


@time_machine.travel(NOON - HOUR / 60, tick=False)
def test_nothing_is_published_before_its_time(draft: NewsPage) -> None:
    assert publish_due() == 0
    draft.refresh_from_db()
    assert not draft.live


@pytest.mark.parametrize(
    ("here", "database", "is_due"),
    [(NOON, NOON - HOUR, False), (NOON - HOUR, NOON, False), (NOON, NOON, True)],
)
def test_what_is_due_is_due_by_both_clocks(
    draft: NewsPage,
    monkeypatch: pytest.MonkeyPatch,
    here: datetime.datetime,
    database: datetime.datetime,
    is_due: bool,
) -> None:
    monkeypatch.setattr(database_clock, "get_database_time", lambda: database)
    with time_machine.travel(here, tick=False):
        assert publish_due() == is_due
        assert check_clock() == is_due


@time_machine.travel(NOON, tick=False)
def test_looking_again_publishes_nothing_twice(draft: NewsPage, signals: list[int]) -> None:
    assert [publish_due() for _ in range(3)] == [1, 0, 0]
    assert signals == [draft.pk]


@time_machine.travel(NOON, tick=False)
def test_what_has_expired_is_unpublished(news_index: Page) -> None:
    page = NewsPageFactory(parent=news_index, expire_at=NOON)
    assert publish_due() == 1
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
    assert list_entries(page, "wagtail.unpublish.scheduled") == 1
    assert publish_due() == 0


@time_machine.travel(NOON, tick=False)
def test_what_fails_stays_due_and_keeps_nothing_else_waiting(
    draft: NewsPage, caplog: pytest.LogCaptureFixture
) -> None:
    other = schedule_draft(Page.objects.get(pk=draft.get_parent().pk).specific)

    def fail(instance: Page, **kwargs: Any) -> None:
        if instance.pk == draft.pk:
            raise RuntimeError("no paper")

    page_published.connect(fail)
    try:
        assert publish_due() == 1
    finally:
        page_published.disconnect(fail)
    for page in (draft, other):
        page.refresh_from_db()
    assert (draft.live, other.live) == (False, True)
    assert "no paper" in caplog.text
    assert list_entries(draft) == 0
    assert publish_due() == 1


@time_machine.travel(NOON, tick=False)
def test_work_on_a_later_draft_does_not_go_out_with_the_scheduled_one(draft: NewsPage) -> None:
    draft.title = "Not decided yet"
    draft.go_live_at = None
    draft.save_revision()
    publish_due()
    draft.refresh_from_db()
    assert draft.live
    assert draft.title != "Not decided yet"


@pytest.fixture
def due(committing_db: None) -> NewsPage:
    """A page that is due."""
    page = NewsPageFactory.build(live=False)
    Page.get_first_root_node().add_child(instance=page)
    page.go_live_at = timezone.now() - HOUR
    with time_machine.travel(page.go_live_at - HOUR):
        page.save_revision().publish()
    return page


def get_database_url(folder: Path) -> str:
    """Address of this test's database; a copy in `folder` of one that is in memory."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with contextlib.closing(sqlite3.connect(folder / "copy.sqlite3")) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")
        return f"sqlite:///{folder}/copy.sqlite3"
    return build_url(connection.settings_dict["NAME"])


# Forks need not import everything again. Each writes its log to a file of its own.
SCHEDULE_IN_FOUR_PROCESSES = """
import os
import sys
from bhp_site.__main__ import configure
configure()
from django.core.management import call_command
children = []
for path in sys.argv[1:]:
    if not (child := os.fork()):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), 2)
        call_command("schedule", once=True)
        sys.exit()
    children.append(child)
print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
"""


def test_four_processes_publish_once(due: NewsPage, tmp_path: Path) -> None:
    env = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": get_database_url(tmp_path),
    }
    logs = [tmp_path / f"{number}.log" for number in range(4)]
    command = [sys.executable, "-c", SCHEDULE_IN_FOUR_PROCESSES, *map(str, logs)]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True, timeout=300
    )
    said = [log.read_text() for log in logs]
    assert done.stdout == "0 0 0 0\n", done.stderr + "\n".join(said)
    assert sum(f"publish news.NewsPage {due.pk}" in one for one in said) == 1, said


@time_machine.travel(NOON, tick=False)
def test_the_scheduler_publishes_what_is_due(draft: NewsPage) -> None:
    call_command("schedule", once=True)
    draft.refresh_from_db()
    assert draft.live


def test_an_editor_schedules_in_londons_time(news_index: Page, admin_client: Client) -> None:
    draft = NewsPageFactory(parent=news_index, live=False)
    draft.save_revision()
    send(admin_client, draft, "action-publish", go_live_at="01/06/2030 13:00")
    draft.refresh_from_db()
    assert not draft.live
    # In June London is an hour ahead of UTC.
    assert draft.revisions.latest("pk").approved_go_live_at == NOON
    assert "13:00" in admin_client.get(f"/admin/pages/{draft.pk}/edit/").text


def test_a_date_that_stays_is_no_change(draft: NewsPage, publisher_client: Client) -> None:
    data = read_form(publisher_client, f"/admin/pages/{draft.pk}/edit/") | {"body-count": "0"}
    model_form = NewsPage.get_edit_handler().get_form_class()
    form = model_form(data, instance=draft, for_user=UserFactory())
    assert "date" in form.fields
    assert "date" not in form.changed_data


def test_the_checks_before_publishing_read_inline_rows_once(draft: NewsPage) -> None:
    page = NewsPage.objects.get(pk=draft.pk)
    with CaptureQueriesContext(connection) as queries:
        check_publication(page, Publication())
    asked = [one["sql"] for one in queries if 'FROM "news_newsdownload"' in one["sql"]]
    assert len(asked) == 1
