"""The check in the page editor's side panel, and as a report over the site."""

import csv
import io
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page

from bhp_site.house_style.models import Dismissal
from bhp_site.house_style.views import FindingsReport
from news.models import NewsPage
from tests.admin_forms import read_form, send
from tests.conftest import signed_in
from tests.factories import NewsPageFactory, UserFactory

REPORT = "/admin/reports/house-style/"
SETTINGS = "/admin/settings/house_style/housestylesettings/"


def get_panel(client: Client, address: str) -> Tag:
    page = BeautifulSoup(client.get(address).text, "html.parser")
    found = page.select_one('[data-side-panel="house-style"]')
    assert found is not None
    return found


def get_toggle_count(client: Client, page: Page) -> str:
    shown = BeautifulSoup(client.get(f"/admin/pages/{page.pk}/edit/").text, "html.parser")
    counter = shown.select_one(
        '[data-side-panel-toggle="house-style"] [data-side-panel-toggle-counter]'
    )
    assert counter is not None
    return counter.text.strip()


def test_the_panel_says_what_and_where(faulty: NewsPage, editor_client: Client) -> None:
    text = get_panel(editor_client, f"/admin/pages/{faulty.pk}/edit/").text
    for part in (
        "A promised date has passed",
        "It is due to open in 2022.",
        "Body, part 1: Text",
        "December 2022 has passed. Say what has happened since.",
    ):
        assert part in text
    assert get_toggle_count(editor_client, faulty) == "1"


def test_the_panel_shows_the_last_saved_draft(faulty: NewsPage, editor_client: Client) -> None:
    faulty.body = [("paragraph", "<p>It has opened the the doors.</p>")]
    faulty.save_revision()
    text = get_panel(editor_client, f"/admin/pages/{faulty.pk}/edit/").text
    assert "due to open" not in text
    assert "Write “the” only once." in text


def test_its_form_dismisses_without_a_script(faulty: NewsPage, editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    shown = get_panel(client, f"/admin/pages/{faulty.pk}/edit/")
    form = shown.select_one("form")
    assert form is not None
    assert form.find_parent("form") is None
    assert not shown.select("script, [onclick], [style]")
    reason = form.select_one("[name=reason]")
    assert reason is not None
    assert form.select_one(f'label[for="{reason["id"]}"]')
    data = {str(one["name"]): str(one.get("value", "")) for one in form.select("input")}
    client.post(str(form["action"]), data | {"reason": "It is history"})
    after = get_panel(client, f"/admin/pages/{faulty.pk}/edit/")
    assert "No problems found." in after.text
    assert "It is history" in after.text
    again = after.select_one("form")
    assert again is not None
    data = {str(one["name"]): str(one.get("value", "")) for one in again.select("input")}
    client.post(str(again["action"]), data)
    assert not Dismissal.objects.exists()


def test_a_save_brings_the_panel_up_to_date(faulty: NewsPage, editor_client: Client) -> None:
    address = f"/admin/pages/{faulty.pk}/edit/"
    data = read_form(editor_client, address) | {"body-count": "0", "summary": "The the end."}
    response = editor_client.post(address, data, headers={"accept": "application/json"})
    html = response.json()["html"]
    assert "Write “The” only once." in html
    assert "[data-side-panel-toggle='house-style']" in html


def test_a_new_page_is_checked_once_it_is_saved(news_index: Page, editor_client: Client) -> None:
    shown = get_panel(editor_client, f"/admin/pages/add/news/newspage/{news_index.pk}/")
    assert "Save a draft to check its text." in shown.text


def test_a_page_the_product_writes_has_no_panel(
    site: SimpleNamespace, admin_client: Client
) -> None:
    shown = admin_client.get(f"/admin/pages/{site.quote.pk}/edit/").text
    assert 'data-side-panel="house-style"' not in shown


def test_a_finding_keeps_nobody_from_publishing(faulty: NewsPage, publisher_client: Client) -> None:
    send(publisher_client, faulty, "action-publish", summary="The the end.")
    assert NewsPage.objects.get().summary == "The the end."


def test_the_report_lists_every_finding_with_its_page(
    faulty: NewsPage, editor_client: Client
) -> None:
    shown = BeautifulSoup(editor_client.get(REPORT).text, "html.parser")
    (row,) = shown.select("main table tbody tr")
    assert "A clinic for all" in row.text
    assert "A promised date has passed" in row.text
    assert "Body, part 1: Text" in row.text
    assert row.select_one(f'a[href="/admin/pages/{faulty.pk}/edit/"]')


@pytest.mark.parametrize("code, count", [("stale-promise", 1), ("acronym", 0), ("nonsense", 1)])
def test_the_report_is_filtered_by_kind(
    faulty: NewsPage, editor_client: Client, code: str, count: int
) -> None:
    response = editor_client.get(f"{REPORT}results/", {"code": code})
    assert len(BeautifulSoup(response.text, "html.parser").select("tbody tr")) == count


def test_the_report_as_csv(faulty: NewsPage, editor_client: Client) -> None:
    response = editor_client.get(REPORT, {"export": "csv"})
    assert "house-style-" in response["Content-Disposition"]
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["Page"] == "A clinic for all"
    assert row["Text"] == "due to open in 2022"
    assert row["In context"] == "It is due to open in 2022."


def test_a_screen_of_the_report_checks_the_pages_edited_last(
    faulty: NewsPage, news_index: Page, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FindingsReport, "paginate_by", 2)
    for title in ("The first", "The second", "The third"):
        NewsPageFactory(parent=news_index, title=title, summary="The the end.").save_revision()
    rows = read_rows(editor_client.get(REPORT).text)
    assert [row.split("\n")[0] for row in rows] == ["The third", "The second"]
    assert "Pages 1 to 2 of" in editor_client.get(REPORT).text
    rows = read_rows(editor_client.get(f"{REPORT}results/", {"p": 2}).text)
    assert rows[0].startswith("The first")
    # An export has all of them.
    response = editor_client.get(REPORT, {"export": "csv"})
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    titles = [row["Page"] for row in csv.DictReader(io.StringIO(content))]
    assert sorted(titles) == ["A clinic for all", "The first", "The second", "The third"]


def test_a_screen_without_findings_leads_to_the_others(
    faulty: NewsPage, news_index: Page, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FindingsReport, "paginate_by", 1)
    NewsPageFactory(parent=news_index).save_revision()
    shown = editor_client.get(REPORT).text
    assert "There are no findings on these pages." in shown
    assert f"{REPORT}?p=2" in shown


def read_rows(html: str) -> list[str]:
    """The text of each row, a cell a line."""
    rows = BeautifulSoup(html, "html.parser").select(".listing tbody tr")
    return [row.get_text("\n", strip=True) for row in rows]


def test_the_report_leaves_out_what_has_been_dismissed(
    faulty: NewsPage, editor_client: Client
) -> None:
    Dismissal.objects.create(
        page=faulty, code="stale-promise", text="due to open in 2022", reason="History"
    )
    assert "A clinic for all" not in editor_client.get(REPORT).text


def test_the_report_is_in_the_menu(home: Page, editor_client: Client) -> None:
    assert f'"url": "{REPORT}"' in editor_client.get("/admin/").text


def test_a_user_who_edits_no_page_sees_no_report(faulty: NewsPage) -> None:
    user = UserFactory()
    group = Group.objects.create(name="Elsewhere")
    group.permissions.set(Group.objects.get(name="Writers").permissions.all())
    user.groups.add(group)
    client = signed_in(user)
    assert client.get(REPORT)["Location"] == "/admin/"
    assert REPORT not in client.get("/admin/").text


def test_publishers_change_the_list_of_acronyms(home: Page, publisher_client: Client) -> None:
    response = publisher_client.get(SETTINGS, follow=True)
    assert "NIHR" in response.text
    publisher_client.post(response.redirect_chain[-1][0], {"acronyms": "ABCD"})
    assert "ABCD" in publisher_client.get(SETTINGS, follow=True).text


def test_editors_do_not_change_it(home: Page, editor_client: Client) -> None:
    assert editor_client.get(SETTINGS)["Location"] == "/admin/"
