"""A form that nobody has touched is not saved, whatever its own scripts write into it."""

import re

import pytest
from playwright.sync_api import expect

from .editor import Editor

pytestmark = pytest.mark.browser

# Wagtail dispatches it whenever it remembers the form as unchanged.
COUNT = """
let number = 0;
addEventListener("w-unsaved:watch-edits", () => {
  document.documentElement.dataset.snapshots = ++number;
});
"""
WRITE = """field => {
  field.value = "Written by a script";
  return document.documentElement.dataset.snapshots;
}"""


def test_only_what_somebody_does_is_saved(editor: Editor) -> None:
    page = editor.page
    page.add_init_script(COUNT)
    editor.follow("New announcement")
    root = page.locator("html")
    expect(root).to_have_attribute("data-snapshots", re.compile(r"\d"))
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    title = page.get_by_role("textbox", name="Title").first
    number = title.evaluate(WRITE)
    expect(root).not_to_have_attribute("data-snapshots", number)
    assert not [url for url in urls if "/add/" in url]
    title.fill("Written by an editor")
    editor.write("Summary", "What happened.")
    editor.pause()
    assert [url for url in urls if "/add/" in url]
