"""A report that is read without its PDF: drafted by an editor, read by anybody."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

from .editor import Editor
from .test_accessibility import RULES, SIDEWAYS

pytestmark = pytest.mark.browser

TITLE = "Five-year strategy"
DRAFTED_MILLISECONDS = 90_000
REPORT = "/reports/five-year-strategy/"
SMALL: ViewportSize = {"width": 320, "height": 700}


def test_an_edition_from_the_draft_to_the_reader(
    editor: Editor, new_context: Callable[..., BrowserContext]
) -> None:
    page = editor.page
    page.goto("/admin/reports/")
    editor.follow(TITLE)
    page.get_by_role("tab", name="Read online").click()
    editor.follow("Draft from the PDF")
    page.get_by_role("button", name="Draft the chapters").click()
    # The scheduler takes it up within ten seconds.
    expect(editor.messages).to_contain_text(
        "Nothing is public until you publish", timeout=DRAFTED_MILLISECONDS
    )
    compare(page)
    assert new_context().request.get(f"{REPORT}read/").status == 404
    editor.act("Publish")
    expect(editor.messages).to_contain_text("has been published")
    read(new_context(java_script_enabled=False).new_page())
    look(new_context(bypass_csp=True).new_page())


def compare(page: Page) -> None:
    """The page of the PDF stands beside a chapter, and is turned by keyboard."""
    beside = page.locator("pdf-page").first
    image = beside.get_by_role("img")
    expect(image).to_be_visible()
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('pdf-page img').naturalWidth > 300")
    expect(beside.get_by_role("status")).to_have_text("Page 1 of 5")
    beside.get_by_role("button", name="Next page").focus()
    page.keyboard.press("Enter")
    expect(beside.get_by_role("status")).to_have_text("Page 2 of 5")
    expect(image).to_have_attribute("alt", "Page 2 of the PDF")


def read(page: Page) -> None:
    """Without a script, on a small screen: from the report through its chapters to the whole."""
    page.set_viewport_size(SMALL)
    page.goto(REPORT)
    page.get_by_role("link", name="Read it online").click()
    page.get_by_role("link", name="Start reading").click()
    first = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first)
    expect(page.get_by_role("link", name="Previous")).to_contain_text(first)
    page.get_by_role("link", name="On one page", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("heading", level=2, name=first, exact=True)).to_be_visible()


def look(page: Page) -> None:
    """No barrier is found on any of its pages, and none is wider than the screen."""
    page.set_viewport_size(SMALL)
    page.goto(f"{REPORT}read/")
    chapter = page.get_by_role("link", name="Start reading").get_attribute("href")
    for address in (f"{REPORT}read/", str(chapter), f"{REPORT}read/all/"):
        page.goto(address)
        found = Axe().run(page, options=RULES).response["violations"]
        assert not [(one["id"], one["nodes"][0]["html"]) for one in found]
        assert page.evaluate(SIDEWAYS) <= 0
