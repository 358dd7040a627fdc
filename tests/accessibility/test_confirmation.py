"""A change in the list of files is shown in the admin, until somebody confirms it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import ModelLogEntry, PageLogEntry

from bhp_site.accessibility.confirmation import Confirmation, compare
from bhp_site.accessibility.inventory import get_inventory
from tests.factories import ReportPageFactory, SiteDocumentFactory, offer

from .test_statement import at_fault

LIST = "/admin/accessibility/"


def parse_page(client: Client, address: str = LIST) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def get_text(client: Client, address: str = LIST) -> str:
    return re.sub(r"\s+", " ", parse_page(client, address).text)


def confirm(client: Client, address: str = LIST) -> Any:
    form = parse_page(client, address).find("input", attrs={"name": "fingerprint"}).parent
    fields = {field["name"]: field["value"] for field in form.find_all("input")}
    return client.post(LIST, fields, follow=True)


@pytest.fixture
def confirmed(site: SimpleNamespace, publisher_client: Client) -> SimpleNamespace:
    """The site with one file listed, which a publisher has confirmed."""
    at_fault(site.document, "not_tagged")
    confirm(publisher_client)
    return site


def test_a_list_that_was_never_confirmed_says_so(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    for address in ("/admin/", LIST, f"/admin/pages/{site.statement.pk}/edit/"):
        assert "Nobody has confirmed this list yet" in get_text(publisher_client, address)


def test_confirming_keeps_who_when_and_what(
    confirmed: SimpleNamespace, publisher: Any, client: Client, publisher_client: Client
) -> None:
    last = Confirmation.objects.get()
    assert (last.user, last.documents) == (
        publisher,
        [{"key": confirmed.document.pk, "title": "The report", "codes": ["not_tagged"]}],
    )
    assert "Nothing has changed since" in get_text(publisher_client, LIST)
    assert "Accessibility statement" not in get_text(publisher_client, "/admin/")
    assert PageLogEntry.objects.filter(action="accessibility.confirm").count() == 1
    confirmed.statement.prepared_on = "2020-01-01"
    confirmed.statement.save()
    text = re.sub(r"\s+", " ", client.get("/accessibility/").text)
    day = f"{last.created_at:%-d %B %Y}"
    assert re.search(f"last reviewed on {day}", text)


def test_changes_of_the_list_are_counted_and_named(
    confirmed: SimpleNamespace, publisher_client: Client
) -> None:
    for title in ("First", "Second"):
        page = ReportPageFactory(parent=confirmed.report_index)
        offer(page, at_fault(SiteDocumentFactory(title=title), "figure"))
    at_fault(confirmed.document)
    for address in ("/admin/", LIST, f"/admin/pages/{confirmed.statement.pk}/edit/"):
        assert "2 documents added, 1 fixed." in get_text(publisher_client, address)
    named = parse_page(publisher_client).select(".bhp-health h2 + ul")
    assert [one.text for one in named] == ["FirstSecond", "The report"]
    confirm(publisher_client, "/admin/")
    assert "Nothing has changed since" in get_text(publisher_client)


def test_other_findings_and_what_is_gone_are_changes_too(confirmed: SimpleNamespace) -> None:
    last = Confirmation.objects.get()
    at_fault(confirmed.document, "not_tagged", "figure")
    assert str(compare(get_inventory(), last)) == "1 document with different problems"
    confirmed.report.unpublish()
    at_fault(confirmed.document, "not_tagged")
    assert str(compare(get_inventory(), last)) == "1 document no longer published"


def test_a_list_that_has_changed_meanwhile_is_not_confirmed(
    confirmed: SimpleNamespace, publisher_client: Client
) -> None:
    at_fault(confirmed.document, "figure")
    fingerprint = parse_page(publisher_client).find("input", attrs={"name": "fingerprint"})["value"]
    at_fault(confirmed.document, "locked")
    response = publisher_client.post(LIST, {"fingerprint": fingerprint}, follow=True)
    assert "The list was not confirmed, because it has changed" in response.text
    assert Confirmation.objects.count() == 1


def test_only_publishers_can_confirm_the_list(site: SimpleNamespace, editor_client: Client) -> None:
    assert "Only a publisher can confirm the list." in get_text(editor_client)
    assert editor_client.post(LIST, {"fingerprint": ""}).status_code in (302, 403)
    assert not Confirmation.objects.exists()


def test_strangers_do_not_see_it(
    site: SimpleNamespace, guest_client: Client, client: Client
) -> None:
    assert guest_client.get(LIST).status_code == 302
    assert "Accessibility statement" not in guest_client.get("/admin/").text
    assert client.get(LIST).status_code == 302


def test_a_site_without_a_statement_is_told(site: SimpleNamespace, admin_client: Client) -> None:
    site.statement.delete()
    link = parse_page(admin_client, "/admin/").find("a", string="Write the statement")
    assert admin_client.get(link["href"]).status_code == 200
    assert admin_client.get(LIST).status_code == 404
    assert not ModelLogEntry.objects.filter(action="accessibility.confirm").exists()
