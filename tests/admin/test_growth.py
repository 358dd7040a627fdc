"""Screens of the admin ask the database no more of a large site than of a small one."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.views.images import UsageView

from bhp_site.core.admin import page_listings, page_policy
from bhp_site.core.admin.page_policy import SitePagePolicy
from news.models import NewsPage
from partners.people import Person
from tests.factories import NewsPageFactory, SiteImageFactory

from .large_site import add_content, count_queries


def get_addresses(site: SimpleNamespace) -> list[str]:
    """Return the addresses of the dashboard, of editors, lists, choosers and reports."""
    edited = (site.news, site.report, site.partner, site.news_index, site.partner_index)
    return [
        "/admin/",
        *(f"/admin/pages/{page.pk}/edit/" for page in edited),
        f"/admin/pages/{site.news.pk}/history/",
        f"/admin/pages/{site.partner.pk}/usage/",
        f"/admin/pages/{site.news_index.pk}/delete/",
        "/admin/documents/",
        "/admin/images/",
        "/admin/documents/chooser/",
        "/admin/images/chooser/",
        "/admin/choose-page/search/?q=a",
        reverse(Person.snippet_viewset.chooser_viewset.get_url_name("choose")),
        "/admin/pages/search/?q=a",
        "/admin/reports/aging-pages/",
        "/admin/reports/page-types-usage/",
    ]


def test_screens_ask_no_more_of_much_content(site: SimpleNamespace, admin_client: Client) -> None:
    addresses = get_addresses(site)
    add_content(site, 2)
    few = count_queries(admin_client, addresses)
    add_content(site, 3)
    many = count_queries(admin_client, addresses)
    assert {a: (few[a], many[a]) for a in addresses if many[a] > few[a]} == {}


def show_image(site: SimpleNamespace, image: Any, count: int) -> list[str]:
    """Create `count` announcements with `image`; return their titles."""
    titles = []
    for _ in range(count):
        page = NewsPageFactory(parent=site.news_index)
        figure = {"image": {"image": image.pk, "alt_text": "", "decorative": True}, "caption": ""}
        stream = [{"type": "figure", "value": figure, "id": str(page.pk)}]
        page.body = type(page.body)(page.body.stream_block, stream, is_lazy=True)
        page.save()
        titles.append(page.title)
    return titles


def test_usage_reads_only_the_part_that_is_shown(
    site: SimpleNamespace, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UsageView, "paginate_by", 2)
    image = SiteImageFactory()
    address = reverse("wagtailimages:image_usage", args=[image.pk])
    titles = show_image(site, image, 3)
    few = count_queries(admin_client, [address])
    titles += show_image(site, image, 4)
    assert count_queries(admin_client, [address]) == few
    named: list[str] = []
    for part in range(1, 5):
        text = admin_client.get(address, {"p": part}).text
        named += [title for title in titles if re.search(rf"\b{title}\b", text)]
    assert sorted(named) == sorted(titles)


def test_the_pages_that_keep_a_file_from_deletion_are_read_at_once(
    site: SimpleNamespace, admin_client: Client
) -> None:
    image = SiteImageFactory()
    address = reverse("wagtailimages:delete", args=[image.pk])
    counts = []
    for _ in range(2):
        titles = show_image(site, image, 3)
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(address).status_code == 302
        counts.append(len(queries))
    assert counts[1] <= counts[0]
    message = admin_client.get(address, follow=True).text
    assert "and 1 more" in message
    assert titles[0] in message


def test_many_pages_are_not_sorted_on_one_screen(
    site: SimpleNamespace, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_content(site, 2)
    address = f"/admin/pages/{site.news_index.pk}/"

    def shows_order() -> tuple[bool, bool]:
        texts = (admin_client.get(address, query).text for query in ({}, {"ordering": "ord"}))
        first, second = texts
        return f"{address}?ordering=ord" in first, 'data-controller="w-orderable"' in second

    assert shows_order() == (True, True)
    for module in (page_policy, page_listings):
        monkeypatch.setattr(module, "MAX_CHILDREN_TO_REORDER", 2)
    assert shows_order() == (False, False)


def test_a_form_finds_the_readable_pages_once(
    site: SimpleNamespace, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    find = SitePagePolicy.explorable_instances

    def count(policy: SitePagePolicy, user: Any) -> Any:
        asked.append(user)
        return find(policy, user)

    monkeypatch.setattr(SitePagePolicy, "explorable_instances", count)
    form = NewsPage.get_edit_handler().get_form_class()
    user = editor_client.get("/admin/").wsgi_request.user
    asked.clear()
    assert len(form(instance=site.news, for_user=user).fields) > 10
    assert len(asked) == 1
