"""Screens of the register and the house-style check, as an editor meets them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Site
from .editor import Editor
from .test_accessibility import RULES

pytestmark = pytest.mark.browser

LISTINGS = ["partners", "snippets/partners/person", "themes", "quotes"]
MAKE_DRAFT = """
from news.models import NewsIndexPage, NewsPage
page = NewsPage(title="A centre for trials", summary="It is due to open in 2022.", live=False)
page.body = [("paragraph", "<p>The Universityof Birmingham is one of the is one of the hosts.</p>")]
NewsIndexPage.objects.get().add_child(instance=page)
page.save_revision()
print(page.pk)
"""
ADD = """
from partners.models import PartnerIndexPage, PartnerPage
for number in range(9):
    PartnerIndexPage.objects.get().add_child(
        instance=PartnerPage(title=f"Of a draft {number}", kind="network", live=False)
    )
"""
REMOVE = """
from partners.models import PartnerPage
for page in PartnerPage.objects.filter(live=False):
    page.delete()
"""
FIND = "from wagtail.models import Page; print(Page.objects.get(slug={!r}).pk)"


def find_barriers(page: Page, where: str) -> list[tuple[str, str]]:
    """What axe finds in `where`, a CSS selector."""
    results = Axe().run(page, context=where, options=RULES)
    return [(one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]]


@pytest.mark.parametrize("name", LISTINGS)
def test_a_listing_has_no_barrier(editor: Editor, name: str) -> None:
    editor.page.goto(f"/admin/{name}/")
    expect(editor.page.get_by_role("table")).to_be_visible()
    assert find_barriers(editor.page, "#listing-results") == []


def test_a_partners_form_says_where_its_name_stands(editor: Editor, running: Site) -> None:
    editor.page.goto(f"/admin/pages/{int(running.shell(FIND.format('aston-university')))}/edit/")
    told = editor.page.locator(".bhp-name-usage")
    expect(told).to_contain_text("This name appears on")
    told.get_by_text("What a new name changes").click()
    expect(told).to_contain_text("These pages keep the old name")
    assert find_barriers(editor.page, ".bhp-name-usage") == []
    # Axe measures the glyphs of whatever font is installed; the size must not depend on it.
    for link in told.get_by_role("listitem").get_by_role("link").all():
        box = link.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_findings_stand_beside_the_text_and_can_be_dismissed(editor: Editor, running: Site) -> None:
    draft = int(running.shell(MAKE_DRAFT))
    editor.page.goto("/admin/reports/house-style/")
    expect(editor.page.get_by_role("table")).to_contain_text("Universityof")
    assert find_barriers(editor.page, "#listing-results") == []
    editor.page.goto(f"/admin/pages/{draft}/edit/")
    editor.page.get_by_role("button", name="Toggle house style").click()
    panel = editor.page.locator(".house-style")
    for words in ("A promised date has passed", "Universityof", "Write “is one of the” only once."):
        expect(panel).to_contain_text(words)
    assert find_barriers(editor.page, ".house-style") == []
    panel.get_by_text("Not a mistake").first.click()
    panel.get_by_label("Reason").first.fill("It did open.")
    panel.get_by_role("button", name="Dismiss").first.click()
    expect(editor.messages).to_contain_text("has been dismissed")


def test_many_partners_are_narrowed_down(editor: Editor, running: Site) -> None:
    running.shell(ADD)
    try:
        draft = int(running.shell(MAKE_DRAFT))
        editor.page.goto(f"/admin/pages/{draft}/edit/#tab-more")
        partners = editor.page.get_by_role("group", name="Partners")
        partners.get_by_label("Of a draft 3").check()
        partners.get_by_label("Filter by title").press_sequentially("aston")
        expect(partners.get_by_role("status")).to_have_text("1 found")
        expect(partners.get_by_role("checkbox")).to_have_count(2)
        expect(partners.get_by_label("Of a draft 3")).to_be_visible()
        assert find_barriers(editor.page, ".bhp-ticked") == []
    finally:
        running.shell(REMOVE)
