"""An editor pastes a press release with its formatting."""

import re

import pytest
from playwright.sync_api import Page, expect

from .editor import Editor

pytestmark = pytest.mark.browser

HTML = "<h1>A title</h1><p>It has happened.</p><p>See <a href='https://example.org/'>more</a>.</p>"
TEXT = re.compile(r"^A title\n+It has happened\.\n+See more\.$")
# Selects what is to be copied, in an element of its own that is removed afterwards.
SELECT = """html => {
  const copied = document.createElement("div");
  copied.id = "copied";
  copied.innerHTML = html;
  document.body.append(copied);
  getSelection().selectAllChildren(copied);
}"""
REMOVE = "document.getElementById('copied').remove()"


def copy(page: Page) -> None:
    """Put the text with its formatting on the clipboard, as from another page."""
    page.evaluate(SELECT, HTML)
    page.keyboard.press("Control+C")
    page.evaluate(REMOVE)


def test_a_browser_that_goes_back_keeps_text_and_formatting(editor: Editor) -> None:
    page = editor.page
    page.goto("/admin/releases/new/")
    area, status = page.get_by_label("Text of the release"), page.get_by_text("Pasted with its")
    html, source = page.locator("input[name=html]"), page.locator("input[name=source]")
    read = page.get_by_role("button", name="Read the release")
    copy(page)
    area.click()
    page.keyboard.press("Control+V")
    expect(status).to_be_visible()
    page.keyboard.type(" More.")
    expect(status).to_be_hidden()
    expect(html).to_have_value("")
    area.fill("")
    page.keyboard.press("Control+V")
    expect(area).to_have_value(TEXT)
    expect(html).to_have_value(re.compile("<h1.*https://example.org/"))
    read.click()
    expect(source).to_have_value(re.compile('href="https://example.org/"'))
    page.go_back()
    expect(area).to_have_value(TEXT)
    expect(status).to_be_visible()
    read.click()
    expect(source).to_have_value(re.compile('href="https://example.org/"'))
