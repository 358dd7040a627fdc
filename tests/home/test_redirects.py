"""A redirect that an editor saves works; one that would not is refused, with the reason."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from bhp_site.core.caching.cacheable import CACHE_POLICY_KEY, normalise_query
from bhp_site.core.redirects import RedirectTable, split_address
from bhp_site.files.versions.models import FormerAddress

from ..factories import NewsPageFactory, SiteDocumentFactory, StandardPageFactory, offer

ADD = "/admin/redirects/add/"
IMPORT = "/admin/redirects/import/"
PROCESS = "/admin/redirects/import/process/"


@pytest.fixture
def target(news_index: Page) -> Page:
    return NewsPageFactory(parent=news_index, title="Report published", slug="report-published")


def save(client: Client, old_path: str, page: Page | None = None, link: str = "") -> str:
    """Send the form of a new redirect; return what the editor is told."""
    data = {"old_path": old_path, "redirect_link": link, "is_permanent": "on", "site": ""}
    data["redirect_page"] = str(page.pk) if page else ""
    return client.post(ADD, data, follow=True).text


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("/?p=8077", "/?p=8077"),
        ("/?p=8077&lang=en", "/?lang=en&p=8077"),
        ("/?P=8077", "/?p=8077"),
        ("/news/?id=5", "/news/?id=5"),
        ("/old-page/", "/old-page/"),
        ("/old-page", "/old-page/"),
        ("old-page", "/old-page"),
        ("https://old.example.org/old-page", "/old-page"),
        ("/Old-Page", "/old-page"),
        ("/old-page", "/OLD-page/"),
        (" /old-page ", "/old-page"),
        ("/old page", "/old%20page"),
        ("/old%20page", "/old%20page"),
        ("/caf%C3%A9", "/caf%C3%A9/"),
        ("/café", "/caf%c3%a9"),
        ("/old.asp?a=b%20c", "/old.asp?a=b%20c"),
        ("/old-page", "/old-page?utm_source=letter"),
    ],
)
def test_what_is_saved_works(
    target: Page, publisher_client: Client, client: Client, stored: str, asked: str
) -> None:
    assert "added" in save(publisher_client, stored, target)
    response = client.get(asked)
    assert (response.status_code, response.headers["Location"]) == (301, target.get_url())


def test_another_query_gets_the_page(
    target: Page, publisher_client: Client, client: Client
) -> None:
    save(publisher_client, "/?p=8077", target)
    for address in ("/", "/?p=8078", "/?p=8077&x=1", "/?"):
        assert client.get(address).status_code == 200
    assert client.post("/?p=8077").status_code != 301
    assert client.head("/?p=8077").status_code == 301


@pytest.mark.parametrize(
    ("old_path", "reason"),
    [
        ("/news/report-published/", "There is a page or document at “/news/report-published”"),
        ("/news/report-published", "There is a page or document"),
        ("/", "There is a page or document at “/”"),
        ("/search/", "There is a page or document"),
        ("/news/feed.xml", "There is a page or document"),
        ("/admin/pages/", "The site itself uses addresses that begin with “/admin/pages”"),
        ("/Admin", "The site itself uses"),
        ("/static/css/site.css", "The site itself uses"),
        ("/old#part", "Browsers do not send what follows “#”"),
        ("/old-page", "Choose a page, or enter the address to redirect to"),
        ("http://[", "Enter an address as your browser shows it"),
    ],
)
def test_what_would_not_act_is_refused(
    target: Page, publisher_client: Client, old_path: str, reason: str
) -> None:
    page = None if reason.startswith("Choose") else target
    assert reason in save(publisher_client, old_path, page)
    assert not Redirect.objects.exists()


def test_a_document_s_address_is_taken(target: Page, publisher_client: Client) -> None:
    document = SiteDocumentFactory(title="The report")
    offer(target, document)
    FormerAddress.objects.create(path="/wp-content/uploads/report.pdf", document=document)
    for address in (document.url, "/wp-content/uploads/report.pdf"):
        assert "There is a page or document" in save(publisher_client, address, target)
    assert "added" in save(publisher_client, "/documents/another.pdf", target)


def test_the_address_of_a_draft_is_free(news_index: Page, publisher_client: Client) -> None:
    draft = NewsPageFactory(parent=news_index, live=False, slug="draft")
    other = StandardPageFactory(parent=news_index.get_parent())
    assert "added" in save(publisher_client, draft.get_url(), other)


@pytest.mark.parametrize("again", ["/old-page/", "/Old-Page", "/old%2Dpage"])
def test_one_address_has_one_redirect(target: Page, publisher_client: Client, again: str) -> None:
    save(publisher_client, "/old-page", target)
    assert "There is already a redirect from this address" in save(publisher_client, again, target)


def test_a_page_and_an_address_are_not_both_chosen(target: Page, publisher_client: Client) -> None:
    told = save(publisher_client, "/old", target, "https://example.org/")
    assert "Choose a page or enter an address, not both" in told


@pytest.mark.parametrize(
    ("stored", "old_path", "link"),
    [
        ({}, "/a", "http://127.0.0.1/a/"),
        ({}, "/a", "http://127.0.0.1/A?x=1"),
        ({}, "/?p=1", "http://127.0.0.1/?p=1"),
        ({"/b": "http://127.0.0.1/a"}, "/a", "http://127.0.0.1/b/"),
        ({"/b": "http://127.0.0.1/c", "/c": "/a"}, "/a", "http://127.0.0.1/B"),
        ({"/?p=2": "http://127.0.0.1/a"}, "/a", "http://127.0.0.1/?p=2"),
    ],
)
def test_a_loop_is_refused(
    target: Page, publisher_client: Client, stored: dict[str, str], old_path: str, link: str
) -> None:
    for old, new in stored.items():
        Redirect.add_redirect(old, new)
    assert "This redirect leads back to itself" in save(publisher_client, old_path, link=link)
    assert Redirect.objects.count() == len(stored)


def test_a_change_that_closes_a_loop_is_refused(target: Page, publisher_client: Client) -> None:
    Redirect.add_redirect("/b", "http://127.0.0.1/a")
    first = Redirect.add_redirect("/a", target)
    data = {
        "old_path": "/a",
        "redirect_link": "http://127.0.0.1/b",
        "site": "",
        "is_permanent": "on",
    }
    response = publisher_client.post(f"/admin/redirects/{first.pk}/", data)
    assert "leads back to itself: “/a” → “/b” → “/a”" in response.text
    data["redirect_link"] = "https://other.example.org/a"
    assert publisher_client.post(f"/admin/redirects/{first.pk}/", data).status_code == 302


def test_other_hosts_make_no_loop(target: Page, publisher_client: Client, client: Client) -> None:
    assert "added" in save(publisher_client, "/a", link="https://other.example.org/a")
    assert client.get("/a").headers["Location"] == "https://other.example.org/a"
    assert "added" in save(publisher_client, "/b", link=f"http://127.0.0.1{target.get_url()}")


def test_an_old_loop_ends_in_a_404(home: Page, client: Client) -> None:
    Redirect.add_redirect("/a", "/a/")
    assert client.get("/a/").status_code == 404


def test_the_page_cache_is_told_which_queries_lead_elsewhere(home: Page, client: Client) -> None:
    Redirect.add_redirect("/?p=8077", "/news/")
    Redirect.add_redirect("/other/?p=1", "/news/")
    assert client.get("/").wsgi_request.META[CACHE_POLICY_KEY].redirected == ("p=8077",)


def test_what_is_for_this_site_alone_goes_first(target: Page, client: Client) -> None:
    Redirect.add_redirect("/a", "/for-all/")
    Redirect.add_redirect("/a", target, site=Site.objects.get())
    assert client.get("/a").headers["Location"] == target.get_url()


def test_a_redirect_to_nothing_changes_nothing(home: Page, client: Client) -> None:
    Redirect.objects.create(old_path="/a")
    assert client.get("/a/").status_code == 404


def test_addresses_are_compared_as_they_are_stored(home: Page) -> None:
    Redirect.objects.create(old_path="/?B=2&a=1", redirect_link="/x/")
    (query,) = RedirectTable.build(None, with_query=True).queries["/"]
    assert query == normalise_query("a=1&B=2")
    assert split_address("/x/?b=1&a=%20") == ("/x", "a= &b=1")


def upload(client: Client, data: bytes, name: str = "redirects.csv") -> Any:
    return client.post(IMPORT, {"import_file": SimpleUploadedFile(name, data)}, follow=True)


def confirm(client: Client, response: Any) -> Any:
    """Send the form that asks for the columns, as it was shown."""
    initial = response.context["form"].initial
    data = {"from_index": "0", "to_index": "1", "permanent": "on", "site": "", **initial}
    return client.post(PROCESS, data, follow=True)


def test_rows_that_work_are_imported_and_the_others_named(
    target: Page, publisher_client: Client, client: Client
) -> None:
    rows = [
        "from,to",
        f"/?p=8077,http://127.0.0.1{target.get_url()}",
        "/old a,https://example.org/a",
        "/news/report-published/,https://example.org/b",
        "/c,not an address",
        ",https://example.org/d",
        "/e,",
        "/loop,http://127.0.0.1/loop",
        "/ok\x0b,https://example.org/f",
    ]
    response = confirm(publisher_client, upload(publisher_client, "\n".join(rows).encode()))
    assert "Found 8 redirects, created 3 and found 5 errors." in " ".join(response.text.split())
    assert "There is a page or document at" in response.text
    assert "leads back to itself" in response.text
    assert {*Redirect.objects.values_list("old_path", flat=True)} == {"/?p=8077", "/old a", "/ok"}
    assert client.get("/?p=8077").status_code == 301


def test_a_good_file_is_imported(target: Page, publisher_client: Client) -> None:
    rows = b"from,to\n/a,https://example.org/a\n/b,https://example.org/b\n"
    response = confirm(publisher_client, upload(publisher_client, rows))
    assert "Imported 2 redirects." in response.text


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "redirects.csv", "The submitted file is empty"),
        (b"from,to\n", "redirects.csv", "The file has no redirects"),
        (b"\n\n", "redirects.csv", "The file"),
        (b"from,to\n/caf\xe9,x\n", "redirects.csv", "Save the file as UTF-8"),
        (b"no workbook", "redirects.xlsx", "The file cannot be read"),
        (b"from,to", "redirects.exe", "Choose a file in one of these formats"),
        (b"from,to", "redirects", "Choose a file in one of these formats"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    home: Page, publisher_client: Client, data: bytes, name: str, reason: str
) -> None:
    response = upload(publisher_client, data, name)
    assert response.status_code == 200
    assert reason in response.text


FORGED = {"import_file_name": "/etc/passwd", "input_format": "0"}


@pytest.mark.parametrize("data", [{}, {"import_file_name": "x"}, FORGED])
def test_processing_without_a_file_asks_for_it(
    home: Page, publisher_client: Client, data: dict[str, str]
) -> None:
    response = publisher_client.post(PROCESS, data, follow=True)
    assert response.redirect_chain == [(IMPORT, 302)]
    assert "Choose the file again" in response.text


def test_rows_of_other_lengths_are_named(home: Page, publisher_client: Client) -> None:
    rows = b"from,to\n/a\n\n/b,https://example.org/b,more\n/c,https://example.org/c\n"
    response = confirm(publisher_client, upload(publisher_client, rows))
    assert response.status_code == 200
    assert Redirect.objects.filter(old_path="/c").exists()
    assert not Redirect.objects.filter(old_path="/a").exists()


def test_a_file_is_processed_once(home: Page, publisher_client: Client) -> None:
    asked = upload(publisher_client, b"from,to\n/a,https://example.org/a\n")
    confirm(publisher_client, asked)
    assert "Choose the file again" in confirm(publisher_client, asked).text


def test_an_import_without_a_file_says_so(home: Page, publisher_client: Client) -> None:
    assert "This field is required" in publisher_client.post(IMPORT, {}).text
    assert publisher_client.get(PROCESS).status_code == 405


def test_who_may_not_add_redirects_imports_none(home: Page, guest_client: Client) -> None:
    for address in (ADD, IMPORT):
        assert guest_client.get(address).status_code == 302
    assert guest_client.post(PROCESS, {}).status_code == 302
