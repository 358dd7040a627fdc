"""From a report to the form, to the thanks, to the answer and the copy, with mail down and up."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import Site, open_until_shown, print_pdf
from .editor import Editor
from .test_accessibility import CUT_OR_COVERED, RULES, SIDEWAYS

pytestmark = pytest.mark.browser

REPORT = "/reports/report-of-activity-2020-2022/"
FORM = "/accessible-copy/report-of-activity-2020-2022/"


@pytest.fixture
def no_script(new_context: Callable[..., BrowserContext]) -> Page:
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture
def mails(running: Site) -> Path:
    """Where the site puts its mail; a file in the folder's place keeps it from doing so."""
    return Path(running.env["DATA_DIR"]) / "mail"


def get_texts(mails: Path) -> str:
    return "\n".join(one.read_text() for one in mails.iterdir()) if mails.is_dir() else ""


def wait_for_email(page: Page, mails: Path, text: str) -> None:
    """Wait until an e-mail with `text` has been sent: a worker does that after the request."""
    for _ in range(80):
        if text in get_texts(mails):
            return
        page.wait_for_timeout(250)
    pytest.fail(f"No e-mail with “{text}” was sent")


def ask(visitor: Page) -> None:
    """By the link below the download, with a mistake first; all without a script."""
    visitor.goto(REPORT)
    visitor.get_by_role("link", name="Ask for an accessible copy").click()
    visitor.get_by_label("Large print").check()
    visitor.get_by_label("Anything else we should know").fill("Chapter two first, please.")
    visitor.get_by_role("button", name="Send the request").click()
    problem = visitor.get_by_role("alert")
    expect(problem).to_be_focused()
    problem.get_by_role("link", name="Enter your e-mail address").click()
    expect(visitor.get_by_label("Your e-mail address")).to_be_focused()
    visitor.keyboard.type("jo@example.com")
    expect(visitor.get_by_label("Large print")).to_be_checked()
    # Programs are quicker than people.
    visitor.wait_for_timeout(4000)
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert visitor.locator("main").inner_text().count("jo@example.com") == 0


def test_a_request_is_followed_from_the_report_to_the_copy(
    browser: Browser, no_script: Page, editor: Editor, mails: Path
) -> None:
    if mails.is_dir():
        mails.rename(mails.with_name("mail-before"))
    mails.touch()
    ask(no_script)
    reference = re.search(r"[2-9a-z]{5}-[2-9a-z]{5}", no_script.url)[0]

    page = editor.page
    failure = page.locator("#waiting-requests").get_by_text("An e-mail could not be sent")
    open_until_shown(page, "/admin/", failure)
    editor.follow("Large print: Report of Activity 2020 to 2022")
    expect(page.get_by_text("Chapter two first, please.")).to_be_visible()
    mails.unlink()
    page.get_by_role("button", name="Try again now").click()
    expect(editor.messages).to_contain_text("All e-mails about this enquiry")
    wait_for_email(page, mails, f"Your reference: {reference}")

    editor.follow("Answer")
    page.get_by_label("Your answer").fill("Here is your copy in large print.")
    editor.hand_over(print_pdf(browser, "large.pdf", tagged=True), "Report in large print")
    editor.upload()
    editor.confirm_upload()
    expect(editor.dialog).to_have_count(0)
    page.get_by_label("Label for visitors").fill("Large print, 18 point")
    page.get_by_role("button", name="Send the answer").click()
    expect(editor.messages).to_contain_text("is being sent")
    wait_for_email(page, mails, "Here is your copy in large print.")

    copy = no_script.get_by_role("link", name=re.compile("Large print, 18 point"))
    open_until_shown(no_script, REPORT, copy)
    assert no_script.request.get(copy.get_attribute("href") or "").status == 200


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_no_barrier_is_found_in_a_form_with_errors(
    new_context: Callable[..., BrowserContext], width: int, scheme: str
) -> None:
    found: list[Any] = []
    page = new_context(bypass_csp=True).new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for address, button in (
        (FORM, "Send the request"),
        ("/accessibility-problem/", "Send the report"),
    ):
        page.goto(address)
        for _ in range(2):
            results = Axe().run(page, options=RULES).response["violations"]
            found += [(address, one["id"], one["nodes"][0]["html"]) for one in results]
            if page.evaluate(SIDEWAYS) > 0 or (lost := page.evaluate(CUT_OR_COVERED)):
                found.append((address, "cut, covered or sideways", lost))
            page.get_by_role("button", name=button).click()
        expect(page).to_have_title(re.compile("^Error: "))
    assert not found
