"""The statement: what the law asks for, and the files that have problems now."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.accessibility.inventory import get_inventory
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteSettings
from bhp_site.enquiries.models import ANSWER_WORKING_DAYS, AccessibleCopy
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.pdf.messages import FINDING_MESSAGES
from reports.chapters import Chapter
from tests.factories import SiteDocumentFactory, offer

REQUIRED = (
    "How accessible this website is",
    "Feedback and contact information",
    "Reporting accessibility problems with this website",
    "Enforcement procedure",
    "Technical information about this website’s accessibility",
    "Preparation of this accessibility statement",
)


def at_fault(document: SiteDocument, *codes: str) -> SiteDocument:
    """`document` as if the preflight had found this, and nothing else."""
    document.findings = [{"code": code, "pages": []} for code in codes]
    document.save(update_fields=["findings"])
    cache_version.advance()
    return document


def get_statement(client: Client, query: str = "") -> Any:
    response = client.get(f"/accessibility/{query}")
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser").main


def get_text(client: Client, query: str = "") -> str:
    return re.sub(r"\s+", " ", get_statement(client, query).text)


@pytest.fixture
def untagged(site: SimpleNamespace) -> SiteDocument:
    return at_fault(site.document, "not_tagged", "no_bookmarks")


def test_it_has_what_the_law_requires(untagged: SiteDocument, client: Client) -> None:
    headings = [one.text for one in get_statement(client).find_all("h2")]
    assert [one for one in headings if one in REQUIRED] == list(REQUIRED)
    text = get_text(client)
    assert "(No. 2) Accessibility Regulations 2018" in text
    assert "Equality and Human Rights Commission (EHRC)" in text
    assert re.search(r"last reviewed on \d+ \w+ \d{4}", text)


def test_it_promises_the_days_that_a_request_is_given(
    site: SimpleNamespace, client: Client
) -> None:
    assert f"We answer within {ANSWER_WORKING_DAYS} working days." in get_text(client)


def test_a_file_is_listed_with_what_keeps_people_out(
    untagged: SiteDocument, client: Client
) -> None:
    text = get_text(client)
    assert "partially compliant with" in text
    assert "due to the non-compliances listed below" in text
    assert "1 of the 1 document on this website has problems" in text
    assert "The file is not tagged. Screen readers find no headings and no" in text
    assert "Why we publish it: A blank page says nothing to anybody." in text
    assert f"Checked on {datetime.date.today():%-d %B %Y}" in text
    assert get_statement(client).find("a", href=untagged.url).text.startswith("The report")


def test_a_better_file_ends_it(untagged: SiteDocument, client: Client) -> None:
    assert "not tagged" in get_text(client)
    at_fault(untagged)
    text = get_text(client)
    assert "fully compliant" in text
    assert "not tagged" not in text


def test_advice_is_no_problem(site: SimpleNamespace, client: Client) -> None:
    at_fault(site.document, "no_bookmarks")
    assert "fully compliant" in get_text(client)


def test_a_private_file_is_not_told_of(site: SimpleNamespace, client: Client) -> None:
    at_fault(site.document)
    at_fault(SiteDocumentFactory(title="Nobody’s"), "not_tagged")
    assert "Nobody’s" not in get_text(client)


def test_a_withdrawn_file_is_not_told_of(untagged: SiteDocument, client: Client) -> None:
    untagged.versions.get().withdraw("It named somebody.", None)
    cache_version.advance()
    assert "not tagged" not in get_text(client)


def test_documents_published_before_the_regulations_are_exempt(
    site: SimpleNamespace, client: Client
) -> None:
    for date, precision, is_exempt in (
        ("2018-09-22", "day", True),
        ("2018-09-23", "day", False),
        ("2018-09-01", "month", False),
        ("2018-01-01", "year", False),
        ("2017-01-01", "year", True),
    ):
        site.report.date, site.report.date_precision = date, precision
        site.report.save()
        at_fault(site.document, "not_tagged")
        assert [file.is_exempt for file in get_inventory().documents] == [is_exempt], date
        text = get_text(client)
        assert ("due to the exemptions listed below" in text) == is_exempt
        assert ("not within the scope" in text) == is_exempt


def test_a_newer_version_is_not_exempt(site: SimpleNamespace) -> None:
    site.report.date = "2012-01-01"
    site.report.save()
    at_fault(site.document, "not_tagged")
    SiteDocument.objects.filter(pk=site.document.pk).update(version_number=2)
    assert not get_inventory().exempt


def test_problems_added_by_editors_are_listed_by_kind(
    site: SimpleNamespace, client: Client
) -> None:
    at_fault(site.document)
    for kind, status, heading in (
        ("failing", "the non-compliances", "Non-compliance with"),
        ("burden", "the non-compliances", "Disproportionate burden"),
        ("exempt", "the exemptions", "within the scope"),
    ):
        problem = {"what": "The <map> hides.", "criterion": "2.1.1", "kind": kind, "plan": "Now."}
        site.statement.problems = [("problem", problem)]
        site.statement.save()
        found = get_statement(client)
        text = re.sub(r"\s+", " ", found.text)
        assert "partially compliant with the Web Content Accessibility Guid" in text
        assert f"due to {status} listed below" in text
        place = next(one for one in found.find_all("h3") if heading in one.text)
        listed = re.sub(r"\s+", " ", place.find_next("ul").text)
        assert "The <map> hides. It fails WCAG 2.2 success criterion 2.1.1. Now." in listed


def test_editors_can_say_that_most_fails(untagged: SiteDocument, site: Any, client: Client) -> None:
    site.statement.not_compliant = True
    site.statement.save()
    assert "This website is not compliant with" in get_text(client)


def test_many_files_are_shown_in_parts_in_as_many_queries(
    untagged: SiteDocument,
    site: SimpleNamespace,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cost() -> int:
        cache_version.advance()
        with CaptureQueriesContext(connection) as captured:
            get_inventory()
        return len(captured)

    monkeypatch.setattr("bhp_site.accessibility.models.DOCUMENTS_PER_PAGE", 3)
    cost()
    few = cost()
    for number in range(4):
        offer(site.report, at_fault(SiteDocumentFactory(title=f"Old {number}"), "not_tagged"))
    assert cost() == few <= 10
    first, second = get_text(client), get_text(client, "?files=2")
    assert "5 of the 5 documents on this website have problems" in first
    assert ("Old 0" in first, "Old 3" in first) == (True, False)
    assert ("Old 0" in second, "Old 3" in second) == (False, True)
    assert client.get("/accessibility/?files=3").status_code == 404


def test_what_is_public_for_one_is_public_among_all(site: SimpleNamespace) -> None:
    private = SiteDocumentFactory()
    kept = SiteDocumentFactory(title="In a public collection")
    collection = kept.collection.add_child(name="Public")
    SiteDocument.objects.filter(pk=kept.pk).update(collection=collection)
    SiteSettings.for_site(site.home.get_site()).public_collections.add(collection)
    copy, other = SiteDocumentFactory(title="A copy"), SiteDocumentFactory(title="Another")
    for original, one in ((site.document, copy), (kept, other)):
        AccessibleCopy.objects.create(original=original, copy=one, format="large-print")

    def agreed() -> dict[str, list[int]]:
        found = get_public_keys(SiteDocument)
        for document in SiteDocument.objects.all():
            assert (document.pk in found) == document.is_public, document.title
        return {SiteDocument.objects.get(pk=pk).title: pages for pk, pages in found.items()}

    offered = [site.report.pk]
    shown = {"The report": offered, "A copy": offered}
    assert agreed() == shown | {kept.title: [], "Another": []}
    site.report.unpublish()
    assert agreed() == {kept.title: [], "Another": []}
    site.report.save_revision().publish()
    site.document.versions.get().withdraw("It named somebody.", None)
    assert "A copy" not in agreed()
    assert private.title not in agreed()


def test_accessible_copies_and_web_versions_are_listed(
    untagged: SiteDocument, site: SimpleNamespace, client: Client
) -> None:
    site.report.chapters = [Chapter(title="One", body=[("paragraph", "<p>Words.</p>")])]
    site.report.save()
    copy = at_fault(SiteDocumentFactory(title="In large letters"))
    AccessibleCopy.objects.create(original=untagged, copy=copy, format="large-print")
    cache_version.advance()
    found = get_statement(client)
    assert found.find("a", href=f"{site.report.url}read/").text == "Read online: The report"
    assert client.get(f"{site.report.url}read/").status_code == 200
    assert found.find("a", href=copy.url).text == "Large print (PDF, 1 KB): The report"
    assert found.find("a", href=f"/accessible-copy/{untagged.slug}/")
    assert found.find("a", href="/accessibility-problem/")


def test_every_meaning_is_one_sentence_about_readers() -> None:
    for code, message in FINDING_MESSAGES.items():
        assert message.meaning.count(". ") == 0, code
        assert not re.search(r"In Word|InDesign|Acrobat|[Ee]xport", message.meaning), code
