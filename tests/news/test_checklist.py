"""The checklist of a page: what is missing, and a link to the place where it is done."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page, Site

from bhp_site.content_audit.models import LinkCheck
from bhp_site.core.models import SiteSettings, User
from bhp_site.core.publishing.checklist import ChecklistEntry, build_checklist
from bhp_site.core.publishing.publication import PublishingRefused
from news.models import NewsPage
from reports.models import ReportPage
from tests.factories import (
    PartnerPageFactory,
    PersonFactory,
    SiteDocumentFactory,
    SiteImageFactory,
)

from .conftest import build_quote_by


def get_open(page: Any) -> dict[str, ChecklistEntry]:
    checklist = build_checklist(page.get_latest_revision_as_object())
    return {entry.label: entry for entry in [*checklist.required, *checklist.recommended]}


def find_anchor(client: Client, url: str) -> Any:
    """Return what the fragment of `url` names on its page; None if nothing has that id."""
    address, _, anchor = url.partition("#")
    return BeautifulSoup(client.get(address).text, "html.parser").find(id=anchor)


def set_body(news: NewsPage, *blocks: tuple[str, Any]) -> NewsPage:
    news.body = [{"type": kind, "value": value} for kind, value in blocks]
    news.save_revision()
    return news


@pytest.fixture
def press_contact(db: None) -> None:
    settings = SiteSettings.for_site(Site.objects.get())
    settings.press_email = "press@example.org"
    settings.save()


def test_a_complete_release_has_nothing_left_to_do(release: NewsPage, press_contact: None) -> None:
    assert get_open(release) == {}
    assert get_open(release.report) == {}


def test_a_missing_role_is_required_and_refuses_the_first_publication(
    release: NewsPage, publisher: User
) -> None:
    set_body(release, ("quote", build_quote_by(PersonFactory(name="Jo Lee"))))
    entry = get_open(release)["Give the role of Jo Lee"]
    block = release.get_latest_revision_as_object().quote_blocks[0]
    assert entry.is_required
    assert entry.url.endswith(f"/edit/#block-{block.id}-section")
    with pytest.raises(PublishingRefused, match="The quote by Jo Lee has no role"):
        release.get_latest_revision().publish(user=publisher)


def test_a_role_in_the_quote_is_enough(release: NewsPage, publisher: User) -> None:
    set_body(release, ("quote", build_quote_by(PersonFactory(name="Jo Lee")) | {"role": "Nurse"}))
    assert "Give the role of Jo Lee" not in get_open(release)
    release.get_latest_revision().publish(user=publisher)


def test_a_public_announcement_without_a_role_can_be_corrected(
    release: NewsPage, publisher: User
) -> None:
    set_body(release, ("quote", build_quote_by(PersonFactory(name="Jo Lee"))))
    release.get_latest_revision().publish()
    news = NewsPage.objects.get(pk=release.pk)
    news.save_revision(user=publisher).publish(user=publisher)


def test_a_draft_partner_is_required_and_refuses_the_first_publication(
    release: NewsPage, partner_index: Page, publisher: User, publisher_client: Client
) -> None:
    partner = PartnerPageFactory(parent=partner_index, live=False, title="New trust")
    release.partners.add(partner)
    release.save_revision()
    entry = get_open(release)[
        "Publish the partner page “New trust” too, or do not name the partner"
    ]
    assert entry.is_required
    assert find_anchor(publisher_client, entry.url) is not None
    with pytest.raises(PublishingRefused, match="“New trust” is still a draft"):
        release.get_latest_revision().publish(user=publisher)
    release.publish_partners = True
    release.save_revision().publish(user=publisher)
    partner.refresh_from_db()
    assert partner.live


def test_a_report_needs_its_pdf(release: NewsPage, publisher_client: Client) -> None:
    report = ReportPage.objects.get(pk=release.report_id)
    report.downloads = []
    report.save_revision()
    entry = get_open(report)["Add the PDF of the report"]
    assert entry.is_required
    assert find_anchor(publisher_client, entry.url) is not None


def test_a_document_with_serious_problems_needs_a_reason(release: NewsPage) -> None:
    document = SiteDocumentFactory(title="Scanned", accessibility_reason="")
    set_body(release, ("download", {"document": document.pk}))
    (entry,) = [one for label, one in get_open(release).items() if "“Scanned”" in label]
    assert entry.is_required
    assert entry.url == f"/admin/documents/edit/{document.pk}/"


def test_an_image_without_description_is_recommended_to_be_described(release: NewsPage) -> None:
    image = SiteImageFactory(title="Ward", description="")
    figure = {"image": {"image": image.pk, "decorative": False, "alt_text": ""}, "caption": ""}
    set_body(release, ("figure", figure))
    entry = get_open(release)["Describe the image “Ward”"]
    assert not entry.is_required
    assert entry.url == f"/admin/images/{image.pk}/"
    figure["image"] |= {"alt_text": "A ward with six beds."}
    set_body(release, ("figure", figure))
    assert "Describe the image “Ward”" not in get_open(release)


def test_house_style_links_card_and_contact_are_recommended(release: NewsPage) -> None:
    LinkCheck.objects.create(
        url="https://example.org/gone", host="example.org", failures=5, problem="It is gone."
    )
    text = '<p>Read the the <a href="https://example.org/gone">study</a>.</p>'
    release.title = "A prize for 王伟"
    set_body(release, ("paragraph", text))
    entries = get_open(release)
    assert not any(entry.is_required for entry in entries.values())
    assert entries["Correct the link to https://example.org/gone"].note == "It is gone."
    assert "A word is repeated" in entries["Read the findings of the house style"].note
    assert "Use letters in the title that the share card can show" in entries
    assert "Add a press contact" in entries


def test_the_editor_shows_the_checklist_of_the_last_draft(
    release: NewsPage, editor_client: Client
) -> None:
    set_body(release, ("quote", build_quote_by(PersonFactory(name="Jo Lee"))))
    soup = BeautifulSoup(editor_client.get(f"/admin/pages/{release.pk}/edit/").text, "html.parser")
    panel = soup.select_one('[data-side-panel="checklist"]')
    assert panel is not None
    assert "Required (1)" in panel.text
    assert panel.find("a", string="Give the role of Jo Lee") is not None
    counter = soup.select_one(
        '[data-side-panel-toggle="checklist"] [data-side-panel-toggle-counter]'
    )
    assert counter is not None
    assert counter.text.strip() == "1"


def test_a_new_page_has_no_checklist_before_it_is_saved(
    news_index: Page, editor_client: Client
) -> None:
    text = editor_client.get(f"/admin/pages/add/news/newspage/{news_index.pk}/").text
    assert "Save a draft to see what is left to do." in text
