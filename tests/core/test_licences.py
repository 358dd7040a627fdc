"""Licences of reports, documents and images, and of the whole site."""

import importlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.core.publishing.checklist import build_checklist
from bhp_site.files.models import SiteDocument
from news.models import NewsPage
from reports.models import ReportPage

from ..admin_forms import get_messages, send
from ..factories import ReportPageFactory, SiteDocumentFactory, SiteImageFactory, offer
from ..pages import get_html, get_schema_node

CC_BY = "https://creativecommons.org/licenses/by/4.0/"
OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def set_default(code: str) -> None:
    """Choose the licence in “Site settings”."""
    settings = SiteSettings.get_default()
    settings.licence = code
    settings.save()
    cache_version.advance()


def set_licence(thing: Any, code: str) -> None:
    """Choose the licence of a report, document or image."""
    type(thing).objects.filter(pk=thing.pk).update(licence=code)
    cache_version.advance()


def test_a_report_shows_its_licence_to_readers_and_machines(
    site: SimpleNamespace, client: Client
) -> None:
    set_licence(site.report, "cc-by-4.0")
    text = get_html(client, site.report)
    assert f'<a href="{CC_BY}" rel="license">CC BY 4.0</a>' in text
    node = get_schema_node(text, "Report")
    assert node["license"] == node["encoding"][0]["license"] == CC_BY
    # Its document has the same, without a claim about the page.
    assert text.count(f'<a href="{CC_BY}">CC BY 4.0</a>') == 1


def test_files_name_their_licence_in_a_header(site: SimpleNamespace, client: Client) -> None:
    image = SiteImageFactory(licence="cc-by-4.0")
    site.news.body = [("figure", {"image": image, "caption": ""})]
    site.news.save()
    rendition = image.renditions.first()
    assert client.get(rendition.url)["Link"] == f'<{CC_BY}>; rel="license"'
    assert "license" not in client.get(site.document.url)["Link"]
    set_licence(site.document, "ogl-3.0")
    assert f'<{OGL}>; rel="license"' in client.get(site.document.url)["Link"]


def test_all_rights_are_reserved_unless_somebody_says_otherwise(
    site: SimpleNamespace, client: Client
) -> None:
    text = get_html(client, site.report)
    assert 'rel="license">All rights reserved</a>' in text
    assert text.count("All rights reserved") == 1


def test_the_licence_of_the_site_covers_everything(site: SimpleNamespace, client: Client) -> None:
    set_default("ogl-3.0")
    assert f'<a href="{OGL}" rel="license">' in get_html(client, site.report)
    node = get_schema_node(get_html(client, site.news), "NewsArticle")
    assert node["associatedMedia"][0]["license"] == OGL


def test_a_document_can_have_its_own(site: SimpleNamespace, client: Client) -> None:
    set_licence(site.report, "cc-by-4.0")
    set_licence(site.document, "ogl-3.0")
    node = get_schema_node(get_html(client, site.report), "Report")
    assert (node["license"], node["encoding"][0]["license"]) == (CC_BY, OGL)


def test_an_image_shows_its_licence_below_it(site: SimpleNamespace, client: Client) -> None:
    image = SiteImageFactory(licence="cc-by-4.0", credit="Jo Bloggs")
    news = NewsPage.objects.get(pk=site.news.pk)
    news.body = [("figure", {"image": image, "caption": ""})]
    news.save_revision().publish()
    cache_version.advance()
    text = get_html(client, news)
    link = f'<a href="{CC_BY}">CC BY 4.0</a>'
    assert '<span class="credit">Jo Bloggs · Licence:' in text
    assert text.count(link) == 1
    node = get_schema_node(text, "NewsArticle")["image"]
    assert (node["license"], node["creditText"]) == (CC_BY, "Jo Bloggs")


def test_a_report_without_a_licence_needs_a_reason(
    site: SimpleNamespace, admin_client: Client
) -> None:
    set_default("")
    draft = ReportPageFactory(parent=site.report_index, live=False)
    offer(draft, SiteDocumentFactory())
    response = send(admin_client, draft, "action-publish")
    assert "has no licence. Choose one under “More”" in get_messages(response)
    draft = ReportPage.objects.get(pk=draft.pk)
    labels = [entry.label for entry in build_checklist(draft).required]
    assert "Choose a licence, or say why there is none" in labels
    draft.refresh_from_db()
    assert not draft.live
    send(admin_client, draft, "action-publish", licence_reason="The publisher has not decided yet.")
    draft.refresh_from_db()
    assert draft.live


def test_an_announcement_waits_for_the_licence_of_its_report(
    site: SimpleNamespace, admin_client: Client
) -> None:
    set_default("")
    draft = ReportPageFactory(parent=site.report_index, live=False)
    offer(draft, SiteDocumentFactory())
    news = NewsPage(title="Out now", slug="out-now", summary="Out.", report=draft, live=False)
    site.news_index.add_child(instance=news)
    assert "has no licence" in get_messages(send(admin_client, news, "action-publish"))
    news.refresh_from_db()
    assert not news.live
    send(admin_client, draft, licence="cc-by-4.0")
    send(admin_client, news, "action-publish")
    news.refresh_from_db()
    draft.refresh_from_db()
    assert news.live
    assert draft.live


@pytest.mark.parametrize("model", [SiteImage, SiteDocument])
def test_licences_are_part_of_the_forms(model: Any) -> None:
    assert "licence" in model.admin_form_fields


@pytest.mark.parametrize(
    "text, code",
    [
        ("CC BY 4.0", "cc-by-4.0"),
        ("cc-by-nc-nd 4.0", "cc-by-nc-nd-4.0"),
        ("Open Government Licence v3.0", "ogl-3.0"),
        ("MIT", "mit"),
        ("Permission by e-mail, 12 March 2025", "reserved"),
        ("", ""),
    ],
)
def test_texts_of_version_2_become_licences(db: None, text: str, code: str) -> None:
    image = SiteImageFactory(permission=text)
    migration = importlib.import_module("bhp_site.core.migrations.0006_licences")
    migration.choose_licences(apps, None)
    image.refresh_from_db()
    assert (image.licence, image.permission) == (code, text)
