"""An editor whose session ends while they are writing loses nothing."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Locator, Page, expect

from .conftest import EDITOR, PASSWORD, PUBLISHER, Site
from .editor import Editor

pytestmark = pytest.mark.browser

FIND = """
from django.urls import reverse
from news.models import NewsPage
from reports.models import ReportPage
from partners.models import Person
# No other test needs the titles of these.
report = ReportPage.objects.get(title__startswith="Safe and Effective Medicines")
person = Person(name="Una Sample")
person.save()
print(*(reverse("wagtailadmin_pages:edit", args=[page.pk])
        for page in (NewsPage.objects.first(), report)),
      reverse("wagtailsnippets_partners_person:edit", args=[person.pk]),
      reverse("wagtaildocs:edit", args=[report.downloads.first().document_id]))
"""
KINDS = ("announcement", "report", "person", "document")


@pytest.fixture(scope="session")
def forms(running: Site) -> dict[str, str]:
    """The address of a form of each kind."""
    return dict(zip(KINDS, running.shell(FIND).split(), strict=True))


def find_dialog(page: Page) -> Locator:
    return page.locator("dialog.bhp-session")


def find_frame(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Sign in']")


def sign_in_again(page: Page, email: str) -> None:
    """By keyboard alone, from the heading that has the focus when the dialog opens."""
    expect(
        find_dialog(page).get_by_role("heading", name="You have been signed out")
    ).to_be_focused()
    field = find_frame(page).get_by_label("E-mail address")
    expect(field).to_be_visible()
    page.keyboard.press("Tab")
    for _ in range(4):
        if field.evaluate("field => field === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type(email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def press(button: Locator) -> None:
    """Press a button that the dialog may cover already: the editor's ping may be sooner."""
    button.evaluate("button => button.click()")


def find_title(page: Page) -> Locator:
    return page.get_by_role("textbox", name=re.compile("^(Title|Name)")).first


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_typed_is_saved_after_signing_in_again(
    editor: Editor, forms: dict[str, str], kind: str
) -> None:
    page = editor.page
    page.goto(forms[kind])
    words = f"Typed before the session ended: {kind}"
    find_title(page).fill(words)
    page.context.clear_cookies()
    press(page.get_by_role("button", name=re.compile("^Save")).first)
    sign_in_again(page, PUBLISHER)
    expect(editor.messages).to_contain_text(words)
    page.goto(forms[kind])
    expect(find_title(page)).to_have_value(words)


def test_autosave_waits_for_the_editor(editor: Editor, forms: dict[str, str]) -> None:
    page = editor.page
    page.goto(forms["announcement"])
    page.context.clear_cookies()
    find_title(page).fill("Typed while signed out")
    expect(find_dialog(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Your changes are not being saved.").first).to_be_visible()
    expect(find_title(page)).to_be_focused()
    page.locator("[data-session-open]").click()
    sign_in_again(page, PUBLISHER)
    expect(page.locator("[data-status]")).to_have_text(re.compile("signed in again"))
    editor.pause()
    page.goto(forms["announcement"])
    expect(find_title(page)).to_have_value("Typed while signed out")


def test_a_chooser_opens_after_signing_in_again(editor: Editor, forms: dict[str, str]) -> None:
    page = editor.page
    page.goto(forms["report"])
    page.get_by_role("button", name="Add download").click()
    page.context.clear_cookies()
    press(page.get_by_role("button", name="Choose a document").last)
    sign_in_again(page, PUBLISHER)
    # The form is saved at the same time, and a new site still converts its images.
    upload = page.locator(".modal").get_by_role("tab", name="Upload")
    expect(upload).to_be_visible(timeout=60_000)


def test_somebody_elses_account_is_not_used_without_asking(
    editor: Editor, forms: dict[str, str]
) -> None:
    page = editor.page
    page.goto(forms["person"])
    find_title(page).fill("Typed by the publisher")
    page.context.clear_cookies()
    press(page.get_by_role("button", name=re.compile("^Save")).first)
    sign_in_again(page, EDITOR)
    heading = find_dialog(page).get_by_role("heading", name="Somebody else is signed in")
    expect(heading).to_be_focused()
    expect(find_dialog(page)).to_contain_text(EDITOR)
    find_dialog(page).get_by_role("button", name="instead").click()
    field = find_frame(page).get_by_label("E-mail address")
    field.fill(PUBLISHER)
    find_frame(page).get_by_label("Password").fill(PASSWORD)
    find_frame(page).get_by_label("Password").press("Enter")
    expect(editor.messages).to_contain_text("Typed by the publisher")


def test_a_lost_token_is_replaced_without_a_word(editor: Editor, forms: dict[str, str]) -> None:
    page = editor.page
    page.goto(forms["document"])
    find_title(page).fill("Typed before the token was lost")
    page.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    expect(editor.messages).to_contain_text("Typed before the token was lost")


def test_without_scripts_the_form_is_offered_again(
    new_context: Callable[..., BrowserContext], forms: dict[str, str]
) -> None:
    context = new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in_plainly(page)
    page.goto(forms["document"])
    find_title(page).fill("Typed without scripts")
    context.clear_cookies()
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new window").click()
    sign_in_plainly(opened.value)
    expect(opened.value.get_by_text("Close this window")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name=f"Save as {PUBLISHER}").click()
    expect(page.locator(".messages")).to_contain_text("Typed without scripts")


def sign_in_plainly(page: Page) -> None:
    if page.url == "about:blank":
        page.goto("/admin/")
    page.get_by_label("E-mail address").fill(PUBLISHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/admin/(session/signed-in/)?$"))


def test_signing_out_deletes_what_the_browser_stores(
    newcomer: Editor, forms: dict[str, str]
) -> None:
    # The session of `editor` is shared by all tests.
    newcomer.sign_in(PUBLISHER, PASSWORD)
    page = newcomer.page
    page.goto(forms["person"])
    page.evaluate("localStorage.setItem('note', 'of the editor')")
    page.goto("/admin/account/")
    page.evaluate("document.querySelector('form[action$=\"/logout/\"]').submit()")
    expect(page.get_by_label("E-mail address")).to_be_visible()
    assert page.evaluate("localStorage.getItem('note')") is None
    page.go_back()
    expect(page.get_by_label("E-mail address")).to_be_visible()
