"""Screens of the admin ask the database no more of a large site than of a small one."""

from types import SimpleNamespace

from django.test import Client
from django.urls import reverse

from partners.people import Person

from .large_site import add_content, count_queries


def get_addresses(site: SimpleNamespace) -> list[str]:
    """Return the addresses of the dashboard, of editors, lists, choosers and reports."""
    edited = (site.news, site.report, site.partner, site.news_index, site.partner_index)
    return [
        "/admin/",
        *(f"/admin/pages/{page.pk}/edit/" for page in edited),
        f"/admin/pages/{site.news.pk}/history/",
        f"/admin/pages/{site.partner.pk}/usage/",
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
