"""People without an account on a phone, the screens of a release, and e-mails as they are shown."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import PASSWORD, PUBLISHER, Site
from .editor import Editor
from .test_accessibility import RULES, SIDEWAYS

pytestmark = pytest.mark.browser

WORDS = "Samples are useful when many people can work with them."
OTHER_WORDS = "Samples help patients when many people can work with them."
PHONE: Any = {"width": 390, "height": 844}
# The paths of pages and links, and the HTML of e-mails.
PREPARE = f"""
import datetime
import json
from urllib.parse import urlsplit
from django.contrib.auth import get_user_model
from django.utils import timezone
from bhp_site.alerts.emails import Item, write_alert
from bhp_site.alerts.models import AlertEmail
from bhp_site.draft_links.links import create_link
from bhp_site.press.sending.emails import write_change_email, write_release_email
from bhp_site.press.sending.embargo import get_embargo
from bhp_site.sign_off.requests import get_draft, request_sign_off
from bhp_site.sign_off.subjects import list_quotations
from news.models import NewsIndexPage, NewsPage, Release
from partners.models import Person
user = get_user_model().objects.get(email={PUBLISHER!r})
page = NewsPage(title="A library of samples opens", summary="It opens in May.", live=False)
speaker = Person.objects.get(name="Asha Sample")
page.body = [("quote", {{"speaker": speaker, "words": {WORDS!r}}})]
NewsIndexPage.objects.get().add_child(instance=page)
page.save_revision(user=user)
until = timezone.now() + datetime.timedelta(days=9)
release = Release.objects.create(announcement=page, embargo_until=until)
quotation = list_quotations(get_draft(page))[0]
sign_off = request_sign_off(page, quotation, kind="quotation", name=quotation.name,
    email="sample@example.org", message="Please answer by Friday.", user=user)
_, draft = create_link(page, "Press office", user=user)
alert = AlertEmail()
write_alert(alert, [Item.build(one) for one in NewsPage.objects.live().order_by("-date")[:3]])
embargo = get_embargo(page)
sent = write_release_email(page, embargo, message="For Friday.", link_url="https://example.org/a/")
changed = write_change_email(page, embargo, page.title)
print(json.dumps({{
    "page": page.pk, "release": release.pk,
    "sign_off": urlsplit(sign_off.url).path, "draft": urlsplit(draft).path,
    "emails": [alert.html, sent.html, changed.html],
}}))
"""


@pytest.fixture(scope="module")
def release(running: Site) -> dict[str, Any]:
    """A release under embargo, whose speaker was asked to sign off a quotation."""
    found: dict[str, Any] = json.loads(running.shell(PREPARE))
    return found


@pytest.fixture
def phone(new_context: Callable[..., BrowserContext]) -> Page:
    """A phone whose browser runs no scripts."""
    page = new_context(java_script_enabled=False).new_page()
    page.set_viewport_size(PHONE)
    return page


@pytest.fixture
def desk(page: Page) -> Editor:
    """A publisher who is signed in."""
    desk = Editor(page)
    desk.sign_in(PUBLISHER, PASSWORD)
    return desk


def find_barriers(page: Page, context: str = "html") -> list[tuple[str, str]]:
    """Return what axe finds within `context`, and whether the page is wider than the window."""
    results = Axe().run(page, context=context, options=RULES)
    found = [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]]
    return found + ([("sideways scrolling", "")] if page.evaluate(SIDEWAYS) > 0 else [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_for_people_without_an_account_have_no_barriers(
    release: dict[str, Any], new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = new_context(bypass_csp=True, color_scheme=scheme).new_page()
    page.set_viewport_size(PHONE)
    for name in ("sign_off", "draft"):
        page.goto(release[name])
        for details in page.locator("main details").all():
            details.evaluate("details => details.open = true")
        assert not find_barriers(page), name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_emails_have_no_barriers(
    release: dict[str, Any], new_context: Callable[..., BrowserContext], scheme: str
) -> None:
    page = new_context(color_scheme=scheme).new_page()
    page.set_viewport_size(PHONE)
    for html in release["emails"]:
        page.set_content(html)
        assert not find_barriers(page)


def test_a_speaker_suggests_words_and_an_editor_accepts_them(
    release: dict[str, Any], phone: Page, desk: Editor
) -> None:
    phone.goto(release["sign_off"])
    expect(phone.locator("blockquote")).to_contain_text(WORDS)
    expect(phone.locator("main")).to_contain_text("Author of the report")
    phone.get_by_text("Suggest other words", exact=True).click()
    phone.get_by_label("Your words").fill(OTHER_WORDS)
    phone.get_by_role("button", name="Suggest these words").click()
    expect(phone.get_by_role("status")).to_contain_text("We have your answer")
    page = desk.page
    page.goto(f"/admin/pages/{release['page']}/edit/")
    page.get_by_role("link", name="Ask for sign-off").click()
    expect(page.get_by_label("What should be signed off?")).to_contain_text("Asha Sample")
    page.get_by_role("button", name="Accept these words").click()
    expect(desk.messages).to_contain_text("They count as approved")
    phone.goto(release["sign_off"])
    expect(phone.locator("blockquote")).to_contain_text(OTHER_WORDS)


def test_a_reader_comments_on_a_draft(release: dict[str, Any], phone: Page, desk: Editor) -> None:
    phone.goto(release["draft"])
    expect(phone.get_by_label("About this draft")).to_contain_text("Under embargo until")
    phone.get_by_label("Your name").fill("Robin Reader")
    phone.get_by_label("Your comment").fill("Can we name the month?")
    # Nobody fills in a form faster.
    phone.wait_for_timeout(4000)
    phone.get_by_role("button", name="Send the comment").click()
    expect(phone.get_by_role("status")).to_contain_text("The editors have your comment")
    desk.page.goto(f"/admin/pages/{release['page']}/edit/")
    desk.page.get_by_role("button", name="Toggle comments from readers").click()
    expect(desk.page.locator(".form-side--open")).to_contain_text("Can we name the month?")


def test_screens_of_a_release_have_no_barriers(release: dict[str, Any], desk: Editor) -> None:
    page = desk.page
    paths = ("releases/", f"releases/{release['release']}/", f"press/send/{release['page']}/")
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for path in (*paths, f"pages/{release['page']}/share-draft/"):
            page.goto(f"/admin/{path}")
            expect(page.locator("#main")).to_contain_text("A library of samples opens")
            assert not find_barriers(page, "#main"), path
