"""A release is followed from the press list through three outlets, with mail down and up."""

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.mail import connections
from bhp_site.core.mail.queue import send_queued_email
from bhp_site.core.models import SiteSettings, User
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.draft_links.models import DraftLink
from bhp_site.press.models import PressContact, PressEmail, ReleaseRecipient
from bhp_site.press.sending.recipients import delete_outdated_recipients, send_release
from bhp_site.press_releases import actions
from bhp_site.tasks.models import QueuedTask
from news.models import NewsPage, Release

from ..admin_forms import get_messages
from ..running_tasks import run_tasks
from ..smtp_sink import SmtpSink
from . import get_text

NOW = datetime.datetime(2026, 3, 9, 9, 0, tzinfo=datetime.UTC)
EMBARGO = datetime.datetime(2026, 3, 12, 0, 1, tzinfo=datetime.UTC)
LATER = EMBARGO + datetime.timedelta(days=1)
EMBARGO_LINE = (
    "UNDER EMBARGO until Thursday 12 March 2026, 12.01am (UK time). Not for publication or "
    "broadcast before then."
)
OUTLETS = ("Daily", "Radio", "Weekly")


@pytest.fixture(autouse=True)
def clock(worker_alive: None) -> Iterator[time_machine.Traveller]:
    connections._kept.close()
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock
    connections._kept.close()


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.PRESS_PACK_DIR = tmp_path / "packs"


@pytest.fixture
def embargoed(release: NewsPage) -> NewsPage:
    """A draft announcement under embargo."""
    site = SiteSettings.get_default()
    site.press_email, site.address = "press@example.org", "1 High Street\nBirmingham"
    site.save()
    Release.objects.create(announcement=release, embargo_until=EMBARGO)
    return release


@pytest.fixture
def people(db: None) -> list[PressContact]:
    """Three journalists on the press list."""
    return [
        PressContact.objects.create(
            name=f"Reporter {outlet}",
            outlet=outlet,
            email=f"{outlet.lower()}@example.org",
            source="Asked to be added",
        )
        for outlet in OUTLETS
    ]


def get_screen(page: NewsPage) -> str:
    return f"/admin/press/send/{page.pk}/"


def post(client: Client, page: NewsPage, act: str, **data: Any) -> Any:
    return client.post(get_screen(page), {"act": act} | data)


def get_parts(message: EmailMessage) -> tuple[str, str]:
    """Return the text and the HTML of a message."""
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    return read(text), read(html)


def read(part: Any) -> str:
    """Return the content of a part with line feeds alone."""
    return str(part.get_content()).replace("\r\n", "\n")


def get_link(text: str) -> str:
    """Return the path of the personal link in the text of an e-mail."""
    found = re.search(r"/drafts/[\w-]{22,}/$", text, re.M)
    assert found
    return found[0]


def send_all(page: NewsPage, people: list[PressContact], user: User, sink: SmtpSink) -> list[str]:
    """Send the release to `people`; return the paths of their links."""
    send_release(page, people, "", user)
    run_tasks(send_queued_email)
    links = [get_link(get_parts(email.message)[0]) for email in sink.received]
    sink.received.clear()
    return links


def get_release(page: NewsPage) -> Release:
    return Release.objects.get(announcement=page.pk)


def get_due() -> None:
    """Make what waits for a later attempt due."""
    QueuedTask.objects.update(run_after=timezone.now())


def test_a_release_goes_to_three_outlets_with_mail_down_and_up(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher_client: Client,
    publisher: User,
    client: Client,
    sink: SmtpSink,
    clock: time_machine.Traveller,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    chosen = {"contacts": [person.pk for person in people], "message": "For Thursday’s paper."}
    # The preview, then a test to oneself.
    preview = post(publisher_client, embargoed, "preview", **chosen)
    assert "<dd>3 people</dd>" in preview.text
    assert "Send to 3 people" not in preview.text
    frame = BeautifulSoup(preview.text, "html.parser").select_one("iframe.bhp-email")
    assert frame
    assert "For Thursday’s paper." in BeautifulSoup(str(frame["srcdoc"]), "html.parser").get_text()
    assert EMBARGO_LINE in preview.text
    assert not PressEmail.objects.exists()
    assert "Send to 3 people" in post(publisher_client, embargoed, "test", **chosen).text
    run_tasks(send_queued_email)
    (test,) = sink.received
    assert test.recipient == publisher.email
    assert test.message["Subject"] == f"Test: Embargoed: {embargoed.title}"
    sink.received.clear()
    # Mail goes down before the release is sent: nothing is lost, and the screen says so.
    settings.EMAIL_PORT = 1
    connections._kept.close()
    response = post(publisher_client, embargoed, "send", **chosen)
    assert "The release is being sent to 3 people." in get_messages(response)
    run_tasks(send_queued_email)
    assert not sink.received
    screen = get_text(publisher_client.get(get_screen(embargoed)))
    assert screen.count("Failed: the release was not sent yet.") == 3
    assert "ConnectionRefusedError" in screen
    assert "could not be sent" in get_text(publisher_client.get("/admin/"))
    # It comes back, except for one outlet's address.
    settings.EMAIL_PORT = sink.port
    sink.refusals["radio@example.org"] = "550 5.1.1 no such user"
    post(publisher_client, embargoed, "retry")
    get_due()
    run_tasks(send_queued_email)
    assert {email.recipient for email in sink.received} == {
        "daily@example.org",
        "weekly@example.org",
    }
    screen = get_text(publisher_client.get(get_screen(embargoed)))
    assert "Failed: the release was not sent, and the site has stopped trying" in screen
    assert "550" in screen
    assert screen.count("Sent on 9 March 2026 at 09:00 UK time") == 2
    del sink.refusals["radio@example.org"]
    post(publisher_client, embargoed, "retry")
    get_due()
    run_tasks(send_queued_email)
    assert len(sink.received) == 3
    # Each reads the draft with a link of their own.
    links = {}
    for email in sink.received:
        text, _ = get_parts(email.message)
        assert text.startswith(f"{EMBARGO_LINE}\n\nFor Thursday’s paper.\n\n")
        links[email.recipient] = get_link(text)
        shown = client.get(links[email.recipient])
        assert shown.status_code == 200
        assert embargoed.title in shown.text
        banner = "Under embargo until Thursday 12 March 2026, 12.01am (UK time)."
        assert banner in get_text(shown)
    assert len(set(links.values())) == 3
    pack = client.get(f"{links['daily@example.org']}press-pack.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(pack.streaming_content))) as files:
        names = [name.partition("/")[2] for name in files.namelist()]
        text = files.read(files.namelist()[0]).decode("utf-8-sig")
    assert "documents/report-of-activity.pdf" in names
    assert text.startswith(EMBARGO_LINE)
    assert client.get(f"/news/{embargoed.slug}/press-pack.zip").status_code == 404
    sink.received.clear()
    # One link is ended; a new time goes to the others.
    weekly = ReleaseRecipient.objects.get(outlet="Weekly")
    post(publisher_client, embargoed, "end", recipient=weekly.pk)
    assert client.get(links["weekly@example.org"]).status_code == 410
    actions.change_embargo(get_release(embargoed), LATER, publisher)
    run_tasks(send_queued_email)
    assert {email.recipient for email in sink.received} == {
        "daily@example.org",
        "radio@example.org",
    }
    text, html = get_parts(sink.received[0].message)
    assert "Friday 13 March 2026, 12.01am (UK time)" in text
    assert "Friday 13 March 2026, 12.01am (UK time)" in html
    sink.received.clear()
    # At the set time the release is published, and the links lead there. Nobody gets an e-mail.
    actions.schedule(get_release(embargoed), LATER, publisher)
    clock.move_to(LATER)
    with django_capture_on_commit_callbacks(execute=True):
        publish_due()
    run_tasks(send_queued_email)
    assert not sink.received
    page = NewsPage.objects.get(pk=embargoed.pk)
    for address in ("daily@example.org", "radio@example.org"):
        response = client.get(links[address])
        assert response.status_code == 302
        assert response.headers["Location"] == page.get_url()
        assert client.get(f"{links[address]}press-pack.zip").status_code == 302
    assert client.get(links["weekly@example.org"]).status_code == 410
    assert client.get(f"/news/{page.slug}/press-pack.zip").status_code == 200


def test_the_e_mail_is_accessible_and_says_the_same_twice(
    embargoed: NewsPage, people: list[PressContact], publisher: User, sink: SmtpSink
) -> None:
    send_release(embargoed, people[:1], "Two lines.\n\n<b>Not markup</b>", publisher)
    run_tasks(send_queued_email)
    (received,) = sink.received
    message = received.message
    assert message["Subject"] == f"Embargoed: {embargoed.title}"
    assert message["Reply-To"] == "press@example.org"
    text, html = get_parts(message)
    soup = BeautifulSoup(html, "html.parser")
    assert '<html lang="en-GB">' in html
    assert f"<title>{message['Subject']}</title>" in html
    assert soup.body
    assert soup.body.get_text().strip().startswith(EMBARGO_LINE)
    assert next(heading.name for heading in soup.find_all(re.compile("^h[1-6]$"))) == "h1"
    assert not soup.find_all(["img", "script", "link"])
    assert "&lt;b&gt;Not markup&lt;/b&gt;" in html
    for words in ("The report is out.", "“First part.", "Second part.”", "1 High Street"):
        assert words in text
        assert words in soup.get_text()
    # Nothing is counted: each link is the personal one, not one that is made to be followed.
    links = {str(link["href"]) for link in soup.find_all("a")}
    assert len(links) == 2
    assert all("/drafts/" in link for link in links)


@pytest.mark.parametrize("is_sent", [True, False])
def test_lifting_the_embargo_tells_those_who_have_it(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    sink: SmtpSink,
    is_sent: bool,
) -> None:
    send_release(embargoed, people[:1], "", publisher)
    if is_sent:
        run_tasks(send_queued_email)
        sink.received.clear()
    actions.lift_embargo(get_release(embargoed), publisher, "Already in the news.")
    run_tasks(send_queued_email)
    page = NewsPage.objects.get(pk=embargoed.pk)
    (received,) = sink.received
    text, html = get_parts(received.message)
    assert page.full_url in text
    assert page.full_url in html
    assert "UNDER EMBARGO" not in text + html
    assert "/drafts/" not in text + html
    expected = f"Embargo lifted: {page.title}" if is_sent else page.title
    assert received.message["Subject"] == expected


def test_what_waits_is_sent_with_the_words_of_its_time(
    embargoed: NewsPage, people: list[PressContact], publisher: User, sink: SmtpSink
) -> None:
    send_release(embargoed, people[:1], "", publisher)
    actions.change_embargo(get_release(embargoed), LATER, publisher)
    run_tasks(send_queued_email)
    (received,) = sink.received
    text, _ = get_parts(received.message)
    assert "Friday 13 March 2026" in text
    assert "Thursday 12 March" not in text
    assert PressEmail.objects.count() == 1


def test_several_changes_while_mail_is_down_make_one_e_mail(
    embargoed: NewsPage, people: list[PressContact], publisher: User, sink: SmtpSink
) -> None:
    send_all(embargoed, people[:1], publisher, sink)
    release = get_release(embargoed)
    for days in (1, 2, 3):
        until = EMBARGO + datetime.timedelta(days=days)
        actions.change_embargo(release, until, publisher)
    run_tasks(send_queued_email)
    (received,) = sink.received
    assert "Sunday 15 March 2026" in get_parts(received.message)[0]
    actions.change_embargo(release, LATER, publisher, "Sooner.")
    actions.change_embargo(release, EMBARGO + datetime.timedelta(days=3), publisher)
    run_tasks(send_queued_email)
    # The time is the one that they know already.
    assert len(sink.received) == 1


def test_a_removed_embargo_puts_the_release_on_hold(
    embargoed: NewsPage, people: list[PressContact], publisher: User, sink: SmtpSink
) -> None:
    send_all(embargoed, people[:1], publisher, sink)
    actions.change_embargo(get_release(embargoed), None, publisher, "Not certain.")
    run_tasks(send_queued_email)
    (received,) = sink.received
    text, _ = get_parts(received.message)
    assert "NOT FOR PUBLICATION OR BROADCAST until you hear from us." in text
    sink.received.clear()
    embargoed.get_latest_revision().publish(user=publisher)
    run_tasks(send_queued_email)
    (received,) = sink.received
    assert received.message["Subject"].startswith("Embargo lifted: ")


def test_nothing_is_sent_while_every_word_would_be_wrong(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    publisher_client: Client,
    sink: SmtpSink,
    clock: time_machine.Traveller,
) -> None:
    send_release(embargoed, people[:1], "", publisher)
    clock.move_to(EMBARGO)
    run_tasks(send_queued_email)
    assert not sink.received
    screen = get_text(publisher_client.get(get_screen(embargoed)))
    assert "The embargo has passed, but the release is not published." in screen
    response = post(publisher_client, embargoed, "send", contacts=[people[1].pk])
    assert "Nothing was sent" in get_messages(response)
    assert ReleaseRecipient.objects.count() == 1
    embargoed.get_latest_revision().publish(user=publisher)
    # It does not wait for its next attempt.
    run_tasks(send_queued_email)
    (received,) = sink.received
    assert received.message["Subject"] == embargoed.title


def test_a_form_sent_twice_sends_once(
    embargoed: NewsPage, people: list[PressContact], publisher_client: Client, sink: SmtpSink
) -> None:
    for act in ("test", "send", "send"):
        post(publisher_client, embargoed, act, contacts=[people[0].pk])
    run_tasks(send_queued_email)
    assert len(get_released(sink)) == 1
    assert ReleaseRecipient.objects.count() == 1


def get_released(sink: SmtpSink) -> list[Any]:
    """Return the messages that were sent to others than the tester."""
    return [mail for mail in sink.received if not mail.message["Subject"].startswith("Test:")]


def test_nothing_is_sent_before_a_test_of_exactly_this_email(
    embargoed: NewsPage, people: list[PressContact], publisher_client: Client, sink: SmtpSink
) -> None:
    chosen = {"contacts": [people[0].pk], "message": "For Thursday."}

    def try_to_send() -> str:
        response = post(publisher_client, embargoed, "send", **chosen)
        assert not ReleaseRecipient.objects.exists()
        return str(response.text)

    assert "Send a test of this e-mail to yourself first" in try_to_send()
    assert "Send to 1 person" in post(publisher_client, embargoed, "test", **chosen).text
    chosen["message"] = "For Friday."
    assert "Send a test of this e-mail to yourself first" in try_to_send()
    assert "Send to 1 person" in post(publisher_client, embargoed, "test", **chosen).text
    embargoed.title = "Another title"
    embargoed.save_revision()
    assert "Send a test of this e-mail to yourself first" in try_to_send()


def test_a_failed_test_is_tried_again_and_then_opens_the_way(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    publisher_client: Client,
    sink: SmtpSink,
) -> None:
    chosen = {"contacts": [people[0].pk]}
    sink.refusals[publisher.email] = "451 4.3.0 Try again later"
    post(publisher_client, embargoed, "test", **chosen)
    run_tasks(send_queued_email)
    assert "Send to 1 person" not in post(publisher_client, embargoed, "preview", **chosen).text
    post(publisher_client, embargoed, "send", **chosen)
    assert not ReleaseRecipient.objects.exists()
    response = post(publisher_client, embargoed, "test", **chosen)
    assert "The test could not be sent (" in get_messages(response)
    assert "Try again with the button below" in get_messages(response)
    del sink.refusals[publisher.email]
    response = post(publisher_client, embargoed, "test", **chosen)
    assert "A test is on its way" in get_messages(response)
    assert "Send to 1 person" in response.text
    # The first e-mail again, not another one.
    assert PressEmail.objects.count() == len(sink.received) == 1
    post(publisher_client, embargoed, "send", **chosen)
    assert ReleaseRecipient.objects.exists()


def test_somebody_new_is_added_to_the_press_list(
    embargoed: NewsPage, publisher_client: Client, sink: SmtpSink
) -> None:
    data = {"name": "Kim New", "outlet": "Blog", "email": "kim@example.org"}
    response = post(publisher_client, embargoed, "preview", name="Kim New")
    assert "Enter both name and e-mail address, or neither." in response.text
    response = post(publisher_client, embargoed, "preview")
    assert "Select at least one person" in response.text
    assert "Send to 1 person" in post(publisher_client, embargoed, "test", **data).text
    assert not PressContact.objects.exists()
    post(publisher_client, embargoed, "send", **data)
    run_tasks(send_queued_email)
    assert get_released(sink)[0].recipient == "kim@example.org"
    contact = PressContact.objects.get()
    assert contact.source == f"Entered when “{embargoed.title}” was sent"
    assert contact.last_contact_on == timezone.localdate()


def test_a_deactivated_sender_loses_their_link_and_recipients_keep_theirs(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    publisher_client: Client,
    client: Client,
    sink: SmtpSink,
) -> None:
    post(publisher_client, embargoed, "test", contacts=[people[0].pk])
    run_tasks(send_queued_email)
    test_link = get_link(get_parts(sink.received.pop().message)[0])
    links = send_all(embargoed, people, publisher, sink)
    assert client.get(test_link).status_code == 200
    publisher.is_active = False
    publisher.save()
    assert client.get(test_link).status_code == 410
    assert [client.get(link).status_code for link in links] == [200, 200, 200]


def test_an_administrator_ends_the_links_of_somebody_who_leaves(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    admin_client: Client,
    client: Client,
    sink: SmtpSink,
) -> None:
    """Told when the account is deactivated or about to be deleted, and in the list of users."""
    links = send_all(embargoed, people, publisher, sink)
    screen = f"/admin/press/sent-by/{publisher.pk}/"
    assert screen not in admin_client.get("/admin/users/").text
    assert screen in admin_client.get(f"/admin/users/delete/{publisher.pk}/").text
    response = admin_client.post(f"/admin/bulk/core/user/delete/?id={publisher.pk}")
    assert "No account was deleted." in get_messages(response)
    assert screen in admin_client.get("/admin/users/").text
    assert User.objects.filter(pk=publisher.pk).exists()
    address = f"/admin/bulk/core/user/set_active_state/?id={publisher.pk}"
    response = admin_client.post(address, {"mark_as_active": "False"})
    assert "with 3 links. Journalists can still use them." in get_messages(response)
    assert screen in admin_client.get("/admin/users/").text
    text = admin_client.get(screen).text
    assert f">{embargoed.title}</a>" in text
    assert "End 3 links" in text
    set_people(embargoed, [publisher], publisher)
    assert embargoed.title not in admin_client.get(screen).text
    assert "3 links ended." in get_messages(admin_client.post(screen))
    assert [client.get(link).status_code for link in links] == [410, 410, 410]
    assert "No link" in admin_client.get(screen).text
    assert screen not in admin_client.get("/admin/users/").text


def test_who_manages_accounts_is_not_led_to_the_screen_of_administrators(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    editor: User,
    editor_client: Client,
    sink: SmtpSink,
) -> None:
    send_all(embargoed, people, publisher, sink)
    names = ("view_user", "change_user", "delete_user")
    editor.user_permissions.add(
        *Permission.objects.filter(codename__in=names, content_type__app_label="core")
    )
    screen = f"/admin/press/sent-by/{publisher.pk}/"
    assert editor_client.get(screen).status_code == 302
    text = editor_client.get(f"/admin/users/delete/{publisher.pk}/").text
    assert "with 3 links. Journalists can still use them. Ask an administrator" in text
    assert screen not in text
    assert screen not in editor_client.get("/admin/users/").text


def test_all_links_are_ended_and_what_waits_is_not_sent(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    publisher_client: Client,
    client: Client,
    sink: SmtpSink,
) -> None:
    (link,) = send_all(embargoed, people[:1], publisher, sink)
    send_release(embargoed, people[1:], "", publisher)
    response = post(publisher_client, embargoed, "end")
    assert "3 links ended." in get_messages(response)
    run_tasks(send_queued_email)
    assert not sink.received
    assert client.get(link).status_code == 410
    assert client.get(f"{link}press-pack.zip").status_code == 410
    # Sent again, it is a new link.
    (again,) = send_all(embargoed, people[:1], publisher, sink)
    assert client.get(again).status_code == 200
    assert client.get(link).status_code == 410


def test_only_those_with_permission_send(
    embargoed: NewsPage, people: list[PressContact], editor_client: Client, guest_client: Client
) -> None:
    for client in (editor_client, guest_client):
        for act in ("preview", "send", "end", "retry", "test"):
            post(client, embargoed, act, contacts=[people[0].pk])
        assert people[0].email not in client.get(get_screen(embargoed)).text
    assert not PressEmail.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"contacts": ["0"]},
        {"contacts": ["x" * 3000]},
        {"email": "no address", "name": "A"},
        {"act": "end", "recipient": "9" * 30},
        {"act": "end", "recipient": "’"},
        {"act": "nothing"},
    ],
)
def test_bad_input_is_refused(
    embargoed: NewsPage, publisher_client: Client, data: dict[str, Any]
) -> None:
    assert post(publisher_client, embargoed, **({"act": "send"} | data)).status_code in (200, 302)
    assert not PressEmail.objects.exists()


def test_a_release_without_an_embargo_is_not_sent(
    release: NewsPage, people: list[PressContact], publisher_client: Client
) -> None:
    assert "not under embargo" in publisher_client.get(get_screen(release)).text
    response = post(publisher_client, release, "send", contacts=[people[0].pk])
    assert "Nothing was sent" in get_messages(response)


def test_the_editor_leads_to_the_screen_only_if_it_is_of_use(
    embargoed: NewsPage, publisher_client: Client
) -> None:
    address = f"/admin/pages/{embargoed.pk}/edit/"
    assert get_screen(embargoed) in publisher_client.get(address).text
    Release.objects.update(embargo_until=None)
    assert get_screen(embargoed) not in publisher_client.get(address).text


def test_a_person_who_leaves_the_list_is_forgotten(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    publisher_client: Client,
    client: Client,
    sink: SmtpSink,
) -> None:
    (link,) = send_all(embargoed, people[:1], publisher, sink)
    exported = publisher_client.get(f"/admin/press-list/export/{people[0].pk}/").json()
    assert exported["releases"][0]["title"] == embargoed.title
    publisher_client.post(f"/admin/press-list/delete/{people[0].pk}/")
    assert client.get(link).status_code == 404
    recipient = ReleaseRecipient.objects.get()
    assert (recipient.name, recipient.email, recipient.outlet) == ("", "", "Daily")
    assert not PressEmail.objects.exists()
    assert not DraftLink.objects.exists()


def test_what_was_sent_is_deleted_after_a_year(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    sink: SmtpSink,
    clock: time_machine.Traveller,
    settings: Any,
) -> None:
    send_all(embargoed, people, publisher, sink)
    assert delete_outdated_recipients() == 0
    clock.shift(datetime.timedelta(days=settings.PRESS_RECIPIENTS_KEPT_DAYS, minutes=1))
    assert delete_outdated_recipients() == 3
    assert not ReleaseRecipient.objects.exists()
    assert not PressEmail.objects.exists()
    assert not DraftLink.objects.exists()
    assert PressContact.objects.count() == 3


def test_no_token_is_kept_once_it_was_sent(
    embargoed: NewsPage, people: list[PressContact], publisher: User, sink: SmtpSink
) -> None:
    (link,) = send_all(embargoed, people[:1], publisher, sink)
    token = link.split("/")[2]
    email = PressEmail.objects.get()
    for value in vars(email).values():
        assert token not in str(value)
    for task in QueuedTask.objects.all():
        assert token not in str(vars(task))


def test_editors_do_not_read_who_has_it(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    editor_client: Client,
    sink: SmtpSink,
) -> None:
    send_all(embargoed, people[:1], publisher, sink)
    response = editor_client.get(f"/admin/pages/{embargoed.pk}/share-draft/")
    assert response.status_code == 200
    assert people[0].name not in response.text


def test_openings_of_personal_links_are_not_counted(
    embargoed: NewsPage,
    people: list[PressContact],
    publisher: User,
    client: Client,
    sink: SmtpSink,
) -> None:
    (link,) = send_all(embargoed, people[:1], publisher, sink)
    client.get(link)
    row = DraftLink.objects.get()
    assert (row.open_count, row.last_opened_at) == (0, None)
