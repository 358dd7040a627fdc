"""An editor pastes from a word processor into an announcement."""

import pytest
from playwright.sync_api import Page, expect

from tests.pasting import clipboards

from .conftest import Site
from .editor import Editor

pytestmark = pytest.mark.browser

# What the browser does for Ctrl+V: one event with both forms of the text.
PASTE = """(editor, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "the same as plain text");
  editor.dispatchEvent(new ClipboardEvent("paste",
    {bubbles: true, cancelable: true, clipboardData: data}));
}"""
FIND = """
from django.urls import reverse
from news.models import NewsIndexPage
print(reverse("wagtailadmin_pages:add", args=["news", "newspage", NewsIndexPage.objects.get().pk]))
"""


@pytest.fixture(scope="session")
def new_announcement(running: Site) -> str:
    """The address of the form."""
    return running.shell(FIND).strip()


def paste(page: Page, html: str) -> None:
    editor = page.locator(".public-DraftEditor-content").last
    editor.click()
    editor.evaluate(PASTE, html)


def test_a_paste_from_a_word_processor_becomes_blocks(
    editor: Editor, new_announcement: str
) -> None:
    page = editor.page
    page.goto(new_announcement)
    editor.add_block("Text")
    paste(page, clipboards.GOOGLE_LINK)
    text = page.locator(".public-DraftEditor-content").last
    expect(text).to_contain_text("Read the plan of the whole region.")
    bold = [part for part in text.locator("span[style*='bold']").all_inner_texts() if part.strip()]
    assert bold == ["whole"]
    expect(editor.messages).to_contain_text("now leads straight to https://example.org/plan")
    editor.add_block("Text")
    paste(page, clipboards.LIBREOFFICE)
    expect(editor.messages).to_contain_text("1 table became a table block")
    heading = page.locator("input[type=text][name^=body-][name$=-value]")
    expect(heading).to_have_value("Findings")
    # The empty block that was pasted into has made way.
    expect(page.locator(".public-DraftEditor-content:visible")).to_have_count(3)
    expect(page.locator("input.column-heading").first).to_have_value("Year")


def test_internal_copies_are_left_to_the_editor(editor: Editor, new_announcement: str) -> None:
    page = editor.page
    page.goto(new_announcement)
    editor.add_block("Text")
    editor.write_text("Only words")
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    page.keyboard.press("End")
    page.keyboard.press("Control+V")
    expect(page.locator(".public-DraftEditor-content").last).to_contain_text("Only wordsOnly words")
