"""No way of copying makes an alias, and an alias that is there all the same is never public."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.actions.create_alias import CreatePageAliasAction
from wagtail.models import Locale, Page

from bhp_site.core.aliases import AliasRefused
from bhp_site.core.visibility import get_visible_pages
from news.models import NewsPage
from news.release import publish_release

from ..factories import NewsPageFactory, ReportPageFactory


@pytest.fixture
def source(news_index: Page) -> NewsPage:
    return NewsPageFactory(parent=news_index, live=False, title="Embargoed", slug="embargoed")


def make_alias(source: NewsPage, **fields: Any) -> NewsPage:
    """Return an alias of `source` as old data may have it."""
    alias = NewsPageFactory(parent=source.get_parent(), title=source.title, slug="alias", **fields)
    Page.objects.filter(pk=alias.pk).update(alias_of=source.pk)
    return NewsPage.objects.get(pk=alias.pk)


def copy_address(page: Page) -> str:
    return f"/admin/pages/{page.pk}/copy/"


def test_the_copy_form_does_not_offer_it(source: NewsPage, publisher_client: Client) -> None:
    response = publisher_client.get(copy_address(source))
    assert "new_slug" in response.text
    assert "alias" not in response.context["form"].fields


def test_a_forged_copy_form_is_refused(source: NewsPage, publisher_client: Client) -> None:
    data = {
        "new_title": "Copy",
        "new_slug": "copy",
        "new_parent_page": source.get_parent().pk,
        "alias": "on",
    }
    response = publisher_client.post(copy_address(source), data)
    assert response.status_code == 200
    assert "This site does not use aliases" in response.text
    assert not Page.objects.filter(slug="copy").exists()
    del data["alias"]
    assert publisher_client.post(copy_address(source), data).status_code == 302
    assert Page.objects.get(slug="copy").alias_of is None


@pytest.mark.parametrize("recursive", [False, True])
def test_code_is_refused(source: NewsPage, recursive: bool) -> None:
    before = Page.objects.count()
    parent = source.get_parent()
    with pytest.raises(AliasRefused):
        CreatePageAliasAction(source, parent=parent, recursive=recursive).execute()
    with pytest.raises(AliasRefused):
        source.create_alias(parent=parent, update_slug="x")
    assert Page.objects.count() == before
    assert Page.objects.get(pk=parent.pk).numchild == 1


@pytest.mark.parametrize(
    ("action", "data", "status"),
    [
        ("create_alias", {"update_slug": "x"}, 400),
        ("copy_for_translation", {"locale": "fr", "alias": True, "copy_parents": True}, 403),
    ],
)
def test_the_api_is_refused(
    source: NewsPage, admin_client: Client, action: str, data: dict[str, Any], status: int
) -> None:
    Locale.objects.create(language_code="fr")
    before = Page.objects.count()
    address = f"/admin/api/main/pages/{source.pk}/action/{action}/"
    response = admin_client.post(address, data, content_type="application/json")
    assert response.status_code == status
    assert Page.objects.count() == before


def test_an_alias_in_the_database_is_not_public(source: NewsPage, client: Client) -> None:
    source.save_revision().publish()
    alias = make_alias(source)
    assert alias.live
    assert client.get(source.get_url()).status_code == 200
    assert client.get(alias.get_url()).status_code == 404
    assert not get_visible_pages().filter(pk=alias.pk).exists()


def test_scheduling_the_source_publishes_no_alias(source: NewsPage) -> None:
    alias = make_alias(source, live=False)
    source.go_live_at = timezone.now() + datetime.timedelta(days=1800)
    source.save_revision().publish()
    alias.refresh_from_db()
    assert not alias.live


def test_an_alias_takes_no_report_along(source: NewsPage, report_index: Page) -> None:
    report = ReportPageFactory(parent=report_index, live=False)
    alias = make_alias(source, report=report)
    publish_release(alias)
    report.refresh_from_db()
    assert not report.live
