"""Take the pictures of docs/editors.md and README.md in a demonstration: `make pictures`.

Each function takes those of one chapter. All pictures are 800 pixels wide: what stands beside the
menu, or the middle of the window for a dialog.
"""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.pasting import clipboards

from .conftest import EDITOR, PASSWORD, PUBLISHER, Site, print_pdf
from .editor import Editor
from .test_pasting import paste

pytestmark = pytest.mark.browser

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "pictures"
WIDTH = 800
MENU_WIDTH = 200
HEIGHT = 1100
COLOURS = 64
SETTLED_MILLISECONDS = 700

REPORT = "Report of Activity 2022 to 2024"
NEWS = "What our partners achieved from 2022 to 2024"
WORDS = (
    "We set out to bring research closer to the people who need it.",
    "This report shows how far we have come, and what is still to be done.",
)
PREPARE = f"""
import datetime
from django.contrib.auth import get_user_model
from django.utils import timezone
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument
from bhp_site.search import query_counts
from news.models import NewsIndexPage, NewsPage
from partners.models import PartnerPage
User = get_user_model()
for email, name in (({PUBLISHER!r}, "Asha"), ({EDITOR!r}, "Tom")):
    User.objects.filter(email=email).update(first_name=name, last_name="Sample")
writer, publisher = User.objects.get(email={EDITOR!r}), User.objects.get(email={PUBLISHER!r})
index = NewsIndexPage.objects.get()
def add(title, summary, user, **fields):
    page = NewsPage(title=title, summary=summary, live=False, owner=user, **fields)
    index.add_child(instance=page)
    page.save_revision(user=user)
    return page
page = add("New members join the partnership", "Two organisations join.", writer)
page.get_workflow().start(page, writer)
later = add("Funding for three new fellowships", "Applications open soon.", publisher)
later.go_live_at = timezone.now() + datetime.timedelta(days=40)
later.save_revision(user=publisher).publish(user=publisher)
add("A research day in the city", "Join us in the spring.", publisher)
document = SiteDocument.objects.filter(title__startswith="Report of Activity").first()
Enquiry.objects.create(
    kind="copy", document=document, document_title=document.title, format="large-print",
    version_number=document.version_number, name="Jo Sample", email="jo@example.org",
    details="Chapter two first, please.",
)
for text, count, has_results in (
    ("health data", 9, True), ("trials", 7, True), ("multimorbidity", 5, True), ("jobs", 3, False)):
    for _ in range(count):
        query_counts.searches.increment((text, timezone.localdate(), has_results))
query_counts.searches.flush()
reviewed = PartnerPage.objects.filter(title__in=("Aston University", "University of Birmingham"))
reviewed.update(review_by=timezone.localdate())
draft = add("A centre for trials", "It is due to open in 2022.", publisher, body=[
    ("paragraph", "<p>The Universityof Birmingham is one of the is one of the hosts.</p>")])
"""

PROPOSE = f"""
from django.contrib.auth import get_user_model
from bhp_site.files.models import SiteDocument
from bhp_site.files.proposals.models import Proposal
document = SiteDocument.objects.filter(title__startswith="Report of Activity 2020").first()
Proposal.objects.create(
    document=document, version_number=document.version_number,
    values={{"title": "Report of activity, 2020 to 2022"}},
    proposed_by=get_user_model().objects.get(email={EDITOR!r}),
)
"""
SHARE = f"""
from django.contrib.auth import get_user_model
from bhp_site.draft_links.links import create_link
from bhp_site.sign_off.requests import get_draft, record_answer, request_sign_off
from bhp_site.sign_off.subjects import list_quotations
from news.models import NewsIndexPage, NewsPage
from partners.models import Person
user = get_user_model().objects.get(email={PUBLISHER!r})
page = NewsPage(title="A library of samples opens", summary="It opens in May.", live=False)
page.body = [("quote", {{"speaker": Person.objects.filter(name__contains="Sample").first(),
    "words": "Samples are useful when many people can work with them."}})]
NewsIndexPage.objects.get().add_child(instance=page)
page.save_revision(user=user)
create_link(page, "University press office", user=user)
quotation = list_quotations(get_draft(page))[0]
sign_off = request_sign_off(page, quotation, kind="quotation", name=quotation.name,
    email="sample@example.org", message="", user=user)
record_answer(sign_off, "suggested", quotation.content_hash,
    words="Samples help patients when many people can work with them.")
print(page.pk)
"""
ADD_JOURNALISTS = """
import datetime
from bhp_site.press.models import PressContact
for name, outlet in (("Alex Sample", "The Sample Times"), ("Robin Sample", "Sample Radio")):
    PressContact.objects.get_or_create(email=f"{name.split()[0].lower()}@example.org", defaults={
        "name": name, "outlet": outlet,
        "source": "Asked to be added by e-mail", "added_on": datetime.date(2026, 3, 2)})
"""
FIND_RELEASE = """
from news.models import Release
release = Release.objects.get(announcement__slug="find-our-research-by-priority")
print(release.pk, release.announcement_id)
"""
SWITCH_SECOND_PERSON = """
from bhp_site.core.models import SiteSettings
SiteSettings.objects.update(second_person={!r})
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
get_user_model().objects.get(email={!r}).groups.set([Group.objects.get(name={!r})])
"""
SUPERSEDE_REPORT = """
from reports.models import ReportPage
older, newer = ReportPage.objects.order_by("date")[:2]
older.superseded_by = newer
older.save_revision().publish()
print(older.url)
"""
MAKE_ADMIN = f"""
from django.contrib.auth import get_user_model
get_user_model().objects.filter(email={PUBLISHER!r}).update(is_superuser=True)
"""


@pytest.fixture(scope="session")
def prepared(running: Site) -> Site:
    """The demonstration with drafts, a review, a schedule and a request."""
    running.shell(PREPARE)
    return running


@pytest.fixture
def desk(prepared: Site, page: Page) -> Editor:
    """A publisher at a window of the width of the pictures and the menu."""
    page.set_viewport_size({"width": WIDTH + MENU_WIDTH, "height": HEIGHT})
    desk = Editor(page)
    desk.sign_in(PUBLISHER, PASSWORD)
    return desk


def save(screenshot: bytes, name: str, left: int, top: float, bottom: float) -> None:
    with Image.open(io.BytesIO(screenshot)) as image:
        part = image.convert("RGB").crop((left, int(top), left + WIDTH, int(bottom)))
    few = part.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


def take(page: Page, name: str, *shown: Locator, margin: int = 16, left: int = MENU_WIDTH) -> None:
    """Save the part of the window from the first to the last line of `shown`."""
    shown[0].scroll_into_view_if_needed()
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    boxes = [box for box in (one.bounding_box() for one in shown) if box]
    top = max(0, min(box["y"] for box in boxes) - margin)
    bottom = min(HEIGHT, max(box["y"] + box["height"] for box in boxes) + margin)
    save(page.screenshot(), name, left, top, bottom)


def take_dialog(page: Page, name: str, dialog: Locator) -> None:
    """Save the middle of the window, with the dialog."""
    take(page, name, dialog, left=MENU_WIDTH // 2)


@pytest.fixture
def find(prepared: Site) -> Callable[[str, str], str]:
    """Return the address of the form of a page, document or image, found by part of its title."""

    def address(model: str, title: str) -> str:
        code = (
            "from django.apps import apps; from bhp_site.core.admin.links import get_edit_url\n"
            f"name = 'name' if {model!r}.endswith('Person') else 'title'\n"
            f"found = {{name + '__contains': {title!r}}}\n"
            f"print(get_edit_url(apps.get_model({model!r}).objects.filter(**found).first()))"
        )
        return prepared.shell(code).strip()

    return address


def test_dashboard_and_release(desk: Editor, report_file: dict[str, Any], visitor: Page) -> None:
    page = desk.page
    take_report(desk, report_file)
    desk.dashboard()
    take(page, "next-step", page.locator("#report-release"))
    take(page, "dashboard", page.locator("h1"), page.locator("#waiting"))
    take_announcement(desk)
    desk.pause()
    desk.open_actions()
    publish = page.get_by_role("button", name="Publish", exact=True)
    take(page, "publish", page.locator("footer"), publish)
    publish.click()
    expect(desk.messages).to_contain_text("published")
    take(page, "published", desk.messages, page.get_by_role("row").nth(2))


def take_report(desk: Editor, report_file: dict[str, Any]) -> None:
    page = desk.page
    desk.follow("New report")
    desk.write("Title", REPORT)
    desk.write_date("Period start", "01/09/2022")
    desk.write_date("Period end", "31/08/2024")
    desk.write("Summary", "What the partnership did from September 2022 to August 2024.")
    summary = page.get_by_role("textbox", name="Summary")
    take(page, "report", page.locator(".w-tabs"), summary)
    page.get_by_role("button", name="Add download").click()
    desk.hand_over(report_file, REPORT)
    desk.upload()
    expect(desk.dialog.get_by_role("heading", name="Check the title")).to_be_focused()
    take_dialog(page, "upload", desk.dialog)
    desk.confirm_upload()
    downloads = page.get_by_role("region", name=re.compile("to download$"))
    expect(downloads).to_contain_text(REPORT)
    take(page, "download", downloads)
    # Autosave may have paused while the row had no document yet.
    page.get_by_role("button", name="Save draft").click()
    expect(desk.messages).to_contain_text("Page '")


def take_announcement(desk: Editor) -> None:
    page = desk.page
    desk.follow("New announcement")
    desk.write("Title", NEWS)
    desk.write("Summary", "BHP has published its report of activity for 2022 to 2024.")
    desk.choose("Choose a page (Report)", REPORT)
    page.evaluate("scrollTo(0, 0)")
    chosen = page.get_by_text(REPORT, exact=True).last
    take(page, "announcement", page.locator(".w-tabs"), chosen)
    desk.add_block("Text")
    desk.write_text("The report says what the partnership did in two years.")
    desk.open_blocks()
    take(page, "blocks", page.locator(".tippy-box:visible"))
    page.keyboard.press("Escape")
    desk.add_block("Quote")
    desk.choose("Choose person", "Asha Sample")
    desk.write("Words", "\n\n".join(WORDS))
    preview = page.get_by_role("group", name="Preview of the quote").last
    expect(preview.locator("blockquote")).to_contain_text(WORDS[-1])
    take(page, "quote", page.locator("[data-streamfield-child]").last)


def test_paste(desk: Editor) -> None:
    page = desk.page
    desk.follow("New announcement")
    desk.add_block("Text")
    paste(page, clipboards.LIBREOFFICE)
    expect(desk.messages).to_contain_text("table")
    take(page, "paste", desk.messages, page.locator("[data-streamfield-child]").first)


def test_press_release(desk: Editor) -> None:
    page = desk.page
    desk.follow("New release from a text")
    take(page, "press-release", page.locator(".bhp-release"))


def test_chart(desk: Editor) -> None:
    page = desk.page
    desk.follow("New announcement")
    desk.add_block("Chart")
    desk.write("Title", "People in our programmes")
    page.get_by_role("textbox", name="Figures").fill("Year, People\n2019, 50\n2022, 318\n2025, 573")
    desk.write("What it tells", "The number of people has grown every year.")
    take(page, "chart", page.locator("[data-streamfield-child]").last)


def test_review(desk: Editor) -> None:
    take(desk.page, "review", desk.page.locator("#waiting-to-review"), margin=0)


def test_searches(desk: Editor) -> None:
    take(desk.page, "searches", desk.page.locator("#searches"))


def test_schedule(desk: Editor) -> None:
    page = desk.page
    desk.follow("New announcement")
    desk.write("Title", "A lecture on healthy ageing")
    desk.write("Summary", "All are welcome.")
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_role("button", name="Set schedule").click()
    desk.write_date("Go live date/time", "31/12/2030 09:00")
    take_dialog(page, "schedule", desk.dialog)


def test_uploads(desk: Editor, untagged_file: dict[str, Any], report_file: dict[str, Any]) -> None:
    page = desk.page
    desk.follow("New report")
    page.get_by_role("button", name="Add download").click()
    desk.hand_over(report_file | {"buffer": b"<!DOCTYPE html><p>Hello"}, "Our strategy")
    desk.upload()
    expect(desk.dialog.get_by_text("This is not a PDF")).to_be_visible()
    take_dialog(page, "refused", desk.dialog)
    desk.dialog.locator("input[type=file]").set_input_files(untagged_file)
    desk.upload()
    expect(desk.dialog.get_by_role("heading", name="Some people will not")).to_be_focused()
    take_dialog(page, "findings", desk.dialog)
    desk.dialog.get_by_role("button", name="Choose another file").click()
    desk.dialog.locator("input[type=file]").set_input_files(report_file)
    desk.upload()
    expect(desk.dialog.locator("[data-use-existing]")).to_be_visible()
    take_dialog(page, "duplicate", desk.dialog)


def test_replace(desk: Editor, browser: Browser, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("files.SiteDocument", REPORT))
    page.locator("input[type=file]").set_input_files(
        print_pdf(browser, "corrected.pdf", tagged=True, text="Its second page, corrected.")
    )
    desk.write("What has changed", "A number on page 2 was wrong")
    page.get_by_role("button", name="Save").first.click()
    heading = page.get_by_role("heading", name="What differs")
    expect(heading).to_be_visible()
    take(page, "replace", heading, page.locator(".bhp-diff").first)


def test_read_online(desk: Editor) -> None:
    page = desk.page
    page.goto("/admin/reports/")
    desk.follow("Five-year strategy")
    page.get_by_role("tab", name="Read online").click()
    desk.follow("Draft from the PDF")
    page.get_by_role("button", name="Draft the chapters").click()
    expect(desk.messages).to_contain_text("drafted", timeout=90_000)
    image = page.locator("pdf-page").first.get_by_role("img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("() => document.querySelector('pdf-page img').naturalWidth > 300")
    take(page, "read-online", page.get_by_role("tabpanel", name="Read online"))


def test_house_style(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "A centre for trials"))
    page.get_by_role("button", name="Toggle house style").click()
    panel = page.locator(".house-style")
    expect(panel).to_contain_text("Universityof")
    take(
        page,
        "house-style",
        panel.get_by_role("listitem").nth(1),
        panel.get_by_role("listitem").nth(2),
    )


def test_people_without_an_account(prepared: Site, desk: Editor) -> None:
    page = desk.page
    pk = prepared.shell(SHARE).strip()
    page.goto(f"/admin/pages/{pk}/share-draft/")
    take(page, "share-draft", page.locator(".bhp-health h2").first, page.locator(".listing"))
    page.goto(f"/admin/pages/{pk}/sign-off/")
    take(page, "sign-off", page.locator(".bhp-sign-off"))


def test_release(prepared: Site, desk: Editor) -> None:
    prepared.shell(ADD_JOURNALISTS)
    pk, announcement = prepared.shell(FIND_RELEASE).split()
    page = desk.page
    page.goto("/admin/releases/")
    take(page, "releases", page.locator(".w-slim-header"), page.locator("main table"))
    page.goto(f"/admin/releases/{pk}/")
    take(page, "release", page.locator(".bhp-states"), page.locator(".bhp-release-screen"))
    change = page.locator("details", has=page.get_by_text("Change the embargo", exact=True))
    change.locator("summary").click()
    take(page, "embargo", page.get_by_role("heading", name="Publish").last, change)
    page.goto(f"/admin/press/send/{announcement}/")
    take(page, "send", page.locator(".bhp-health"))


def test_alert(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "Good Hope Hospital").replace("edit", "alert"))
    take(page, "alert", page.locator(".bhp-health"))


def test_second_person(prepared: Site, desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    prepared.shell(SWITCH_SECOND_PERSON.format("several", EDITOR, "Publishers"))
    try:
        page.goto(find("news.NewsPage", "A research day in the city"))
        desk.open_actions()
        page.get_by_role("button", name="Publish with a reason").click()
        take_dialog(page, "second-person", desk.dialog)
    finally:
        prepared.shell(SWITCH_SECOND_PERSON.format("never", EDITOR, "Writers"))


@pytest.mark.parametrize(
    "name, address, first, last",
    [
        ("content-health", "reports/content-health/", ".bhp-health h2", ".bhp-health table"),
        ("statement", "accessibility/", ".bhp-health", ".bhp-health"),
        ("tasks", "reports/background-tasks/", "thead", "tbody tr:nth-child(6)"),
    ],
)
def test_lists(
    prepared: Site, desk: Editor, name: str, address: str, first: str, last: str
) -> None:
    if name == "tasks":
        prepared.shell(MAKE_ADMIN)
    desk.page.goto(f"/admin/{address}")
    take(desk.page, name, desk.page.locator(first).first, desk.page.locator(last).first)


def test_enquiry(desk: Editor) -> None:
    page = desk.page
    page.goto("/admin/requests/")
    page.locator("td a").first.click()
    take(page, "enquiry", page.locator("#request-section"))


def test_partner(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("partners.PartnerPage", "Aston University"))
    used = page.locator(".bhp-name-usage")
    used.get_by_text("What a new name changes").click()
    take(page, "name", page.get_by_role("heading", name="Where this name appears"), used)
    membership = page.locator("#panel-child-content-membership-section, #panel-child-membership")
    take(page, "partner", membership.first)


def test_person(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("partners.Person", "Asha Sample"))
    take(page, "person", page.get_by_role("region", name="Roles").first)


def test_image(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("core.SiteImage", ""))
    title, permission = (page.get_by_role("textbox", name=name) for name in ("Title", "Permission"))
    # The margin has room for the label of the title.
    take(page, "image", title, permission, margin=48)


def test_proposal(prepared: Site, desk: Editor, new_context: Callable[..., BrowserContext]) -> None:
    prepared.shell(PROPOSE)
    page = desk.page
    page.goto("/admin/files/proposals/")
    page.locator("td a").first.click()
    take(page, "proposal", page.locator(".bhp-health"))


def test_two_editors(
    desk: Editor, new_context: Callable[..., BrowserContext], find: Callable[..., str]
) -> None:
    address = find("news.NewsPage", "A research day in the city")
    other = Editor(new_context().new_page())
    other.sign_in(EDITOR, PASSWORD)
    other.page.goto(address)
    page = desk.page
    page.goto(address)
    page.wait_for_timeout(2000)
    take(page, "together", page.locator(".w-slim-header"), page.locator(".w-tabs"))


def test_comment(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "A research day in the city"))
    page.get_by_role("button", name="Toggle comments").click()
    field = page.locator("[data-contentpath=summary]")
    field.hover()
    field.get_by_role("button", name="Add comment").click()
    page.locator(".comment textarea").fill("Can we name the day?")
    page.get_by_role("button", name="Comment", exact=True).click()
    take(page, "comment", field, page.locator(".comment").first)


def test_signed_out(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "A research day in the city"))
    desk.write("Title", "A research day in the city, and a lecture")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save draft").evaluate("button => button.click()")
    dialog = page.locator("dialog.bhp-session")
    expect(dialog).to_be_visible()
    expect(page.frame_locator("iframe[title='Sign in']").get_by_label("Password")).to_be_visible()
    take_dialog(page, "signed-out", dialog)


def test_checklist(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "A centre for trials"))
    page.get_by_role("button", name="Toggle checklist").click()
    panel = page.locator(".form-side--open")
    expect(panel).to_contain_text("Recommended")
    take(page, "checklist", panel.get_by_role("heading").first, panel.locator("details").first)


def test_update_note(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "Good Hope Hospital"))
    kind = page.get_by_role("radio", name=re.compile("^Major"))
    kind.check()
    note = page.get_by_role("textbox", name="What changed")
    note.fill("Added the number of people who took part in 2025.")
    take(page, "update-note", page.get_by_role("radio").first, note, margin=64)


def test_funder(desk: Editor) -> None:
    page = desk.page
    page.goto("/admin/snippets/funding/funder/add/")
    name = page.locator("#id_name")
    name.fill("Sample Fund for Health Research")
    desk.write("Short name", "SFHR")
    words = page.get_by_role("textbox", name="Acknowledgement")
    words.fill("This work was funded by the Sample Fund for Health Research.")
    take(page, "funder", name, words, margin=64)


def test_press_list(prepared: Site, desk: Editor) -> None:
    prepared.shell(ADD_JOURNALISTS)
    page = desk.page
    page.goto("/admin/press-list/")
    take(page, "press-list", page.locator(".w-slim-header"), page.get_by_role("row").last)


def test_call(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "Starter Fellowships: call"))
    page.get_by_role("tab", name="More").click()
    part = page.get_by_role("region", name="Call for applications")
    part.get_by_role("button", name="Toggle section").first.click()
    take(page, "call", part)


def test_submit(prepared: Site, new_context: Callable[..., BrowserContext]) -> None:
    writer = Editor(new_context().new_page())
    page = writer.page
    page.set_viewport_size({"width": WIDTH + MENU_WIDTH, "height": HEIGHT})
    writer.sign_in(EDITOR, PASSWORD)
    writer.follow("New announcement")
    writer.write("Title", "A prize for our nurses")
    writer.write("Summary", "Three research nurses have won a prize.")
    page.get_by_role("button", name="Save draft").click()
    expect(writer.messages).to_contain_text("Page '")
    writer.open_actions()
    submit = page.get_by_role("button", name="Submit to Publishers")
    take(page, "submit", page.locator("footer"), submit)


def test_unpublish(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("news.NewsPage", "Good Hope Hospital").replace("edit", "unpublish"))
    take(page, "unpublish", page.locator("main h1, main h2").first, page.get_by_role("button").last)


def test_redirect(desk: Editor) -> None:
    page = desk.page
    page.goto("/admin/redirects/add/")
    start, end = (page.get_by_role("textbox", name=f"Redirect {name}") for name in ("from", "to"))
    start.fill("/old-news/good-hope/")
    take(page, "redirect", start, end, margin=48)


def test_theme(desk: Editor, find: Callable[..., str]) -> None:
    page = desk.page
    page.goto(find("themes.ThemePage", "Health inequalities"))
    take(page, "theme", page.locator(".w-tabs"), page.get_by_role("textbox", name="Summary").first)


def test_account(prepared: Site, desk: Editor) -> None:
    prepared.shell(MAKE_ADMIN)
    page = desk.page
    page.goto("/admin/users/edit/1/")
    page.get_by_role("tab", name="Roles").first.click()
    take(page, "account", page.locator(".w-tabs"), page.get_by_role("tabpanel", name="Roles"))


def test_public_pages(prepared: Site, visitor: Page) -> None:
    """The front page for README.md, and a share card."""
    visitor.set_viewport_size({"width": 1280, "height": 900})
    visitor.goto("/")
    save_scaled(visitor.screenshot(), "home")
    visitor.goto("/reports/report-of-activity-2020-2022/")
    card = visitor.locator("meta[property='og:image']").get_attribute("content")
    save_scaled(visitor.request.get(str(card)).body(), "card")


def test_press_pack(prepared: Site, visitor: Page) -> None:
    """The link to the press pack on a public announcement."""
    visitor.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    visitor.goto("/news/")
    visitor.goto(find_announcement_with_pack(visitor))
    details = visitor.locator("dl").filter(has_text="Press pack").first
    take(visitor, "press-pack", details, left=0, margin=56)


def find_announcement_with_pack(visitor: Page) -> str:
    """Return the address of the latest announcement in the list that has a press pack."""
    rows = visitor.locator("main article a, main li a")
    for address in rows.evaluate_all("links => links.map(link => link.pathname)"):
        if "press-pack.zip" in visitor.request.get(str(address)).text():
            return str(address)
    raise AssertionError("No announcement has a press pack.")


def test_superseded(prepared: Site, visitor: Page) -> None:
    """What visitors read on a report that a newer one replaces."""
    address = prepared.shell(SUPERSEDE_REPORT).strip()
    visitor.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    visitor.goto(address)
    title, note = visitor.locator("h1"), visitor.locator(".update-note")
    take(visitor, "superseded", title, note, left=0, margin=48)


def save_scaled(screenshot: bytes, name: str) -> None:
    """Save the whole image at the width of the other pictures."""
    with Image.open(io.BytesIO(screenshot)) as image:
        height = round(image.height * WIDTH / image.width)
        small = image.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS * 2, dither=Image.Dither.NONE).save(
        FOLDER / f"{name}.png", optimize=True
    )
