"""What visitors get, whatever they come with: no script, no mouse, a slow line, paper."""

import io
import re
import time
from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

pytestmark = pytest.mark.browser

REPORT = "Report of Activity 2020 to 2022"
ANNOUNCEMENT = "/news/report-of-activity-2020-2022/"
MAX_REQUESTS = 8
MAX_BYTES = 110 * 1024
LAYOUT_SHIFT = """
() => new Promise(tell => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(entry => { sum += entry.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => tell(sum), 100);
})
"""
SCRIPTS = "() => [...document.scripts].filter(one => one.type !== 'application/ld+json').length"
STORED = "() => localStorage.length + sessionStorage.length"
FOCUS_IS_SEEN = """
focused => {
  const {outlineStyle, outlineWidth} = getComputedStyle(focused);
  const {top, bottom, width, height} = focused.getBoundingClientRect();
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 1 && height > 1
    && bottom > 0 && top < innerHeight;
}
"""


# Its own words and its labels', hidden ones too, as a screen reader says them.
NAMES = """
e => [e, ...e.labels ?? []].map(one => one.textContent.replace(/\\s+/g, " "))
"""


@pytest.fixture
def keyboard(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor without script who never touches a mouse."""
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/")
    return page


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what bears `name` has the focus, which must be seen on every stop."""
    for _ in range(90):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.evaluate(FOCUS_IS_SEEN), f"Focus is not seen: {focused.inner_html()}"
        if any(name in words for words in focused.evaluate(NAMES)):
            return
    pytest.fail(f"No stop is called “{name}”.")


def go(page: Page) -> None:
    """Press Enter on what leads to another page, and wait for that."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_the_skip_link_leads_past_the_menu(keyboard: Page) -> None:
    tab_to(keyboard, "Skip to main content")
    keyboard.keyboard.press("Enter")
    expect(keyboard).to_have_url(re.compile("#main$"))
    keyboard.keyboard.press("Tab")
    assert keyboard.locator(":focus").evaluate("focused => focused.closest('main') !== null")


def test_news_is_filtered_and_paged_by_keyboard(keyboard: Page) -> None:
    tab_to(keyboard, "News")
    go(keyboard)
    expect(keyboard.get_by_role("heading", level=1)).to_have_text("News")
    tab_to(keyboard, "Kind")
    keyboard.keyboard.type("Fund")
    tab_to(keyboard, "Filter")
    go(keyboard)
    expect(keyboard).to_have_url(re.compile(r"\?kind=funding"))
    tags = keyboard.locator(".rows .tag")
    assert set(tags.all_inner_texts()) == {"Funding"}
    tab_to(keyboard, "Show all news")
    go(keyboard)
    tab_to(keyboard, "Next page")
    go(keyboard)
    expect(keyboard).to_have_url(re.compile(r"/news/\?page=2$"))


def test_a_report_is_found_and_downloaded_by_keyboard(keyboard: Page) -> None:
    tab_to(keyboard, "Search")
    go(keyboard)
    tab_to(keyboard, "Search news, reports, partners and documents")
    keyboard.keyboard.type("activity report")
    go(keyboard)
    expect(keyboard.locator("mark").first).to_be_visible()
    link = keyboard.locator(f"main a[href='{ANNOUNCEMENT}']")
    tab_to(keyboard, link.inner_text())
    go(keyboard)
    expect(keyboard).to_have_url(re.compile(f"{ANNOUNCEMENT}$"))
    tab_to(keyboard, "Link to this quote")
    go(keyboard)
    expect(keyboard.locator("blockquote")).to_be_visible()
    keyboard.go_back()
    keyboard.locator("aside").get_by_role("link", name=REPORT).focus()
    go(keyboard)
    expect(keyboard.get_by_role("heading", level=1)).to_have_text(REPORT)
    tab_to(keyboard, "Download")
    with keyboard.expect_response("**/documents/*.pdf") as answer:
        keyboard.keyboard.press("Enter")
    assert answer.value.status == 200
    assert answer.value.header_value("content-type") == "application/pdf"


def test_a_word_on_one_page_of_one_file_leads_there(keyboard: Page) -> None:
    tab_to(keyboard, "Search")
    go(keyboard)
    tab_to(keyboard, "Search news, reports, partners and documents")
    keyboard.keyboard.type("epilepsy")
    go(keyboard)
    link = keyboard.locator("main a[href*='#page=']")
    expect(link).to_have_count(1)
    address = "/documents/safe-and-effective-medicines-2021.pdf#page=2"
    expect(link).to_have_attribute("href", address)
    expect(keyboard.locator("main mark")).to_have_text(["epilepsy"])
    tab_to(keyboard, "page 2 (PDF")
    with keyboard.expect_response("**/documents/*.pdf") as answer:
        keyboard.keyboard.press("Enter")
    assert answer.value.status == 200


def test_a_first_view_is_light_still_and_private(
    addresses: dict[str, str],
    base_url: str,
    new_context: Callable[..., BrowserContext],
    thin_out: Callable[..., Any],
) -> None:
    for name, address in thin_out(addresses.items(), 2):
        context = new_context()
        page = context.new_page()
        sent: list[Request] = []
        page.on("requestfinished", lambda request, sent=sent: sent.append(request))
        page.goto(address)
        shift = page.evaluate(LAYOUT_SHIFT)
        assert all(request.url.startswith(f"{base_url}/") for request in sent), name
        light = [request for request in sent if request.resource_type != "image"]
        assert len(light) <= MAX_REQUESTS, name
        # All of a report on one page is as long as its words are; the rest is held as elsewhere.
        held = [one for one in light if name != "whole report" or one.resource_type != "document"]
        assert sum(map(get_transferred_bytes, held)) <= MAX_BYTES, name
        # An address, and what is quoted, can be copied by a button, where scripts run.
        scripts = int(name in {"NewsPage", "QuotePage", "ReportPage"})
        assert sum(request.resource_type == "script" for request in sent) == scripts, name
        assert page.evaluate(SCRIPTS) == scripts, name
        assert shift == 0, name
        assert page.evaluate(STORED) == 0, name
        assert context.cookies() == [], name
        context.close()


def test_nothing_moves_when_fonts_are_late(page: Page) -> None:
    page.route("**/*.woff2", lambda route: (time.sleep(0.5), route.continue_()))
    page.goto("/")
    assert page.evaluate(LAYOUT_SHIFT) == 0
    page.goto("/no-such-page/")
    assert page.evaluate(LAYOUT_SHIFT) == 0


def get_transferred_bytes(request: Request) -> int:
    """Bytes of the answer as they came over the line."""
    sizes = request.sizes()
    return sizes["responseHeadersSize"] + sizes["responseBodySize"]


def test_an_announcement_is_printed_without_menus_and_with_addresses(page: Page) -> None:
    page.goto(ANNOUNCEMENT)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_visible()
    page.emulate_media(media="print")
    expect(menu).to_be_hidden()
    words = get_printed_words(page)
    assert "Skiptomaincontent" not in words
    assert "Newsfeed" not in words
    assert "/documents/report-of-activity-2020-2022.pdf" in words
    assert f"Thispage:{page.url}" in words


def get_printed_words(page: Page) -> str:
    """Return all that is on the printed page, without spaces."""
    with pypdfium2.PdfDocument(io.BytesIO(page.pdf())) as paper:
        words = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    # PDFium writes a hyphen at the end of a line as this.
    return re.sub(r"\s+", "", words.replace("\ufffe", "-"))


def test_a_report_is_printed_with_all_its_contents(page: Page) -> None:
    page.goto("/reports/report-of-activity-2020-2022/")
    folded = page.locator("details .toc a:not(.at)")
    expect(folded.first).to_be_hidden()
    words = get_printed_words(page)
    titles = [re.sub(r"\s+", "", title) for title in folded.all_text_contents()]
    assert titles
    assert [title for title in titles if title not in words] == []
    for control in ("Readitonline", "Enlarge", "moreparts"):
        assert control not in words
    page.emulate_media(media="print")
    assert page.locator("button:visible, summary:visible").count() == 0


def test_the_menu_is_one_line_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 700})
    page.goto("/")
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    boxes = [box for link in links.all() if (box := link.bounding_box())]
    assert len(boxes) == 5
    assert len({box["y"] for box in boxes}) == 1
