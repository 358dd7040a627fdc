"""Words in files lead to the page that holds them; nothing hidden is found, counted or guessed."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument
from bhp_site.search.matching import find
from bhp_site.search.models import Entry
from bhp_site.search.suggestions import suggest_spelling
from news.models import NewsDownload

from ..factories import ReportPageFactory, SiteDocumentFactory, offer, write_chapter
from ..page_states import HIDDEN
from ..pdf.pdfs import as_bytes, make_blank, write


def make_pdf(**words: str) -> bytes:
    """A PDF of eight pages with `words` on some of them: `p7="zebrafish"`."""
    made = make_blank(8)
    for name, text in words.items():
        write(made, int(name[1:]) - 1, text)
    return as_bytes(made)


def make_document(title: str, **words: str) -> SiteDocument:
    file: SiteDocument = SiteDocumentFactory(
        title=title, file=ContentFile(make_pdf(**words), name="upload.pdf")
    )
    return file


def look(client: Client, query: str, **more: str) -> str:
    cache_version.advance()
    response = client.get("/search/", {"q": query} | more)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.text)


@pytest.fixture
def report(report_index: Any) -> Any:
    made = ReportPageFactory(parent=report_index, title="Activity", slug="activity")
    offer(made, make_document("Activity PDF", p7="We keep zebrafish", p2="Health data"))
    return made


def test_a_word_on_one_page_leads_there(report: Any, client: Client) -> None:
    text = look(client, "zebrafish")
    assert "1 result for" in text
    assert '<h2><a href="/reports/activity/">Activity</a></h2>' in text
    assert "We keep <mark>zebrafish</mark>" in text
    assert '<a href="/documents/activity-pdf.pdf#page=7">page 7<span> (PDF, ' in text


def test_words_of_title_and_page_are_found_together(report: Any, client: Client) -> None:
    text = look(client, "activity zebrafish")
    assert "#page=7" in text
    # The file's title alone makes no page of it a place to look at.
    assert "#page=2" not in text


def test_pages_beyond_five_are_counted(report: Any, client: Client) -> None:
    everywhere = {f"p{number}": "Zebrafish" for number in range(1, 9)}
    offer(report, make_document("Second", **everywhere))
    text = look(client, "zebrafish")
    assert len(re.findall(r"/documents/second\.pdf#page=\d", text)) == 5
    assert "and 3 more" in text
    assert "“Second” on" in text


def test_a_file_that_no_report_offers_is_a_result_itself(
    site: SimpleNamespace, client: Client
) -> None:
    file = make_document("Minutes", p3="Zebrafish")
    site.news.downloads.add(NewsDownload(document=file))
    site.news.save()
    text = look(client, "zebrafish")
    assert '<h2><a href="/documents/minutes.pdf">Minutes<span class="hide"> (PDF, ' in text
    assert '<span class="tag">Document</span>' in text
    assert "/documents/minutes.pdf#page=3" in text
    assert "Minutes" in look(client, "zebrafish", kind="file")
    assert look(client, "minutes").count("<h2><a") == 1


def test_a_file_in_a_public_collection_is_found(home: Any, client: Client) -> None:
    file = make_document("Policy", p1="Zebrafish")
    assert "0 results" in look(client, "zebrafish")
    SiteSettings.for_site(home.get_site()).public_collections.add(file.collection)
    assert "/documents/policy.pdf#page=1" in look(client, "zebrafish")


def test_a_new_version_replaces_the_words(report: Any, client: Client) -> None:
    file = report.downloads.get().document
    file.file = ContentFile(make_pdf(p4="Quokka"), name="new.pdf")
    file.version_reason = "A blank page says nothing to anybody."
    file.save()
    assert "0 results" in look(client, "zebrafish")
    assert "#page=4" in look(client, "quokka")


def withdraw(report: Any, user: Any) -> None:
    report.downloads.get().document.versions.get().withdraw("A name.", user)


def delete(report: Any, user: Any) -> None:
    report.downloads.all().delete()
    report.save()
    SiteDocument.objects.get(title="Activity PDF").delete()


@pytest.mark.parametrize("hide", [withdraw, delete])
def test_a_file_that_is_gone_is_not_found(
    report: Any, client: Client, admin: Any, hide: Callable[..., None]
) -> None:
    assert "1 result" in look(client, "zebrafish")
    hide(report, admin)
    assert "0 results" in look(client, "zebrafish")
    assert not Entry.objects.filter(text__contains="zebrafish").exists()
    assert suggest_spelling(["zebrafsh"]) == []


@pytest.mark.parametrize("state", HIDDEN)
def test_files_of_hidden_pages_are_not_found(report_index: Any, client: Client, state: str) -> None:
    report = ReportPageFactory(parent=report_index, title="Hidden", live=False)
    offer(report, make_document("Hidden PDF", p7="We keep zebrafish"))
    HIDDEN[state](report)
    for query in ("zebrafish", "hidden", "zebr"):
        text = look(client, query)
        assert "0 results" in text
        assert "<summary>Filter by" not in text
        assert "#page" not in text
    assert "Did you mean" not in look(client, "zebrafsh")
    cache_version.advance()
    assert find(["zebrafish"], {}).matching == set()


def test_a_word_in_a_chapter_leads_there(report: Any, client: Client) -> None:
    write_chapter(report, "Foreword", [("paragraph", "<p>Nothing of the kind.</p>")])
    write_chapter(report, "Fish", [("paragraph", "<p>We count quokkas, too.</p>")])
    write_chapter(report, "More fish", [("note", {"text": "Axolotl?", "page": 1})])
    text = look(client, "quokkas")
    assert "1 result for" in text
    assert '<h2><a href="/reports/activity/">Activity</a></h2>' in text
    assert "We count <mark>quokkas</mark>, too." in text
    assert 'Read online: <a href="/reports/activity/read/fish/">Fish</a></p>' in text
    text = look(client, "activity fish")
    assert 'fish/">Fish</a> and <a href="/reports/activity/read/more-fish/">' in text
    # What editors note is not searched; words of a chapter and of a file are found together.
    assert "0 results" in look(client, "axolotl")
    assert "Read online" not in look(client, "zebrafish")
    report.unpublish()
    assert "0 results" in look(client, "quokkas")


def test_missing_pages_and_documents_are_indexed(report: Any, client: Client) -> None:
    before = Entry.objects.count()
    Entry.objects.all().delete()
    assert "0 results" in look(client, "zebrafish")
    call_command("rebuild_search")
    assert Entry.objects.count() == before
    assert "#page=7" in look(client, "zebrafish")
    call_command("rebuild_search", from_scratch=True)
    assert Entry.objects.count() == before
