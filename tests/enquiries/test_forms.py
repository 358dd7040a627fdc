"""What visitors may send, what is refused and how that is said."""

import re
from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import FormerAddress

from ..page_states import HIDDEN
from . import ADDRESS, COPY_FORM, PROBLEM, PROBLEM_FORM

Send = Callable[..., HttpResponse]

HOSTILE_STRINGS = (
    "\x00\x01\x1b[31m",
    "<script>alert(1)</script>",
    "'; DROP TABLE enquiries_request; --",
    "{{ settings.SECRET_KEY }}{% debug %}",
    "Z̴̢̛ŏ̵̥e ‮evil‬ \u200b𝔘𝔫𝔦",
    "jo@example.com\r\nBcc: all@example.org",
    "\ud83d\ude00"[:1].encode("utf-8", "replace").decode(),
)


def parse_page(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def get_error_summary(response: HttpResponse) -> list[str]:
    """The lines of what is wrong, on top of the form."""
    return [line.text for line in parse_page(response).select(".error-summary li")]


def test_a_request_becomes_one_that_is_tracked(file: SiteDocument, send: Send) -> None:
    response = send(COPY_FORM)
    kept = Enquiry.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/request-sent/{kept.reference}/"
    assert (kept.document, kept.version_number, kept.format) == (file, 1, "large-print")
    assert (kept.email, kept.name, kept.message) == (ADDRESS, "Jo Lee", "All of it.")
    assert f"{kept.due:%Y-%m-%d}" == "2026-09-22"
    assert kept.status == Enquiry.Status.NEW


def test_the_thanks_say_when_and_under_which_number_and_nothing_about_who(
    file: SiteDocument, send: Send, client: Client
) -> None:
    response = client.get(send(COPY_FORM)["Location"])
    text = " ".join(parse_page(response).main.text.split())
    reference = Enquiry.objects.get().reference
    assert re.fullmatch(r"[2-9a-z]{5}-[2-9a-z]{5}", reference)
    assert f"Your reference {reference} Document The report Format Large print" in text
    assert "We will answer by Tuesday 22 September 2026" in text
    assert ADDRESS not in text
    assert "Jo Lee" not in text
    assert client.get("/request-sent/22222-22222/").status_code == 404


def test_a_problem_is_tracked_too(file: SiteDocument, send: Send, client: Client) -> None:
    thanks = client.get(send(PROBLEM_FORM, PROBLEM, email="")["Location"]).text
    kept = Enquiry.objects.get()
    assert (kept.kind, kept.page, kept.tools) == ("problem", "/reports/", "A keyboard")
    assert kept.message == "The menu cannot be reached."
    assert "You did not enter an e-mail address, so we cannot answer." in thanks
    # Only the team is written to.
    assert [message.to for message in mail.outbox] == [["access@example.org"]]


def test_the_form_shows_the_file_and_its_version(file: SiteDocument, client: Client) -> None:
    text = " ".join(parse_page(client.get(COPY_FORM)).main.text.split())
    assert "Document The report (PDF, 1 KB) Version 1, 24 November 2022" in text


@pytest.mark.parametrize(
    "changes, field, sentence",
    [
        ({"email": ""}, "email", "Enter your e-mail address, so that we can answer."),
        (
            {"email": "jo@"},
            "email",
            ("Enter an e-mail address in the correct format, like name@example.org."),
        ),
        ({"email": f"{'a' * 250}@b.org"}, "email", "at most 254 characters (it has 256)"),
        (
            {"email": f"{ADDRESS}\nBcc: x@y.org"},
            "email",
            "Enter an e-mail address in the correct format",
        ),
        ({"format": ""}, "format_0", "Select the format that you need."),
        ({"format": "papyrus"}, "format_0", "papyrus is not one of the available choices"),
        ({"format": "language"}, "details", "Enter the language that you need."),
        ({"format": "other"}, "details", "Enter the format that you need."),
        ({"name": "x" * 101}, "name", "at most 100 characters"),
        ({"message": "x" * 4001}, "message", "at most 4000 characters"),
    ],
)
def test_errors_are_listed_on_top_and_beside_their_field(
    file: SiteDocument, send: Send, changes: dict[str, str], field: str, sentence: str
) -> None:
    response = send(COPY_FORM, **changes)
    html5lib.HTMLParser(strict=True).parse(response.text)
    page = parse_page(response)
    (line,) = page.select(".error-summary li a")
    assert sentence in line.text
    assert line["href"] == f"#id_{field}"
    (wrong,) = page.select(line["href"])
    described = page.select_one("fieldset") if field == "format_0" else wrong
    beside = page.select_one(f"#id_{field.removesuffix('_0')}_error")
    assert beside["id"] in described["aria-describedby"]
    assert sentence in beside.text
    # Nothing that was written is lost.
    assert page.select_one("#id_message").text.strip() == changes.get("message", "All of it.")
    assert page.title.text.startswith("Error: Ask for an accessible copy")
    box = page.select_one(".error-summary")
    assert (box["role"], box.has_attr("autofocus")) == ("alert", True)
    assert not Enquiry.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("text", HOSTILE_STRINGS)
def test_whatever_is_written_is_kept_as_words(
    file: SiteDocument, send: Send, admin_client: Client, text: str
) -> None:
    words = dict.fromkeys(("name", "details", "message"), f"a{text}b")
    assert send(COPY_FORM, **words).status_code == 302
    kept = Enquiry.objects.get()
    assert kept.message[0] + kept.message[-1] == "ab"
    assert "\0" not in kept.name
    screen = admin_client.get(f"/admin/requests/edit/{kept.pk}/")
    assert screen.status_code == 200
    assert "<script>alert" not in screen.text
    for message in mail.outbox:
        assert text not in str(message.message())


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(file: SiteDocument, client: Client, method: str) -> None:
    assert getattr(client, method)(COPY_FORM).status_code == 405


@pytest.mark.parametrize("words", [{}, {"stamp": "\0"}, {"format": ["a", "b"], "email": "\0"}])
def test_a_form_that_is_none_is_answered_with_the_form(
    file: SiteDocument, client: Client, words: dict[str, Any]
) -> None:
    response = client.post(COPY_FORM, words)
    assert response.status_code == 200
    assert (
        "Part of the form was missing, so we did not send it. Please send it again."
    ) in get_error_summary(response)


@pytest.mark.parametrize("state", HIDDEN)
def test_the_form_of_a_document_that_is_not_public_is_not_found(
    file: SiteDocument, site: Any, client: Client, state: str
) -> None:
    HIDDEN[state](site.report)
    site.news.report = None
    site.news.save()
    if state in ("draft", "scheduled"):
        site.report.unpublish()
    cache_version.advance()
    assert client.get(COPY_FORM).status_code == 404
    assert client.post(COPY_FORM, {}).status_code == 404


def test_copies_of_withdrawn_or_unknown_documents_cannot_be_requested(
    file: SiteDocument, client: Client, admin: Any
) -> None:
    assert client.get("/accessible-copy/nothing/").status_code == 404
    file.versions.get().withdraw("It named somebody.", admin)
    assert client.get(COPY_FORM).status_code == 404


def test_the_address_before_leads_to_the_present_one(file: SiteDocument, client: Client) -> None:
    FormerAddress.objects.create(path="/documents/old-name.pdf", document=file)
    assert client.get("/accessible-copy/old-name/")["Location"] == COPY_FORM


@pytest.mark.parametrize(
    "given, shown",
    [
        ("/reports/", "/reports/"),
        ("http://testserver/reports/?q=1#a", "/reports/"),
        ("//evil.example/", ""),
        ("https://evil.example/reports/", ""),
        ("http://testserver//evil.example/", ""),
        ("http://testserver/\\evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/reports/\x00", "/reports/"),
        ("[::", ""),
        ('/"><b>', '/"><b>'),
    ],
)
def test_the_page_of_a_problem_is_one_of_this_site(
    file: SiteDocument, client: Client, send: Send, given: str, shown: str
) -> None:
    if "\0" not in given:
        page = parse_page(client.get(PROBLEM_FORM, {"page": given}))
        assert page.select_one("#id_page").get("value", "") == shown
        assert not page.select_one("main b")
    response = send(PROBLEM_FORM, PROBLEM, page=given)
    if shown:
        assert Enquiry.objects.get().page == shown
    else:
        assert "Enter the address of a page on this site" in get_error_summary(response)[0]


@pytest.mark.parametrize("address", ["/", "/reports/", "/nowhere/", "/search/?q=x"])
def test_every_page_leads_to_the_report_of_a_problem(
    file: SiteDocument, client: Client, address: str
) -> None:
    link = parse_page(client.get(address)).select_one(f'.footer a[href^="{PROBLEM_FORM}"]')
    assert link["href"] == f"{PROBLEM_FORM}?page={address.partition('?')[0]}"


def test_every_download_leads_to_its_form(file: SiteDocument, site: Any, client: Client) -> None:
    for page in (site.report, site.news, site.report_index):
        (link,) = parse_page(client.get(page.get_url())).select(f'.download a[href="{COPY_FORM}"]')
        assert link.text == "Ask for an accessible copy of The report"
