"""Every page type in light and dark, at three widths, with large and with spaced text."""

import itertools
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from .conftest import Share

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
HEADINGS = (
    "() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(one => +one.tagName[1])"
)
SIDEWAYS = "() => document.scrollingElement.scrollWidth - innerWidth"
# WCAG 2.2, 1.4.12, and 1.4.4.
STYLES = {
    "spaced": """* {
  line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-bottom: 2em !important }""",
    "large": "html { font-size: 200% !important }",
}
# Width and colour scheme, and width and style. A sample has each page in one of them.
SCREENS = [*itertools.product([320, 768, 1280], ["light", "dark"])]
LAYOUTS = [*itertools.product([320, 1280], STYLES)]
# Words that end where their box does, and words that lie upon other words. A line counts by its
# middle: close lines may touch.
CUT_OR_COVERED = """
() => {
  const hidden = one => one.closest(".hide, .skip, svg, option, script, title");
  const clips = one => ["hidden", "clip"].includes(getComputedStyle(one).overflowX);
  const boxes = [...document.body.querySelectorAll("*")].filter(one => !hidden(one) && clips(one));
  const lines = [], cut = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || hidden(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const {left, right, top, height} of range.getClientRects()) {
      if (!height) continue;
      const line = {text, left, right, top: top + height * .3, bottom: top + height * .7};
      lines.push(line);
      for (const box of boxes.filter(one => one.contains(text))) {
        const frame = box.getBoundingClientRect();
        if (left < frame.left - 1 || right > frame.right + 1
          || line.top < frame.top || line.bottom > frame.bottom) cut.push(text);
      }
    }
  }
  const covered = lines.filter((one, place) => lines.slice(place + 1).some(other =>
    other.text !== one.text && other.left < one.right - 1 && other.right > one.left + 1
    && other.top < one.bottom && other.bottom > one.top));
  return [...cut, ...covered.map(one => one.text)].map(text => text.data);
}
"""


@pytest.fixture
def see(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Opens a window of a width and a colour scheme, whose styles may be added to."""

    def opened(width: int, scheme: str) -> Page:
        page = new_context(bypass_csp=True).new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        return page

    return opened


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_no_barrier_is_found(
    see: Callable[..., Page], share: Share, screen: tuple[int, str]
) -> None:
    page, axe, found = see(*screen), Axe(), []
    for name, address in share(SCREENS.index(screen), len(SCREENS)).items():
        page.goto(address)
        results = axe.run(page, options=RULES)
        found += [
            (name, one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]
        ]
        if page.evaluate(SIDEWAYS) > 0:
            found.append((name, "sideways scrolling", ""))
        levels = page.evaluate(HEADINGS)
        skipped = any(after - before > 1 for before, after in itertools.pairwise(levels))
        if levels.count(1) != 1 or levels[0] != 1 or skipped:
            found.append((name, "headings", levels))
    assert not found


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_no_words_are_cut_or_covered(
    see: Callable[..., Page], share: Share, layout: tuple[int, str]
) -> None:
    page, found = see(layout[0], "light"), {}
    for name, address in share(LAYOUTS.index(layout), len(LAYOUTS)).items():
        page.goto(address)
        page.add_style_tag(content=STYLES[layout[1]])
        page.wait_for_function("() => document.fonts.status === 'loaded'")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if lost := page.evaluate(CUT_OR_COVERED):
            found[name] = lost
        if layout != (320, "large") and page.evaluate(SIDEWAYS) > 0:
            found[f"{name}, sideways"] = page.evaluate(SIDEWAYS)
    assert not found
