"""What the dashboard, the menus and the reports show somebody, that person can open."""

import html
import re
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

from django.test import Client
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument
from news.models import NewsPage

from ..conftest import create_user_in_group, signed_in
from ..factories import NewsPageFactory, ReportPageFactory, SiteDocumentFactory, UserFactory, offer
from ..roles import ACTIONS, allow_in_collection, allow_on_page, make_collection, make_member

# Links in the page, and those of the menu, which a script draws.
LINK = re.compile(r'(?:href="|"url": ")([^"#?]*)')
# Leaving, and what is no page.
LEFT_OUT = (
    *("/admin/login/", "/admin/logout/", "/admin/session/", "/admin/sprite", "/admin/jsi18n"),
    *("/admin/api/", "/admin/bulk/"),
)
# Lists whose links are followed too.
LISTS = re.compile(r"/admin/(reports/[a-z]|accessibility/|requests/$)")


def find_links(client: Client, address: str) -> set[str]:
    """Return the addresses in the admin that the page at `address` leads to."""
    found = {html.unescape(link) for link in LINK.findall(client.get(address).text)}
    return {link for link in found if link.startswith("/admin/") and not link.startswith(LEFT_OUT)}


def find_refused_links(
    client: Client, select: Callable[..., Any], select_lists: Callable[..., Any]
) -> list[str]:
    """Return what of `select`'s choice the dashboard, the menus and reports lead to in vain.

    The reports are those that `select_lists` chooses.
    """
    first = find_links(client, "/admin/")
    lists = sorted(address for address in first if LISTS.match(address))
    others = {address for one in select_lists(lists) for address in find_links(client, one)}
    return [address for address in select(sorted(first | others)) if not is_open(client, address)]


def is_open(client: Client, address: str) -> bool:
    """Return whether `address` answers; a refusal leads to the dashboard."""
    response = client.get(address)
    if response.status_code == 302:
        return address == "/admin/" or response["Location"] != "/admin/"
    return response.status_code == 200


def roles(site: SimpleNamespace) -> dict[str, User]:
    moderator = make_member("Moderators of reports")
    allow_on_page(moderator, site.report_index, "change", "publish")
    limited = make_member("Limited")
    allow_in_collection(limited, make_collection("Own"), *ACTIONS)
    allow_on_page(limited, site.news_index, "add")
    return {
        "access to the admin": make_member("Guests"),
        "moderator of /reports/": moderator,
        "limited": limited,
        "editor": create_user_in_group("Writers"),
        "publisher": create_user_in_group("Publishers"),
        "superuser": UserFactory(is_superuser=True),
    }


def test_everything_shown_can_be_opened(
    site: SimpleNamespace, thin_out: Callable[..., Any]
) -> None:
    """With drafts, problems and requests of all kinds to be told of."""
    untagged = SiteDocumentFactory(title="Untagged")
    SiteDocument.objects.filter(pk=untagged.pk).update(
        is_tagged=False, findings=[{"code": "not_tagged", "pages": []}]
    )
    offer(site.report, untagged)
    report = ReportPageFactory(parent=site.report_index, live=False)
    offer(report, untagged)
    report.save_revision()
    news = NewsPageFactory(parent=site.news_index, live=False, report=report)
    news.save_revision()
    Enquiry.objects.create(kind="problem", page="/news/", message="It flickers.")
    users = roles(site)
    found = {}
    for number, (name, user) in enumerate(users.items()):
        # Each user follows other links of a sample.
        select = partial(thin_out, n=len(users), start=number)
        # Half of the lists, so that each is opened by several users.
        select_lists = partial(thin_out, n=2, start=number % 2)
        found[name] = find_refused_links(signed_in(user), select, select_lists)
    assert found == {name: [] for name in users}


def test_without_a_statement_nobody_is_asked_in_vain(site: SimpleNamespace) -> None:
    Page.objects.get(pk=site.statement.pk).delete()
    NewsPage.objects.all().delete()
    users = roles(site)
    assert "Write the statement" not in signed_in(users["limited"]).get("/admin/").text
    assert "Write the statement" in signed_in(users["editor"]).get("/admin/").text


def test_no_editor_sees_the_address_that_somebody_signs_in_with(site: SimpleNamespace) -> None:
    """Nor the names of people who have nothing to do with requests."""
    nameless = create_user_in_group("Writers")
    stranger = UserFactory(first_name="Very", last_name="Strange", email="strange@example.org")
    named = create_user_in_group("Publishers")
    User.objects.filter(pk=named.pk).update(first_name="Jo", last_name="Lee")
    asked = Enquiry.objects.create(
        kind="problem", page="/news/", message="It flickers.", assigned_to=nameless
    )
    client: Any = signed_in(create_user_in_group("Writers"))
    for address in (
        "/admin/",
        "/admin/requests/",
        f"/admin/requests/edit/{asked.pk}/",
        f"/admin/pages/{site.news.pk}/history/",
        "/admin/reports/site-history/",
    ):
        text = client.get(address).text
        for user in (nameless, stranger, named):
            assert user.email not in text, address
        assert "Very Strange" not in text, address
    assert "Jo Lee" in client.get("/admin/requests/").text
