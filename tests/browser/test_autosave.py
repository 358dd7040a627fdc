"""Autosave and the buttons of the editor do not get in each other's way."""

import re

import pytest
from playwright.sync_api import Request, Route

from .editor import Editor

pytestmark = pytest.mark.browser

TITLE = "Saved while the site was slow"


def begin_announcement(editor: Editor) -> tuple[list[Request], list[Request]]:
    """Begin an announcement whose forms get no answer; return the forms sent and autosaves."""
    page = editor.page
    sent: list[Request] = []
    saved: list[Request] = []

    def watch(route: Route) -> None:
        if route.request.method == "POST" and route.request.is_navigation_request():
            sent.append(route.request)
            # The browser stays on the page, as long as no other answer comes.
            route.fulfill(status=204)
            return
        if route.request.method == "POST":
            saved.append(route.request)
        route.fallback()

    page.clock.install()
    page.goto("/admin/")
    editor.follow("New announcement")
    editor.write("Title", TITLE)
    page.route(re.compile("/admin/pages/"), watch)
    return sent, saved


def test_autosave_pauses_while_the_site_answers_a_form(editor: Editor) -> None:
    page = editor.page
    sent, saved = begin_announcement(editor)
    button = page.get_by_role("button", name="Save draft")
    with page.expect_request(lambda request: request.is_navigation_request()):
        # A double click.
        button.evaluate("button => { button.click(); button.form.requestSubmit(button); }")
    before = len(saved)
    editor.write("Summary", "Typed while the form is on its way.")
    page.clock.run_for(20_000)
    assert (len(sent), len(saved)) == (1, before)
    page.clock.run_for(60_000)
    with page.expect_request(lambda request: request.method == "POST"):
        editor.write("Summary", "Typed after no answer has come.")
        page.clock.run_for(5000)
    assert len(sent) == 1


def test_a_form_that_is_sent_again_pauses_autosave_again(editor: Editor) -> None:
    page = editor.page
    _, saved = begin_announcement(editor)
    for seconds in (40, 30):
        with page.expect_request(lambda request: request.is_navigation_request()):
            page.get_by_role("button", name="Save draft").click()
        before = len(saved)
        page.clock.run_for(seconds * 1000)
    # The pause of the form that was sent first would have ended 10 seconds ago.
    editor.write("Summary", "Typed while the second form is on its way.")
    page.clock.run_for(10_000)
    assert len(saved) == before
    page.clock.run_for(60_000)
    with page.expect_request(lambda request: request.method == "POST"):
        editor.write("Summary", "Typed after no answer has come.")
        page.clock.run_for(5000)
