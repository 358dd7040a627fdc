"""How editors follow requests: the list, the screen, the answer, the dashboard."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import User
from bhp_site.enquiries.models import AccessibleCopy, Enquiry
from bhp_site.files.models import SiteDocument

from ..admin_forms import get_messages
from ..conftest import signed_in
from ..factories import SiteDocumentFactory, UserFactory
from ..running_tasks import run_tasks
from . import ADDRESS

LISTING = "/admin/requests/"


def get_text(response: Any) -> str:
    text = BeautifulSoup(response.text, "html.parser").get_text(" ")
    return re.sub(r" ([,:.])", r"\1", " ".join(text.split()))


def get_url(request: Enquiry, act: str = "edit") -> str:
    return f"{LISTING}{act}/{request.pk}/"


@pytest.fixture
def problem(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.create(
        kind="problem", page="/news/", message="It flickers.", due=datetime.date(2026, 8, 3)
    )


def test_requests_are_listed_with_what_matters(
    enquiry: Enquiry, problem: Enquiry, editor: User, editor_client: Client
) -> None:
    Enquiry.objects.filter(pk=enquiry.pk).update(assigned_to=editor)
    text = get_text(editor_client.get(LISTING))
    assert f"Large print: The report Accessible copy New 22 September 2026 {editor}" in text
    assert "Problem on /news/ Accessibility problem New 3 August 2026, overdue" in text
    assert "Enquiries" in editor_client.get("/admin/").text


@pytest.mark.parametrize(
    "query, found",
    [
        ({"q": "report"}, ["enquiry"]),
        ({"q": ADDRESS}, ["enquiry"]),
        ({"q": "\0"}, None),
        ({"kind": "problem"}, ["problem"]),
        ({"format": "large-print"}, ["enquiry"]),
        ({"overdue": "true"}, ["problem"]),
        ({"overdue": "false"}, ["enquiry"]),
        ({"status": "answered"}, []),
        ({"status": "nonsense", "ordering": "nonsense"}, ["enquiry", "problem"]),
    ],
)
def test_they_are_searched_and_filtered(
    enquiry: Enquiry,
    problem: Enquiry,
    editor_client: Client,
    query: dict[str, str],
    found: list[str] | None,
) -> None:
    response = editor_client.get(LISTING, query)
    if found is None:
        assert response.status_code == 400
        return
    titles = {"enquiry": "Large print: The report", "problem": "Problem on /news/"}
    text = response.text
    assert [name for name, title in titles.items() if title in text] == found


def test_a_request_is_assigned_and_its_history_told(
    enquiry: Enquiry, editor: User, editor_client: Client
) -> None:
    form = {"assigned_to": editor.pk, "status": "under-way"}
    assert editor_client.post(get_url(enquiry), form).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.assigned_to, enquiry.status) == (editor, "under-way")
    text = get_text(editor_client.get(get_url(enquiry)))
    assert f"Assigned to {editor}, status In progress, by {editor}" in text
    assert "From Jo Lee, jo@example.com" in text
    editor_client.post(get_url(enquiry), form | {"status": "closed"})
    enquiry.refresh_from_db()
    assert not enquiry.is_open
    editor_client.post(get_url(enquiry), form)
    enquiry.refresh_from_db()
    assert enquiry.is_open
    history = get_text(editor_client.get(get_url(enquiry, "history")))
    assert "Status Closed without an answer" in history


def test_it_is_assigned_to_those_who_may_answer(enquiry: Enquiry, editor_client: Client) -> None:
    outsider = UserFactory()
    response = editor_client.post(get_url(enquiry), {"assigned_to": outsider.pk, "status": "new"})
    assert response.status_code == 200
    assert Enquiry.objects.get(pk=enquiry.pk).assigned_to is None


def test_an_answer_is_written_and_sent(
    enquiry: Enquiry, editor: User, editor_client: Client
) -> None:
    assert "Dear Jo Lee," in editor_client.get(get_url(enquiry, "answer")).text
    response = editor_client.post(
        get_url(enquiry, "answer"), {"text": "Dear Jo,\n\n<here> & there."}
    )
    assert "is being sent" in get_messages(response)
    run_tasks(send_queued_email)
    (answer,) = mail.outbox
    assert answer.to == [ADDRESS]
    assert answer.reply_to == ["access@example.org"]
    assert answer.subject == f"Our answer to your request ({enquiry.reference})"
    assert answer.body.startswith("Dear Jo,\n\n<here> & there.")
    assert answer.body.endswith(
        f"Birmingham Health Partners\nYour reference: {enquiry.reference}\n\n"
        "If you have a question about this answer, reply to this e-mail.\n"
    )
    enquiry.refresh_from_db()
    assert (enquiry.status, enquiry.assigned_to) == ("answered", editor)
    assert "Answered by e-mail, by" in get_text(editor_client.get(get_url(enquiry)))


def test_an_answer_with_a_file_offers_it_to_everybody(
    site: SimpleNamespace, enquiry: Enquiry, publisher_client: Client, client: Client
) -> None:
    made = SiteDocumentFactory(title="The report in large print")
    form = {"text": "Here it is.", "copy": made.pk, "label": "Large print, 18 point"}
    for _ in range(2):
        assert publisher_client.post(get_url(enquiry, "answer"), form).status_code == 302
    copy = AccessibleCopy.objects.get()
    assert (copy.original, copy.version_number, copy.enquiry) == (site.document, 1, enquiry)
    run_tasks(send_queued_email)
    # Who presses twice sends one mail.
    (answer,) = mail.outbox
    assert f"Large print, 18 point: http://127.0.0.1:8000{made.url}" in answer.body
    cache_version.advance()
    page = client.get(site.report.get_url()).text
    assert f'href="{made.url}"' in page
    assert client.get(made.url).status_code == 200
    text = get_text(publisher_client.get(get_url(enquiry)))
    assert "Answered by e-mail, with a copy: Large print, 18 point" in text


@pytest.mark.parametrize(
    "form, sentence",
    [
        ({"text": ""}, "This field is required."),
        ({"text": "x" * 20_001}, "at most 20000 characters"),
        ({"text": "Here.", "copy": "original"}, "This is the original."),
        ({"text": "Here.", "copy": "waiting"}, "Some people cannot use the document"),
        ({"text": "Here.", "copy": "999999"}, "Select a valid choice."),
    ],
)
def test_a_bad_answer_is_not_sent(
    enquiry: Enquiry, publisher_client: Client, form: dict[str, str], sentence: str
) -> None:
    files = {"original": enquiry.document, "waiting": SiteDocumentFactory(accessibility_reason="")}
    if form.get("copy") in files:
        form = form | {"copy": files[form["copy"]].pk}
    response = publisher_client.post(get_url(enquiry, "answer"), form)
    assert response.status_code == 200
    assert sentence in get_text(response)
    assert not enquiry.emails.exists()
    assert not AccessibleCopy.objects.exists()


def test_only_who_publishes_offers_files_to_everybody(
    enquiry: Enquiry, editor_client: Client
) -> None:
    form = {"text": "Here it is.", "copy": SiteDocumentFactory().pk}
    assert (
        "Accessible copy"
        not in editor_client.get(get_url(enquiry, "answer")).context["form"].as_p()
    )
    assert editor_client.post(get_url(enquiry, "answer"), form).status_code == 302
    assert not AccessibleCopy.objects.exists()
    assert editor_client.get("/admin/accessible-copies/").status_code == 302


def test_an_enquiry_without_an_address_cannot_be_answered(
    problem: Enquiry, editor_client: Client
) -> None:
    assert "no e-mail address, so you cannot answer" in get_text(
        editor_client.get(get_url(problem))
    )
    assert editor_client.get(get_url(problem, "answer")).status_code == 404


def test_a_file_deleted_since_leaves_the_request(
    enquiry: Enquiry, site: SimpleNamespace, editor_client: Client
) -> None:
    site.report.delete()
    SiteDocument.objects.get(pk=enquiry.document.pk).delete()
    assert "The report (since deleted), version 1" in get_text(editor_client.get(get_url(enquiry)))
    assert editor_client.post(get_url(enquiry, "answer"), {"text": "Sorry."}).status_code == 302


def test_the_dashboard_says_who_waits_for_too_long(
    enquiry: Enquiry, problem: Enquiry, editor_client: Client
) -> None:
    text = get_text(editor_client.get("/admin/"))
    assert "2 to be answered, 1 overdue:" in text
    assert "Problem on /news/: 3 August 2026, overdue, not assigned" in text
    assert "Large print: The report: by 22 September 2026" in text
    assert [*Enquiry.objects.overdue()] == [problem]
    Enquiry.objects.update(closed_at=problem.created_at)
    assert "Enquiries from visitors" not in get_text(editor_client.get("/admin/"))


def test_overdue_begins_on_the_day_after(enquiry: Enquiry, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime.datetime(2026, 9, 22, 22, tzinfo=datetime.UTC))
    assert not Enquiry.objects.overdue().exists()
    clock.move_to(datetime.datetime(2026, 9, 22, 23, 1, tzinfo=datetime.UTC))
    assert Enquiry.objects.overdue().exists()


def test_who_may_do_what(
    enquiry: Enquiry, editor_client: Client, publisher_client: Client, admin_client: Client
) -> None:
    outsider = UserFactory()
    outsider.groups.add(Group.objects.create(name="Others"))
    for address in (LISTING, get_url(enquiry), get_url(enquiry, "answer")):
        assert signed_in(outsider).get(address).status_code == 302
        assert editor_client.get(address).status_code == 200
    assert signed_in(outsider).post(get_url(enquiry, "send-again")).status_code == 302
    # Requests come from visitors alone.
    assert admin_client.get(f"{LISTING}new/").status_code == 404
    assert admin_client.get(LISTING).status_code == 200
    editor_client.post(get_url(enquiry, "delete"))
    assert Enquiry.objects.exists()
    assert publisher_client.get(get_url(enquiry, "delete")).status_code == 200
    publisher_client.post(get_url(enquiry, "delete"))
    assert not Enquiry.objects.exists()


def test_the_list_can_be_taken_along_without_names(enquiry: Enquiry, editor_client: Client) -> None:
    response = editor_client.get(LISTING, {"export": "csv"})
    content = b"".join(response.streaming_content).decode()
    assert re.search(rf"{enquiry.reference},Accessible copy,Large print,The report,1", content)
    assert ADDRESS not in content
