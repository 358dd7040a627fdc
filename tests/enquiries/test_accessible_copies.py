"""An accessible copy is offered where its original is, exactly while that is public."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import Collection, GroupCollectionPermission

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteSettings
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.approval import ApprovalNeeded

from ..factories import SiteDocumentFactory
from ..page_states import HIDDEN, publish
from . import COPY_FORM


@pytest.fixture
def copy(file: SiteDocument) -> SiteDocument:
    made = SiteDocumentFactory(title="The report in large print")
    AccessibleCopy.objects.create(original=file, copy=made, format="large-print")
    return made


def get_status(client: Client, file: SiteDocument) -> int:
    cache_version.advance()
    return client.get(file.url).status_code


def find_links(client: Client, address: str) -> list[str]:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    return [" ".join(link.text.split()) for link in page.select(".download .ask a")]


def test_it_stands_below_its_original_on_every_page(
    site: SimpleNamespace, copy: SiteDocument, client: Client
) -> None:
    expected = [
        "Download The report: Large print (PDF, 1 KB)",
        "Ask for an accessible copy of The report",
    ]
    assert find_links(client, site.report.get_url()) == expected
    assert find_links(client, site.news.get_url()) == expected
    assert copy.url in client.get(COPY_FORM).text


def test_everybody_may_have_it_exactly_while_the_original_is_public(
    site: SimpleNamespace, file: SiteDocument, copy: SiteDocument, client: Client
) -> None:
    assert get_status(client, copy) == get_status(client, file) == 200
    site.news.unpublish()
    site.report.unpublish()
    assert get_status(client, copy) == get_status(client, file) == 404
    publish(site.report)
    assert get_status(client, copy) == get_status(client, file) == 200


@pytest.mark.parametrize("state", ["login", "password", "below a draft", "expired"])
def test_it_is_hidden_with_its_original(
    site: SimpleNamespace, copy: SiteDocument, client: Client, state: str
) -> None:
    site.news.unpublish()
    HIDDEN[state](site.report)
    assert get_status(client, copy) == 404


def test_an_original_is_not_public_for_its_copy(
    site: SimpleNamespace, file: SiteDocument, client: Client
) -> None:
    private = SiteDocumentFactory(title="Private")
    AccessibleCopy.objects.create(original=private, copy=file, format="braille")
    assert get_status(client, private) == 404
    assert get_status(client, file) == 200


def test_a_file_taken_back_as_a_copy_is_private_again(
    copy: SiteDocument, site: SimpleNamespace, client: Client
) -> None:
    AccessibleCopy.objects.all().delete()
    assert get_status(client, copy) == 404
    assert len(find_links(client, site.report.get_url())) == 1


def test_it_goes_when_the_original_is_withdrawn(
    file: SiteDocument, copy: SiteDocument, client: Client, admin: Any
) -> None:
    file.versions.get().withdraw("It named somebody.", admin)
    assert get_status(client, file) == 410
    assert get_status(client, copy) == 404


def test_a_withdrawn_copy_is_not_offered(
    site: SimpleNamespace, copy: SiteDocument, client: Client, admin: Any
) -> None:
    copy.versions.get().withdraw("It was wrong.", admin)
    assert len(find_links(client, site.report.get_url())) == 1


def test_it_is_public_with_its_originals_collection(client: Client, home: Any) -> None:
    shared = Collection.get_first_root_node().add_child(name="Shared")
    SiteSettings.objects.get_or_create(site=home.get_site())[0].public_collections.add(shared)
    original = SiteDocumentFactory(collection=shared)
    copy = SiteDocumentFactory()
    AccessibleCopy.objects.create(original=original, copy=copy, format="audio")
    assert get_status(client, copy) == 200


def test_a_copy_of_an_earlier_version_says_so(
    site: SimpleNamespace, copy: SiteDocument, file: SiteDocument, client: Client
) -> None:
    SiteDocument.objects.filter(pk=file.pk).update(version_number=2)
    assert "of an earlier version" in client.get(site.report.get_url()).text


def test_the_form_of_a_copy_is_that_of_its_original(copy: SiteDocument, client: Client) -> None:
    response = client.get(f"/accessible-copy/{copy.slug}/")
    assert response["Location"] == COPY_FORM


def test_a_document_that_cannot_be_a_copy_is_refused(
    file: SiteDocument, copy: SiteDocument, admin: Any
) -> None:
    other, waiting = SiteDocumentFactory(), SiteDocumentFactory(accessibility_reason="")
    gone = SiteDocumentFactory()
    gone.versions.get().withdraw("Wrong.", admin)
    for original, chosen, words in (
        (other, other, "This is the original."),
        (copy, other, "This document is itself a copy"),
        (other, file, "has accessible copies itself"),
        (other, gone, "has been withdrawn"),
        (other, waiting, "Some people cannot use the document"),
    ):
        made = AccessibleCopy(original=original, copy=chosen, format="audio")
        with pytest.raises(ValidationError, match=words):
            made.full_clean()


def test_publishers_offer_a_copy_that_nobody_has_asked_for(
    file: SiteDocument, publisher_client: Client, client: Client, site: SimpleNamespace
) -> None:
    made = SiteDocumentFactory(title="Po polsku")
    form = {"original": file.pk, "copy": made.pk, "format": "language", "label": "Polish"}
    response = publisher_client.post("/admin/accessible-copies/new/", form)
    assert response.status_code == 302
    cache_version.advance()
    assert find_links(client, site.report.get_url())[0] == "Download The report: Polish (PDF, 1 KB)"
    assert "Polish" in publisher_client.get("/admin/accessible-copies/").text


@pytest.mark.parametrize("missing", ["publish_sitedocument", None])
def test_only_those_who_may_publish_both_offer_a_copy(
    file: SiteDocument, publisher_client: Client, missing: str | None
) -> None:
    made = SiteDocumentFactory(title="Po polsku")
    GroupCollectionPermission.objects.filter(permission__codename=missing).delete()
    form = {"original": file.pk, "copy": made.pk, "format": "language", "label": "Polish"}
    response = publisher_client.post("/admin/accessible-copies/new/", form)
    assert ("You do not have permission to publish this document" in response.text) == bool(missing)
    assert made.is_public == (not missing)


@pytest.mark.parametrize("act", ["save", "delete"])
def test_no_view_changes_a_public_copy_for_others(
    file: SiteDocument, copy: SiteDocument, editor: Any, publisher: Any, act: str
) -> None:
    offered = AccessibleCopy.objects.get()
    with LogContext(user=editor), pytest.raises(ApprovalNeeded), transaction.atomic():
        getattr(offered, act)()
    with LogContext(user=publisher):
        getattr(offered, act)()
