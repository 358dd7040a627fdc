"""An editor at work: every step is found by the words on the screen."""

import json
import re
from typing import Any

from playwright.sync_api import Locator, Page, expect


class Editor:
    """Somebody signed in to the admin, in one browser window."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog")
        self.messages = page.locator(".messages")

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/admin/")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", name="Publish a report release")).to_be_visible()

    def dashboard(self) -> Locator:
        """Goes there; the panel “Publish a report release”."""
        self.page.goto("/admin/")
        return self.page.locator("#report-release")

    def follow(self, link: str) -> None:
        """Follow the last link of that name: on the dashboard, skip links have the same."""
        self.page.get_by_role("link", name=link, exact=True).last.click()

    def write(self, label: str, words: str) -> None:
        """Fill in the last field of that name: the one of the block just added."""
        self.page.get_by_role("textbox", name=label).last.fill(words)

    def write_date(self, label: str, date: str) -> None:
        """`date` as 31/12/2030, with a time where one is asked for; the calendar is left again."""
        self.write(label, date)
        calendar = self.page.locator(".xdsoft_datetimepicker:visible")
        expect(calendar).to_have_count(1)
        self.page.get_by_role("textbox", name=label).last.blur()
        expect(calendar).to_have_count(0)

    def write_text(self, words: str) -> None:
        self.page.locator(".public-DraftEditor-content").last.click()
        self.page.keyboard.insert_text(words)
        # The editor hands its text to the form a quarter of a second later.
        field = self.page.locator(f"input[type=hidden][value*={json.dumps(words)}]")
        expect(field).not_to_have_count(0)

    def open_blocks(self) -> None:
        self.page.get_by_role("button", name="Insert a block").last.click()

    def add_block(self, kind: str) -> None:
        self.open_blocks()
        self.page.get_by_role("option", name=re.compile(f"^{kind}")).click()

    def choose(self, button: str, name: str) -> None:
        """Open a chooser and take what bears `name`."""
        self.page.get_by_role("button", name=button).last.click()
        self.dialog.get_by_role("link", name=name).click()
        expect(self.dialog).to_have_count(0)

    def hand_over(self, file: Any, title: str) -> None:
        """Open the chooser's upload, hand over `file` (name, mimeType, buffer) and name it."""
        self.page.get_by_role("button", name="Choose a document").last.click()
        self.dialog.get_by_role("tab", name="Upload").click()
        self.dialog.locator("input[type=file]").set_input_files(file)
        field = self.dialog.get_by_role("textbox", name="Title")
        # The name of the file is put there first.
        expect(field).not_to_have_value("")
        field.fill(title)

    def upload(self) -> None:
        self.dialog.get_by_role("button", name="Upload").click()

    def confirm_upload(self) -> None:
        """Accept the proposed title and address."""
        self.dialog.get_by_role("button", name="Add this document").click()

    def pause(self) -> None:
        """Until Wagtail has saved by itself what was typed: it must not save a new page twice."""
        expect(self.page.locator(".w-autosave-indicator__state--saved")).to_be_visible()

    def save_draft(self) -> None:
        self.pause()
        self.page.get_by_role("button", name="Save draft").click()
        expect(self.messages).to_contain_text("Page '")

    def open_actions(self) -> None:
        self.page.get_by_role("button", name="More actions").click()

    def act(self, name: str) -> None:
        """One of the actions behind the arrow beside “Save draft”."""
        self.open_actions()
        self.page.get_by_role("button", name=name, exact=True).click()
