"""The job the site is made for: an editor publishes a report release, a visitor downloads it."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import PASSWORD, PUBLISHER, open_until_shown
from .editor import Editor

pytestmark = pytest.mark.browser

REPORT = "Report of Activity 2022 to 2024"
FILE = "/documents/report-of-activity-2022-to-2024.pdf"
NEWS = "Report of activity 2022 to 2024 published"
WORDS = (
    "These are words as their speaker approved them, without quotation marks.",
    "After a blank line the same speaker goes on.",
)
OTHER_WORDS = "Somebody else says something else."


def test_a_release_from_sign_in_to_download(
    newcomer: Editor, visitor: Page, report_file: dict[str, Any]
) -> None:
    editor = newcomer
    editor.sign_in(PUBLISHER, PASSWORD)
    draft_report(editor, report_file)
    assert visitor.request.get(FILE).status == 404
    panel = editor.dashboard()
    expect(panel.get_by_role("listitem").filter(has_text="(done)")).to_have_count(2)
    draft_announcement(editor)
    assert visitor.request.get(FILE).status == 404
    editor.pause()
    editor.open_actions()
    publish = editor.page.get_by_role("button", name="Publish", exact=True)
    publish.click()
    # “Created and” where autosave has not made the page before.
    expect(editor.messages).to_contain_text(re.compile("(has been|created and) published"))
    read_and_download(visitor, report_file["buffer"])


def draft_report(editor: Editor, report_file: dict[str, Any]) -> None:
    page = editor.page
    editor.follow("New report")
    editor.write("Title", REPORT)
    editor.write_date("Period start", "01/09/2022")
    editor.write_date("Period end", "31/08/2024")
    editor.write("Summary", "What the partnership did from September 2022 to August 2024.")
    page.get_by_role("button", name="Add download").click()
    editor.hand_over(report_file, REPORT)
    editor.upload()
    expect(editor.dialog.get_by_role("heading", name="Check the title")).to_be_focused()
    editor.confirm_upload()
    expect(page.get_by_role("region", name="Documents to download")).to_contain_text(REPORT)
    editor.save_draft()


def draft_announcement(editor: Editor) -> None:
    page = editor.page
    editor.follow("New announcement")
    editor.write("Title", NEWS)
    editor.write("Summary", "BHP has published its report of activity for 2022 to 2024.")
    editor.choose("Choose a page (Report)", REPORT)
    editor.add_block("Text")
    editor.write_text("The report says what the partnership did in two years.")
    for speaker, words in (("Asha Sample", "\n\n".join(WORDS)), ("Tom Sample", OTHER_WORDS)):
        editor.add_block("Quote")
        editor.choose("Choose person", speaker)
        editor.write("Words", words)
        # Below the field stands what visitors will see, in the words of the site.
        preview = page.get_by_role("group", name="Preview of the quote").last
        expect(preview.locator("blockquote")).to_contain_text(f"{words.split(chr(10))[-1]}”")


def read_and_download(visitor: Page, content: bytes) -> None:
    news = visitor.get_by_role("link", name=NEWS)
    open_until_shown(visitor, "/news/", news)
    news.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(NEWS)
    first, second = visitor.locator("figure.quote").all()
    expect(first.locator("blockquote p")).to_have_text([f"“{WORDS[0]}", f"“{WORDS[1]}”"])
    expect(first).to_contain_text("Asha Sample Author of the report, BHP")
    expect(second.locator("blockquote p")).to_have_text([f"“{OTHER_WORDS}”"])
    visitor.get_by_role("complementary").get_by_role("link", name=REPORT).click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text(REPORT)
    link = visitor.get_by_role("link", name=re.compile(rf"^Download {REPORT} \(PDF, \d+ KB\)$"))
    expect(link.locator("xpath=../..")).to_contain_text("2 pages")
    with visitor.expect_response(f"**{FILE}") as answer:
        link.click()
    assert answer.value.status == 200
    assert visitor.request.get(FILE).body() == content


def test_a_refused_upload_says_why_and_loses_nothing(
    editor: Editor, report_file: dict[str, Any]
) -> None:
    page = editor.page
    editor.follow("Reports")
    editor.follow("Add report")
    editor.write("Title", "A report with the wrong file")
    page.get_by_role("button", name="Add download").click()
    editor.hand_over(report_file | {"buffer": b"<!DOCTYPE html><p>Hello"}, "The right title")
    editor.upload()
    expect(editor.dialog.get_by_text("This is not a PDF")).to_be_visible()
    expect(editor.dialog.get_by_role("textbox", name="Title")).to_have_value("The right title")
    # Other bytes than the release's, which would be found to be there already.
    corrected = report_file | {"buffer": report_file["buffer"] + b"\n"}
    editor.dialog.locator("input[type=file]").set_input_files(corrected)
    editor.upload()
    editor.confirm_upload()
    expect(page.get_by_role("region", name="Documents to download")).to_contain_text(
        "The right title"
    )
    expect(page.get_by_role("textbox", name="Title")).to_have_value("A report with the wrong file")


def test_an_untagged_file_is_used_with_a_reason_and_offered_again(
    editor: Editor, untagged_file: dict[str, Any], report_file: dict[str, Any]
) -> None:
    page, dialog = editor.page, editor.dialog
    files = page.get_by_role("region", name="Documents to download")
    editor.follow("Reports")
    editor.follow("Add report")
    editor.write("Title", "A report that was scanned")
    editor.write("Summary", "What a scanner saw.")
    page.get_by_role("button", name="Add download").click()
    editor.hand_over(untagged_file, "The scan")
    editor.upload()
    expect(dialog.get_by_role("heading", name="Some people will not be able to")).to_be_focused()
    dialog.get_by_role("button", name="Choose another file").click()
    expect(dialog.get_by_role("textbox", name="Title")).to_have_value("The scan")
    dialog.locator("input[type=file]").set_input_files(untagged_file)
    editor.upload()
    editor.confirm_upload()
    expect(files).to_contain_text("The scan")
    editor.act("Publish")
    expect(editor.messages).to_contain_text("Saved, but not published. Some people cannot use")
    page.get_by_role("button", name="Add download").click()
    editor.hand_over(untagged_file, "The scan once more")
    editor.upload()
    expect(dialog.get_by_role("heading", name="This document already exists")).to_be_focused()
    dialog.get_by_role("link", name="Use the existing document").click()
    expect(files.get_by_text("The scan", exact=True)).to_have_count(2)
    editor.messages.get_by_role("link", name="Check “The scan”").click()
    editor.write("Reason for publishing it", "Printed in 2012; the original is lost.")
    page.get_by_role("button", name="Save").click()
    expect(editor.messages).to_contain_text("updated")


def test_a_page_is_scheduled_in_the_editor(editor: Editor, visitor: Page) -> None:
    page = editor.page
    editor.follow("News")
    editor.follow("Add news item")
    editor.write("Title", "News of the future")
    editor.write("Summary", "Nothing has happened yet.")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    editor.write_date("Go live date/time", "31/12/2030 09:00")
    page.get_by_role("button", name="Schedule to publish").click()
    expect(editor.messages).to_contain_text(
        "“News of the future” goes live on 31 December 2030 at 09:00 UK time."
    )
    visitor.goto("/news/")
    expect(visitor.get_by_role("link", name="News of the future")).to_have_count(0)
    assert visitor.request.get("/news/news-of-the-future/").status == 404
