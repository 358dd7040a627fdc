"""Drafting runs beside the requests: others can write meanwhile, and editors see how far it is."""

import datetime
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.images import renditions
from bhp_site.core.models import User
from bhp_site.pdf.drafting.drafter import Draft, DraftBlock, DraftChapter
from bhp_site.pdf.errors import Unreadable
from bhp_site.tasks.heartbeat import get_heartbeat_path
from reports import drafting
from reports.drafting import give_up_stale_jobs, start_job
from reports.drafting_jobs import DraftingJob
from reports.models import ReportPage

from ..conftest import signed_in
from ..factories import (
    HomePageFactory,
    ReportIndexPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    UserFactory,
    offer,
    png_bytes,
)
from ..page_states import publish
from ..running_tasks import run_tasks

FOUND = Draft(
    True,
    "en",
    [
        DraftChapter(
            "Data",
            4,
            [
                DraftBlock("paragraph", 4, html="<p>One.</p>", note="Is this one paragraph?"),
                DraftBlock("figure", 5, alt="Two discs", image=png_bytes()),
                DraftBlock("note", 5, note="long " * 100),
            ],
        )
    ],
)
State = DraftingJob.State


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Say what drafting finds, after something else has happened; or raise it."""

    def say(answer: Draft | Exception, meanwhile: Callable[[], Any] = lambda: None) -> None:
        def draft(version: Any) -> Draft:
            meanwhile()
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr("reports.drafts.draft_version", draft)

    say(FOUND)
    return say


@pytest.fixture
def report(report_index: Any, found: Any) -> Any:
    made = ReportPageFactory(parent=report_index, title="Activity", slug="activity")
    offer(made, SiteDocumentFactory(title="Activity"))
    publish(made)
    return made


@pytest.fixture
def job(report: Any, admin: Any, worker_alive: None) -> DraftingJob:
    return start_job(report, get_latest_job(report).pdf_version, admin)


def get_latest_job(report: Any) -> ReportPage:
    draft: ReportPage = ReportPage.objects.get(pk=report.pk).get_latest_revision_as_object()
    return draft


def get_address(report: Any, rest: str = "") -> str:
    return f"/admin/reports/{report.pk}/draft-edition/{rest}"


def test_a_job_waits_for_a_worker_and_shows_how_far_it_is(
    report: Any, editor_client: Client, worker_alive: None
) -> None:
    text = editor_client.post(get_address(report), follow=True).text
    job = DraftingJob.objects.get()
    assert job.state == State.WAITING
    assert "Waiting to start" in text
    assert f"/admin/reports/{report.pk}/draft-edition/{job.pk}/progress/" in text
    assert "being drafted from the PDF" in editor_client.get(f"/admin/pages/{report.pk}/edit/").text
    progress = editor_client.get(get_address(report, f"{job.pk}/progress/"))
    assert "no-store" in progress["Cache-Control"]
    assert progress.json() == {"text": job.progress, "value": 0, "max": 0, "result": ""}
    assert (
        "Waiting" in editor_client.get(get_address(report, f"{job.pk}/result/"), follow=True).text
    )
    run_tasks()
    result = editor_client.get(get_address(report, f"{job.pk}/progress/")).json()["result"]
    text = editor_client.get(result, follow=True).text
    assert "1 chapter drafted, with 3 notes" in text
    assert [chapter.title for chapter in get_latest_job(report).edition] == ["Data"]


def test_a_report_has_one_job_at_a_time(report: Any, job: DraftingJob, admin: Any) -> None:
    assert start_job(report, job.version, admin) == job
    run_tasks()
    assert start_job(report, job.version, admin).state == State.WAITING
    assert DraftingJob.objects.count() == 1


def test_a_job_is_run_once(job: DraftingJob, found: Any) -> None:
    run_tasks()
    found(FOUND, lambda: pytest.fail("it has been done"))
    run_tasks()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Unreadable("damaged"), "Nothing was drafted. This PDF is damaged"),
        (RuntimeError("x"), "something went wrong on the site"),
        (Draft(True, "", []), "This PDF has no text that can be read"),
        (
            Draft(False, "", [DraftChapter(("Text of the PDF"), 1, [])]),
            "has no text that can be read",
        ),
    ],
)
def test_what_fails_says_so_and_changes_nothing(
    report: Any,
    job: DraftingJob,
    found: Any,
    editor_client: Client,
    answer: Any,
    message: str,
) -> None:
    before = get_latest_job(report).latest_revision_id
    found(answer)
    run_tasks()
    assert message in editor_client.get(get_address(report, f"{job.pk}/result/"), follow=True).text
    assert DraftingJob.objects.get().state == State.FAILED
    assert get_latest_job(report).latest_revision_id == before


@pytest.mark.parametrize("state", [State.RUNNING, State.WAITING])
def test_a_job_whose_process_died_is_told_as_such(
    report: Any,
    job: DraftingJob,
    editor_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    state: str,
) -> None:
    get_heartbeat_path().unlink()
    past = timezone.now() - datetime.timedelta(seconds=drafting.STALE_SECONDS - 10)
    DraftingJob.objects.update(state=state, reported_at=past)
    give_up_stale_jobs()
    assert DraftingJob.objects.get().is_active
    DraftingJob.objects.update(reported_at=past - datetime.timedelta(seconds=20))
    text = editor_client.get(get_address(report, f"{job.pk}/result/"), follow=True).text
    assert "Nothing was drafted, because the server" in text
    assert "Start again" in text
    assert "Copy the text" in editor_client.get(get_address(report)).text
    job.finish(State.DONE, "too late")
    assert DraftingJob.objects.get().state == State.FAILED


def test_what_an_editor_saves_meanwhile_is_kept(report: Any, job: DraftingJob, found: Any) -> None:
    def save() -> None:
        draft = get_latest_job(report)
        draft.summary = "Saved meanwhile"
        draft.save_revision()

    found(FOUND, save)
    run_tasks()
    assert get_latest_job(report).summary == "Saved meanwhile"
    assert get_latest_job(report).edition


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda report, user: ReportPage.objects.update(locked=True), "was locked"),
        (lambda report, user: User.objects.filter(pk=user.pk).update(is_active=False), "no longer"),
        (lambda report, user: report.delete(), ""),
    ],
)
def test_what_forbids_drafting_meanwhile_is_obeyed(
    report: Any, job: DraftingJob, found: Any, admin: Any, change: Any, message: str
) -> None:
    found(FOUND, lambda: change(report, admin))
    run_tasks()
    if message:
        assert message in DraftingJob.objects.get().message
        assert not get_latest_job(report).edition


def test_progress_is_for_editors_of_the_report(report: Any, job: DraftingJob) -> None:
    for rest in ("progress", "result"):
        assert (
            signed_in(UserFactory()).get(get_address(report, f"{job.pk}/{rest}/")).status_code
            == 302
        )
    assert Client().get(get_address(report, f"{job.pk}/progress/")).status_code == 302


def test_a_job_of_another_report_is_not_there(
    report: Any, job: DraftingJob, editor_client: Client
) -> None:
    other = ReportPageFactory(parent=report.get_parent())
    other.save_revision()
    assert editor_client.get(get_address(other, f"{job.pk}/progress/")).status_code == 404


def test_long_doubts_fill_several_notes(report: Any, job: DraftingJob) -> None:
    run_tasks()
    notes = [
        one.value["text"]
        for one in get_latest_job(report).edition[0].body
        if one.block_type == "note"
    ]
    assert [len(note) <= 300 for note in notes] == [True] * 3
    assert " ".join(notes[1:]) == ("long " * 100).strip()


@pytest.fixture
def writer() -> Iterator[Callable[..., None]]:
    """Writes to the database on a connection of its own; fails if it must wait for another."""
    writers = []

    def write(**kwargs: Any) -> None:
        def update() -> None:
            with transaction.atomic():
                User.objects.update(first_name=f"Writer {len(writers)}")
            connection.close()

        writers.append(threading.Thread(target=update, daemon=True))
        writers[-1].start()
        writers[-1].join(5)
        assert not writers[-1].is_alive(), "another writer has to wait"

    yield write
    assert writers


def test_others_write_while_a_pdf_is_drafted(
    committing_db: None,
    worker_alive: None,
    found: Any,
    writer: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both while it is read and while its images are converted, which takes long."""
    build_renditions = renditions.build_renditions

    def build_and_write(*args: Any, **kwargs: Any) -> Any:
        writer()
        return build_renditions(*args, **kwargs)

    home = HomePageFactory(parent=Page.get_first_root_node(), slug="here")
    report = ReportPageFactory(parent=ReportIndexPageFactory(parent=home), title="Activity")
    offer(report, SiteDocumentFactory(title="Activity"))
    publish(report)
    start_job(report, get_latest_job(report).pdf_version, UserFactory(is_superuser=True))
    found(FOUND, writer)
    monkeypatch.setattr(renditions, "build_renditions", build_and_write)
    run_tasks()
    assert DraftingJob.objects.get().state == State.DONE
    last = User.objects.values_list("first_name", flat=True).first()
    assert last
    assert int(last.removeprefix("Writer ")) > 1
