"""The admin works without inline scripts, and the browser refuses them.

The fixture `new_context` fails a test if a page violates its content security policy.
"""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import PASSWORD, Site
from .editor import Editor

pytestmark = pytest.mark.browser

ADMINISTRATOR = "policy@example.org"
FIND = f"""
import json
from django.urls import reverse
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Workflow
from bhp_site.core.models import SiteImage, User
from bhp_site.files.models import SiteDocument
from news.models import NewsPage
from partners.models import PartnerPage, Person
from reports.models import ReportPage
User.objects.create_superuser({ADMINISTRATOR!r}, {PASSWORD!r})
news, report, partner = (model.objects.order_by("pk").first()
                         for model in (NewsPage, ReportPage, PartnerPage))
for number in range(2):
    news.save_revision()
first, second = news.revisions.order_by("pk").values_list("pk", flat=True)[:2]
def edit(name, instance): return reverse(name, args=[instance.pk])
print(json.dumps({{
    "news": edit("wagtailadmin_pages:edit", news),
    "report": edit("wagtailadmin_pages:edit", report),
    "partner": edit("wagtailadmin_pages:edit", partner),
    "person": edit("wagtailsnippets_partners_person:edit", Person.objects.first()),
    "image": edit("wagtailimages:edit", SiteImage.objects.first()),
    "document": edit("wagtaildocs:edit", SiteDocument.objects.first()),
    "images": reverse("wagtailimages:add_multiple"),
    "history": edit("wagtailadmin_pages:history", news),
    "comparison": reverse(
        "wagtailadmin_pages:revisions_compare", args=[news.pk, first, second]),
    "workflow": edit("wagtailadmin_workflows:edit", Workflow.objects.first()),
    "site history": reverse("wagtailadmin_reports:site_history"),
    "settings": "/admin/settings/core/sitesettings/",
    "user": edit("wagtailusers_users:edit", User.objects.first()),
    "promoted": reverse("wagtailsearchpromotions:add"),
}}))
"""


@pytest.fixture(scope="session")
def screens(running: Site) -> dict[str, str]:
    """The address of each screen by its name."""
    addresses: dict[str, str] = json.loads(running.shell(FIND))
    return addresses


@pytest.fixture
def administrator(context: BrowserContext, screens: dict[str, str]) -> Editor:
    administrator = Editor(context.new_page())
    administrator.sign_in(ADMINISTRATOR, PASSWORD)
    return administrator


def test_every_kind_of_screen_works_without_inline_scripts(
    administrator: Editor, screens: dict[str, str]
) -> None:
    page = administrator.page
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
    for address in screens.values():
        page.goto(address)
        expect(page.locator("template[data-widget-init]")).to_have_count(0)
    assert errors == []


def test_the_browser_refuses_an_inline_script(
    browser: Browser, base_url: str, cookies: Any
) -> None:
    """As one that got into a page through a fault of an escape."""
    context = browser.new_context(base_url=base_url)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto("/admin/")
    with page.context.expect_console_message() as message:
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.injected = true";
                document.body.append(script);
                const widget = document.createElement("template");
                widget.dataset.widgetInit = "alert";
                widget.dataset.widgetArguments = "[1]";
                document.body.append(widget);
            }"""
        )
    assert "inline script" in message.value.text
    assert page.evaluate("window.injected") is None
    context.close()


def test_widgets_of_forms_that_are_added_work(
    administrator: Editor, screens: dict[str, str]
) -> None:
    page = administrator.page
    page.goto(screens["promoted"])
    page.get_by_role("button", name="Choose from popular search terms").click()
    expect(administrator.dialog).to_be_visible()
    administrator.dialog.get_by_role("button", name="Close").click()
    expect(administrator.dialog).to_have_count(0)
    page.get_by_role("button", name="Add a recommended result").click()
    page.get_by_role("button", name="Choose a page").last.click()
    expect(
        administrator.dialog.get_by_role("link", name="Birmingham Health Partners")
    ).to_be_visible()


def test_a_date_is_chosen_from_the_calendar(administrator: Editor, screens: dict[str, str]) -> None:
    page: Page = administrator.page
    page.goto(screens["site history"])
    page.get_by_role("button", name=re.compile("Filter|Show filters")).first.click()
    page.get_by_role("button", name=re.compile("^Date")).first.click()
    page.locator("input[name=timestamp_from]").click()
    expect(page.locator(".xdsoft_datetimepicker:visible")).to_have_count(1)
