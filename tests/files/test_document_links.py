"""Links to documents: each names format and size, and stays in the reader modes of browsers."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.base import ContentFile
from django.test import Client

from bhp_site.files.facts import FORMAT_NAMES
from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory, offer, pdf_bytes, write_chapter
from ..pages import get_html
from ..test_site import PAGE_TYPES

NAMES_FORMAT_AND_SIZE = re.compile(rf"({'|'.join(FORMAT_NAMES.values())})\b.*\d (KB|MB)\b", re.S)
# Elements that Mozilla's Readability removes if links are more than a fifth of their text.
CLEANED = ["div", "fieldset", "form", "table", "ul"]
MAX_SHARE_OF_LINKS = 0.2


@pytest.fixture
def released(site: Any) -> Any:
    """The small site with links to its documents in every place."""
    document = site.document
    outline = [["Who we are", 1, 1], ["Data", 1, 1]]
    SiteDocument.objects.filter(pk=document.pk).update(outline=outline, findings=[])
    document.refresh_from_db()
    document.file = ContentFile(pdf_bytes("Corrected"), name="corrected.pdf")
    document.version_note = "Corrected a figure."
    document.version_reason = "A blank page says nothing to anybody."
    document.save()
    SiteDocument.objects.filter(pk=document.pk).update(outline=outline)
    offer(site.report, SiteDocumentFactory(title="Tables"))
    write_chapter(site.report, "Who we are", page=1)
    link = f'<p>As <a id="{document.pk}" linktype="document">the report</a> says.</p>'
    for page in (site.standard, site.news):
        page.body = [("paragraph", link), ("download", {"document": document, "label": ""})]
        page.save()
    return site


def find_links(html: str) -> list[Tag]:
    return BeautifulSoup(html, "html.parser").select('main a[href^="/documents/"]')


def test_every_link_to_a_document_names_format_and_size(released: Any, client: Client) -> None:
    read = f"{released.report.get_url()}read/"
    addresses = [released.get_page(model).get_url() for model in PAGE_TYPES]
    addresses += [read, f"{read}who-we-are/", f"{read}all/", "/search/?q=report"]
    addresses.append(f"/accessible-copy/{released.document.slug}/")
    found = {address: find_links(get_html(client, address)) for address in addresses}
    for address, links in found.items():
        for link in links:
            words = f"{address}: {link.get_text()}"
            assert NAMES_FORMAT_AND_SIZE.search(link.get_text(" ")), words
    assert len(found[released.report.get_url()]) >= 6


def is_kept(link: Tag) -> bool:
    """Return True if a reader mode keeps a link within the text of the page."""
    boxes = link.find_parents(CLEANED)
    for box in boxes:
        if "prose" in box.get("class", ""):
            return True
        words = sum(len(one.get_text()) for one in box.find_all("a"))
        if words > MAX_SHARE_OF_LINKS * len(box.get_text()):
            return False
    return False


@pytest.mark.parametrize("name", ["report", "news", "standard"])
def test_reader_modes_keep_a_download(released: Any, client: Client, name: str) -> None:
    page = getattr(released, name)
    if name == "report":
        page.chapters.all().delete()
    links = find_links(get_html(client, page))
    kept = [link for link in links if "ownload" in link.get_text() and is_kept(link)]
    assert released.document.url in {link["href"] for link in kept}
