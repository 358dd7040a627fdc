"""References to reports, read back by the programs that people use."""

import datetime
import html
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
import rispy
from citeproc import (
    Citation as Cited,
)
from citeproc import (
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.test.client import RequestFactory
from pybtex.database import parse_string
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from reports.citation_formats import build_csl_item, format_bibtex, format_ris
from reports.citations import Author, Citation, build_citation, clean_doi, clean_isbn, parse_authors

from ..factories import ReportPageFactory, SiteDocumentFactory, offer, pdf_bytes
from ..page_states import HIDDEN

ODD = [
    "Ends\r\nER  - \r\nTY  - BOOK",
    "{Braces} and }unbalanced{",
    r"\input{/etc/passwd} \\ 50% & $5 #1 a_b ~ ^",
    'He said "no" <b>&amp;</b>',
    "مستشفى برمنغهام",
    "Iechyd da 🙂 café ﬁ",
    "\u202eright to left",
    "A" * 255,
    "@book{x, title={y}}",
    "and and and",
    "Comma, Name and Other, One",
]


@pytest.fixture
def report(report_index: Any) -> Any:
    made = ReportPageFactory(
        parent=report_index,
        title="Report of Activity",
        slug="activity",
        authors="Smith, Jo Ann\nThe Working Group\nÓ Briain, Dara",
        report_number="BHP/2022/1",
        isbn="978-3-16-148410-0",
        doi="10.1234/bhp.1",
    )
    document = SiteDocumentFactory(
        title="Activity", file=ContentFile(pdf_bytes(pages=3), name="a.pdf")
    )
    offer(made, document)
    return made


def get(client: Client, extension: str, slug: str = "activity", **query: Any) -> Any:
    cache_version.advance()
    return client.get(f"/reports/{slug}/cite.{extension}", query)


def test_ris_is_read_back(report: Any, client: Client) -> None:
    response = get(client, "ris")
    assert response.headers["Content-Type"].startswith("application/x-research-info-systems")
    assert response.headers["Content-Disposition"] == 'attachment; filename="activity.ris"'
    assert response.content.count(b"\n") == response.content.count(b"\r\n")
    (entry,) = rispy.loads(response.text)
    assert entry["type_of_reference"] == "RPRT"
    assert entry["title"] == "Report of Activity"
    assert entry["authors"] == ["Smith, Jo Ann", "The Working Group", "Ó Briain, Dara"]
    assert entry["year"] == "2022"
    assert entry["date"] == "2022/11/24/"
    assert entry["publisher"] == "Birmingham Health Partners"
    assert entry["doi"] == "10.1234/bhp.1"
    assert entry["issn"] == "978-3-16-148410-0"
    assert entry["urls"] == ["http://testserver/reports/activity/"]
    assert "L1  - http://testserver/documents/activity.pdf\r\n" in response.text
    assert "SP  - 3\r\n" in response.text


def test_bibtex_is_read_back(report: Any, client: Client) -> None:
    response = get(client, "bib")
    assert response.headers["Content-Type"].startswith("application/x-bibtex")
    entry = parse_string(response.text, "bibtex").entries["activity-2022"]
    assert entry.type == "techreport"
    assert entry.fields["title"] == "{Report of Activity}"
    assert entry.fields["institution"] == "{Birmingham Health Partners}"
    assert (entry.fields["year"], entry.fields["month"]) == ("2022", "11")
    assert entry.fields["doi"] == "10.1234/bhp.1"
    assert entry.fields["url"] == "http://testserver/reports/activity/"
    first, group, last = entry.persons["author"]
    assert (first.last_names, first.first_names) == (["{Smith}"], ["{Jo Ann}"])
    assert group.last_names == ["{The Working Group}"]
    assert last.last_names == ["{Ó Briain}"]


def test_csl_json_is_read_back(report: Any, client: Client) -> None:
    response = get(client, "json")
    assert response.headers["Content-Type"].startswith("application/vnd.citationstyles.csl+json")
    (item,) = json.loads(response.content)
    assert item["type"] == "report"
    assert item["issued"] == {"date-parts": [[2022, 11, 24]]}
    assert item["author"] == [
        {"family": "Smith", "given": "Jo Ann"},
        {"literal": "The Working Group"},
        {"family": "Ó Briain", "given": "Dara"},
    ]
    assert item["number-of-pages"] == "3"
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
    bibliography.register(Cited([CitationItem(item["id"])]))
    written = "".join(map(str, bibliography.bibliography()[0]))
    assert "Smith, J.A." in written
    assert "2022" in written
    assert "Report of Activity" in written


def test_the_partnership_is_the_author_of_what_names_none(
    site: SimpleNamespace, client: Client
) -> None:
    (item,) = json.loads(get(client, "json", site.report.slug).content)
    assert item["author"] == [{"literal": "Birmingham Health Partners"}]
    assert "DOI" not in item


def get_citation(**values: Any) -> Citation:
    known: dict[str, Any] = {
        "key": "x-2022",
        "title": "Title",
        "authors": [Author("Group")],
        "date": datetime.date(2022, 11, 24),
        "precision": "day",
        "publisher": "BHP",
        "kind": "Activity report",
        "summary": "",
        "language": "en",
        "url": "https://example.org/reports/x/",
    }
    return Citation(**known | values)


@pytest.mark.parametrize("odd", ODD)
def test_odd_words_break_no_format(report: Any, odd: str) -> None:
    report.title = report.summary = odd
    report.authors = odd
    citation = build_citation(report, RequestFactory().get("/"))
    (entry,) = rispy.loads(format_ris(citation))
    assert entry["title"] == citation.title
    entries = parse_string(format_bibtex(citation), "bibtex").entries
    assert [*entries] == ["activity-2022"]
    assert len(entries["activity-2022"].persons["author"]) == len(citation.authors)
    assert json.loads(json.dumps(build_csl_item(citation)))[0]["title"] == citation.title


@pytest.mark.parametrize(
    "precision, ris_date, parts",
    [
        ("day", "2022/11/24/", [2022, 11, 24]),
        ("month", "2022/11//", [2022, 11]),
        ("year", "2022///", [2022]),
    ],
)
def test_a_date_is_no_more_exact_than_known(
    precision: str, ris_date: str, parts: list[int]
) -> None:
    citation = get_citation(precision=precision)
    assert rispy.loads(format_ris(citation))[0]["date"] == ris_date
    assert build_csl_item(citation)[0]["issued"] == {"date-parts": [parts]}
    assert ("month" in format_bibtex(citation)) == (precision != "year")


@pytest.mark.parametrize(
    "values, sentence",
    [
        ({}, "Group (2022) Title. BHP. Available at: https://example.org/reports/x/"),
        (
            {"authors": [Author("BHP")]},
            "BHP (2022) Title. Available at: https://example.org/reports/x/",
        ),
        (
            {
                "authors": [Author("Smith", "Jo Ann"), Author("Lee", "K"), Author("Group")],
                "doi": "10.1/x",
                "number": "R1",
                "version": "2",
            },
            "Smith, J.A., Lee, K. and Group (2022) Title. Version 2. R1. BHP. "
            "Available at: https://doi.org/10.1/x",
        ),
    ],
)
def test_the_sentence_is_a_harvard_reference(values: dict[str, Any], sentence: str) -> None:
    one = get_citation(**values)
    assert f"{one.author_names} ({one.year}) {one.title}. {one.after_title}" == sentence


def test_the_page_has_sentence_files_and_tags(report: Any, client: Client) -> None:
    text = html.unescape(client.get("/reports/activity/").text)
    assert "Smith, J.A., The Working Group and Ó Briain, D. (2022)" in text
    for extension in ("ris", "bib", "json"):
        assert f'href="/reports/activity/cite.{extension}"' in text
    tags = re.findall('<meta name="(citation_[a-z_]+)" content="([^"]*)">', text)
    assert ("citation_title", "Report of Activity") in tags
    assert ("citation_author", "Smith, Jo Ann") in tags
    assert ("citation_publication_date", "2022/11/24") in tags
    assert ("citation_technical_report_institution", "Birmingham Health Partners") in tags
    assert ("citation_pdf_url", "http://testserver/documents/activity.pdf") in tags
    assert '"familyName": "Smith"' in text or '"familyName":"Smith"' in text


def test_other_pages_have_no_such_tags(site: SimpleNamespace, client: Client) -> None:
    for page in (site.news, site.partner, site.report_index, site.standard):
        assert 'name="citation_' not in client.get(page.get_url()).text


def test_a_version_is_cited_as_it_was(report: Any, client: Client, admin: Any) -> None:
    document = report.downloads.get().document
    document.file = ContentFile(pdf_bytes("New", pages=5), name="new.pdf")
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    assert json.loads(get(client, "json").content)[0]["number-of-pages"] == "5"
    (item,) = json.loads(get(client, "json", version=1).content)
    assert (item["number-of-pages"], item["version"]) == ("3", "1")
    assert item["URL"] == "http://testserver/documents/activity/v1.pdf"
    text = client.get("/reports/activity/").text
    assert 'href="/reports/activity/cite.ris?version=1"' in text
    document.versions.get(number=1).withdraw("A name.", admin)
    gone = get(client, "json", version=1)
    assert gone.status_code == 410
    assert "A name." in gone.text
    assert "cite.ris?version=1" not in client.get("/reports/activity/").text


@pytest.mark.parametrize("version", ["3", "0", "-1", "abc", "99999", "１"])
def test_a_version_that_is_none_is_404(report: Any, client: Client, version: str) -> None:
    assert get(client, "ris", version=version).status_code == 404


def test_other_formats_and_methods_are_refused(report: Any, client: Client) -> None:
    assert get(client, "exe").status_code == 404
    assert client.post("/reports/activity/cite.ris").status_code == 405
    head = client.head("/reports/activity/cite.ris")
    assert head.status_code == 200
    assert head.headers["Link"] == '<http://testserver/reports/activity/>; rel="canonical"'


@pytest.mark.parametrize("state", HIDDEN)
def test_what_visitors_may_not_read_is_not_cited(
    report_index: Any, client: Client, state: str
) -> None:
    page = ReportPageFactory(parent=report_index, title="Secret", slug="secret", live=False)
    HIDDEN[state](page)
    for extension in ("ris", "bib", "json"):
        response = get(client, extension, "secret")
        assert response.status_code == 404
        assert "Secret" not in response.text


def test_an_address_in_another_script_can_be_cited(report_index: Any, client: Client) -> None:
    # No editor can enter one any longer; a row of an earlier version may have it.
    report = ReportPageFactory(parent=report_index, title="Adroddiad ŵ", slug="adroddiad")
    url_path = f"{report_index.url_path}adroddiad-ŵ/"
    Page.objects.filter(pk=report.pk).update(slug="adroddiad-ŵ", url_path=url_path)
    response = get(client, "bib", "adroddiad-ŵ")
    assert [*parse_string(response.text, "bibtex").entries] == ["adroddiad-2022"]
    assert 'filename="adroddiad.bib"' in response.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("10.1234/abc", "10.1234/abc"),
        (" https://doi.org/10.1234/a(b)c ", "10.1234/a(b)c"),
        ("http://dx.doi.org/10.1234/abc", "10.1234/abc"),
        ("doi: 10.1234/abc", "10.1234/abc"),
        ("", ""),
    ],
)
def test_a_doi_may_be_pasted_as_an_address(typed: str, kept: str) -> None:
    assert clean_doi(typed) == kept


@pytest.mark.parametrize("typed", ["11.1234/abc", "10.12/abc", "10.1234/", "https://example.org/"])
def test_what_is_no_doi_is_refused(report_index: Any, typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ReportPageFactory.build(doi=typed).clean()
    assert [*refusal.value.message_dict] == ["doi"]


@pytest.mark.parametrize(
    "typed", ["978-3-16-148410-0", "9783161484100", "0-306-40615-2", "080442957X", ""]
)
def test_an_isbn_is_kept_as_typed(typed: str) -> None:
    assert clean_isbn(f" {typed}") == typed


@pytest.mark.parametrize("typed", ["978-3-16-148410-1", "0-306-40615-3", "12345", "abc"])
def test_what_is_no_isbn_is_refused(report_index: Any, typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        ReportPageFactory.build(isbn=typed).clean()
    assert [*refusal.value.message_dict] == ["isbn"]


def test_authors_are_typed_one_a_line() -> None:
    assert parse_authors(" Smith,  Jo \n\nThe Group\n") == [
        Author("Smith", "Jo"),
        Author("The Group"),
    ]
