"""The dashboard: what waits for somebody, what they can start, and how soon a keyboard is there."""

import datetime
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.models import User
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument
from news.models import NewsPage

from ..conftest import signed_in
from ..factories import NewsPageFactory
from ..roles import make_member

FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MAX_TABS = 5


def open_dashboard(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get("/admin/").text, "html.parser")


def get_groups(client: Client) -> dict[str, str]:
    """Return the text of each group of “Waiting for you” by its heading, in their order."""
    groups = open_dashboard(client).select("#waiting .bhp-dashboard__group")
    return {group.h3.text: " ".join(group.div.text.split()) for group in groups}  # type: ignore[union-attr]


def make_draft(site: SimpleNamespace, user: User, title: str) -> NewsPage:
    page = NewsPageFactory(parent=site.news_index, title=title, live=False)
    page.save_revision(user=user)
    return page


def test_a_new_report_is_five_tabs_away(site: SimpleNamespace, editor_client: Client) -> None:
    """The skip links come first, and the page's own buttons first after the skip link."""
    soup = open_dashboard(editor_client)
    # Nothing in these can be focused.
    for hidden in soup.select("noscript, template"):
        hidden.extract()
    first = [element.text.strip() for element in soup.body.select(FOCUSABLE)[:MAX_TABS]]  # type: ignore[union-attr]
    assert first[0] == "Skip to main content"
    assert {"New announcement", "New report"} <= {*first}
    buttons = soup.select("main .bhp-dashboard a[href]")[:3]
    assert {"New announcement", "New report"} <= {button.text.strip() for button in buttons}
    for button in buttons:
        assert editor_client.get(button["href"]).status_code == 200


def test_who_may_add_nothing_is_offered_nothing(site: SimpleNamespace) -> None:
    soup = open_dashboard(signed_in(make_member("Guests")))
    assert "New report" not in soup.text
    assert "Nothing is waiting for you." in soup.text


def test_what_is_empty_is_hidden(site: SimpleNamespace, editor_client: Client) -> None:
    SiteDocument.objects.update(is_tagged=True, has_text=True)
    groups = get_groups(editor_client)
    assert {"Your drafts", "To review", "Sent for review", "Enquiries from visitors"}.isdisjoint(
        groups
    )
    assert "Content health" not in groups


def test_groups_stand_in_the_order_of_urgency(
    site: SimpleNamespace, editor: User, publisher: User, publisher_client: Client
) -> None:
    make_draft(site, publisher, "Mine")
    submitted = make_draft(site, editor, "Theirs")
    submitted.get_workflow().start(submitted, editor)
    scheduled = make_draft(site, publisher, "Later")
    scheduled.go_live_at = timezone.now() + datetime.timedelta(days=1)
    scheduled.save_revision(user=publisher).publish(user=publisher)
    Enquiry.objects.create(kind="problem", page="/news/", message="It flickers.")
    order = ["To review", "Enquiries from visitors", "Scheduled to publish", "Your drafts"]
    groups = get_groups(publisher_client)
    assert [heading for heading in groups if heading in order] == order
    assert groups["Your drafts"].startswith("Mine saved")
    assert "Later" not in groups["Your drafts"]
    assert "Theirs from" in groups["To review"]


def test_drafts_are_ones_own_and_the_latest_first(
    site: SimpleNamespace, chair: Any, editor: User, editor_client: Client, publisher: User
) -> None:
    make_draft(site, editor, "Older")
    make_draft(site, editor, "Newer")
    make_draft(site, publisher, "Somebody else’s")
    chair.biography = "Changed."
    chair.save_revision(user=editor)
    text = get_groups(editor_client)["Your drafts"]
    assert "Somebody else’s" not in text
    assert text.index(str(chair)) < text.index("Newer") < text.index("Older")
    assert f"{chair} published, with unpublished changes, saved" in text


def test_a_draft_in_review_is_told_as_sent(
    site: SimpleNamespace, editor: User, editor_client: Client
) -> None:
    page = make_draft(site, editor, "Sent")
    page.get_workflow().start(page, editor)
    groups = get_groups(editor_client)
    assert "Your drafts" not in groups
    assert groups["Sent for review"].startswith("Sent with Publishers, sent")
    page.current_workflow_task_state.reject(comment="Which year?")
    groups = get_groups(editor_client)
    assert "Sent for review" not in groups
    assert "Which year?" in groups["What reviewers said"]


def test_a_draft_that_somebody_may_no_longer_edit_is_not_theirs(site: SimpleNamespace) -> None:
    guest = make_member("Guests")
    make_draft(site, guest, "Out of reach")
    assert "Out of reach" not in open_dashboard(signed_in(guest)).text
    assert Page.objects.filter(title="Out of reach").exists()


def test_only_the_latest_drafts_are_listed(
    site: SimpleNamespace, editor: User, editor_client: Client
) -> None:
    for number in range(7):
        make_draft(site, editor, f"Draft {number}")
    text = get_groups(editor_client)["Your drafts"]
    assert [number for number in range(7) if f"Draft {number}" in text] == [2, 3, 4, 5, 6]
