"""What a file has been stays to be had, at an address of its own, unless it is withdrawn."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Collection, ModelLogEntry

from bhp_site.core.models import SiteSettings
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import DocumentVersion, FormerAddress

from ..factories import SiteDocumentFactory, pdf_bytes
from ..page_states import publish, unpublish
from .uploading import WHY, confirm

NOTE = "the figure on page 4 was wrong"


def read_body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def replace(document: SiteDocument, title: str = "Corrected", note: str = NOTE) -> bytes:
    """Give `document` other bytes, which are returned."""
    data = pdf_bytes(title)
    document.file, document.version_note = ContentFile(data, name="new.pdf"), note
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    return data


@pytest.fixture
def document(site: SimpleNamespace) -> SiteDocument:
    """A file that a live report offers."""
    return site.document


@pytest.fixture
def replaced(document: SiteDocument) -> SiteDocument:
    replace(document)
    return document


def build_form_data(document: SiteDocument, **changes: Any) -> dict[str, Any]:
    names = ("title", "slug", "collection_id", "accessibility_reason")
    given = {name.removesuffix("_id"): getattr(document, name) for name in names}
    return given | changes


def edit(client: Client, document: SiteDocument, **changes: Any) -> Any:
    return client.post(
        f"/admin/documents/edit/{document.pk}/", build_form_data(document, **changes)
    )


def test_each_version_has_its_bytes_and_facts(document: SiteDocument, client: Client) -> None:
    before = read_body(client.get(document.url))
    after = replace(document)
    assert read_body(client.get(document.url)) == after
    assert read_body(client.get("/documents/the-report/v1.pdf")) == before
    assert read_body(client.get("/documents/the-report/v2.pdf")) == after
    second, first = document.versions.all()
    assert (first.number, first.note, first.file_size) == (1, "", len(before))
    assert (second.number, second.note, second.sha256) == (2, NOTE, document.sha256)


@pytest.mark.parametrize(
    "path", ["v0.pdf", "v3.pdf", "v1.docx", "v-1.pdf", "v1.", "v999999999999.pdf"]
)
def test_no_other_version_is_there(replaced: SiteDocument, client: Client, path: str) -> None:
    assert client.get(f"/documents/the-report/{path}").status_code == 404


def test_a_version_is_as_private_as_its_file(
    site: SimpleNamespace, replaced: SiteDocument, client: Client, editor_client: Client
) -> None:
    unpublish(site.report)
    for number in (1, 2):
        address = f"/documents/the-report/v{number}.pdf"
        assert client.get(address).status_code == 404
        assert editor_client.get(address).headers["Cache-Control"] == "private, no-store"


def test_saving_a_file_without_new_bytes_makes_no_version(document: SiteDocument) -> None:
    document.title = "Another title"
    document.save()
    assert document.versions.count() == 1


def test_a_failing_save_leaves_the_old_file(
    document: SiteDocument, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_body(client.get(document.url))

    def fail(self: SiteDocument) -> None:
        raise RuntimeError

    monkeypatch.setattr(SiteDocument, "_add_version", fail)
    with pytest.raises(RuntimeError):
        replace(document)
    assert read_body(client.get(document.url)) == before
    assert SiteDocument.objects.get(pk=document.pk).version_number == 1


def test_a_replacement_wants_a_note(document: SiteDocument, publisher_client: Client) -> None:
    new = {"file": ContentFile(pdf_bytes("New"), name="new.pdf")}
    response = edit(publisher_client, document, **new)
    assert "Enter what has changed, in one line" in response.text
    assert document.versions.count() == 1
    new = {"file": ContentFile(pdf_bytes("New"), name="new.pdf")}
    review = edit(publisher_client, document, **new, note=NOTE)
    confirmed = confirm(publisher_client, document, review, version_reason=WHY)
    assert confirmed.status_code == 302
    latest = document.versions.first()
    assert latest is not None
    assert (latest.number, latest.note) == (2, NOTE)
    assert latest.created_by == publisher_client.get("/admin/").wsgi_request.user


def test_the_page_says_what_has_changed(
    site: SimpleNamespace, document: SiteDocument, client: Client
) -> None:
    text = client.get(site.report.url).text
    # One version is no list of versions.
    for words in ("Versions of this document", "/v1.pdf", "checksum", "<strong>Updated"):
        assert words not in text
    replace(document)
    # A list of reports says less of each.
    listed = client.get("/reports/").text
    assert f"What changed: {NOTE}" in listed
    assert "Versions of this document" not in listed
    for page in (site.report, site.news):
        text = " ".join(client.get(page.url).text.split())
        assert f"What changed: {NOTE}" in text
        for version in document.versions.all():
            link = f'<a href="{version.url}">Version {version.number} <span class="nb">(PDF, 1 KB)'
            assert link in text
            body = text.partition("<body>")[2]
            shown, _, folded = body.partition("<summary>Exact sizes and checksums</summary>")
            for facts in (version.sha256, f"{version.file_size:,} bytes"):
                assert facts in folded.partition("</details>")[0]
                assert facts not in shown


def test_the_data_for_machines_names_the_version(
    site: SimpleNamespace, replaced: SiteDocument, client: Client
) -> None:
    assert '"version": 2' in client.get(site.report.url).text


def test_a_version_cannot_be_edited(replaced: SiteDocument) -> None:
    version = replaced.versions.get(number=1)
    version.note = "Something else"
    with pytest.raises(TypeError):
        version.save()
    with pytest.raises(TypeError):
        version.save(update_fields=["note"])


def withdraw(client: Client, version: DocumentVersion, reason: str = "It named a person.") -> Any:
    return client.post(f"/admin/files/versions/{version.pk}/withdraw/", {"reason": reason})


def test_a_withdrawn_version_is_gone_and_says_why(
    replaced: SiteDocument, client: Client, publisher_client: Client, publisher: Any
) -> None:
    first = replaced.versions.get(number=1)
    assert withdraw(publisher_client, first).status_code == 302
    response = client.get(first.url)
    assert response.status_code == 410
    assert "It named a person." in response.text
    assert f'href="{replaced.url}"' in response.text
    assert client.get(replaced.url).status_code == 200
    entry = ModelLogEntry.objects.get(action="files.withdraw")
    assert (entry.user, entry.object_id) == (publisher, str(replaced.pk))
    assert entry.message == "Withdrew version 1: It named a person."


def test_the_current_version_is_gone_until_another_takes_its_place(
    site: SimpleNamespace, document: SiteDocument, client: Client, publisher_client: Client
) -> None:
    only = document.versions.get()
    withdraw(publisher_client, only)
    assert client.get(document.url).status_code == 410
    assert client.head(document.url).status_code == 410
    assert client.get(document.url, headers={"Range": "bytes=0-9"}).status_code == 410
    page = client.get(site.report.url).text
    assert "has been withdrawn" in page
    assert f'href="{document.url}"' not in page
    for other in ("/reports/feed.xml", "/reports/feed.json", "/news/feed.xml", site.news.url):
        assert document.url not in client.get(other).text
    after = replace(SiteDocument.objects.get(pk=document.pk))
    assert read_body(client.get(document.url)) == after
    assert client.get(only.url).status_code == 410


def test_a_withdrawn_file_of_a_draft_says_nothing(
    site: SimpleNamespace, document: SiteDocument, client: Client, publisher_client: Client
) -> None:
    withdraw(publisher_client, document.versions.get())
    unpublish(site.news)
    unpublish(site.report)
    assert client.get(document.url).status_code == 404


def test_withdrawing_wants_a_reason(replaced: SiteDocument, publisher_client: Client) -> None:
    first = replaced.versions.get(number=1)
    assert "This field is required" in withdraw(publisher_client, first, "").text
    first.refresh_from_db()
    assert first.withdrawn_at is None


def test_a_withdrawal_can_be_cancelled(replaced: SiteDocument, publisher_client: Client) -> None:
    first = replaced.versions.get(number=1)
    screen = publisher_client.get(f"/admin/files/versions/{first.pk}/withdraw/")
    cancel = BeautifulSoup(screen.text, "html.parser").find("a", string="Cancel")
    assert cancel is not None
    assert cancel["href"] == f"/admin/documents/edit/{replaced.pk}/"


def test_only_who_may_withdraws(replaced: SiteDocument, editor_client: Client) -> None:
    first = replaced.versions.get(number=1)
    withdraw(editor_client, first)
    first.refresh_from_db()
    assert first.withdrawn_at is None
    screen = editor_client.get(f"/admin/documents/edit/{replaced.pk}/").text
    assert "/withdraw/" not in screen


def test_a_files_screen_lists_its_versions(
    replaced: SiteDocument, publisher_client: Client
) -> None:
    screen = publisher_client.get(f"/admin/documents/edit/{replaced.pk}/").text
    assert NOTE in screen
    for version in replaced.versions.all():
        assert f"/admin/files/versions/{version.pk}/withdraw/" in screen


def test_an_earlier_address_leads_to_the_present_one(
    replaced: SiteDocument, client: Client, publisher_client: Client
) -> None:
    assert edit(publisher_client, replaced, slug="activity-2024").status_code == 302
    for old, new in (
        ("/documents/the-report.pdf", "/documents/activity-2024.pdf"),
        ("/documents/the-report/v1.pdf", "/documents/activity-2024/v1.pdf"),
        (f"/documents/{replaced.pk}/any-name.pdf", "/documents/activity-2024.pdf"),
    ):
        response = client.get(old)
        assert (response.status_code, response.headers["Location"]) == (301, new)


def test_an_address_taken_back_leads_nowhere_else(replaced: SiteDocument, client: Client) -> None:
    for slug in ("elsewhere", "the-report"):
        replaced.slug = slug
        replaced.save()
    assert client.get("/documents/the-report.pdf").status_code == 200
    assert client.get("/documents/elsewhere.pdf").headers["Location"] == replaced.url


def test_an_earlier_address_is_given_to_no_other_file(
    document: SiteDocument, publisher_client: Client
) -> None:
    document.slug = "elsewhere"
    document.save()
    other = SiteDocumentFactory(title="The report")
    assert other.slug == "the-report-2"
    response = edit(publisher_client, other, slug="the-report")
    assert "This address redirects to another document" in response.text


def test_an_earlier_address_of_a_private_file_is_not_told(
    site: SimpleNamespace, document: SiteDocument, client: Client
) -> None:
    document.slug = "elsewhere"
    document.save()
    unpublish(site.report)
    for path in ("/documents/the-report.pdf", "/documents/the-report/v1.pdf"):
        assert client.get(path).status_code == 404
    publish(site.report)
    assert client.get("/documents/the-report.pdf").status_code == 301


def test_an_address_of_the_site_before_leads_to_the_file(
    document: SiteDocument, client: Client, publisher_client: Client
) -> None:
    path = "/wp-content/uploads/2022/11/RoA final.pdf"
    data = {"path": path, "document": document.pk}
    assert publisher_client.post("/admin/old-addresses/new/", data).status_code == 302
    assert client.get("/wp-content/uploads/2022/11/RoA%20final.pdf").headers["Location"] == (
        document.url
    )
    assert client.get("/wp-content/uploads/2022/11/other.pdf").status_code == 404


def test_an_old_address_that_is_never_asked_for_is_refused(
    document: SiteDocument, publisher_client: Client
) -> None:
    data = {"path": "/news/", "document": document.pk}
    response = publisher_client.post("/admin/old-addresses/new/", data)
    assert "Enter an address that begins with" in response.text
    assert not FormerAddress.objects.exists()


def test_a_collection_is_public_on_purpose(
    site: SimpleNamespace, document: SiteDocument, client: Client
) -> None:
    unpublish(site.news)
    unpublish(site.report)
    above = Collection.get_first_root_node().add_child(name="Forms")
    document.collection = above.add_child(name="Expenses")
    document.save()
    assert client.get(document.url).status_code == 404
    settings = SiteSettings.for_site(site.home.get_site())
    settings.save()
    settings.public_collections.add(above)
    assert client.get(document.url).headers["Cache-Control"] == "public, no-cache"
