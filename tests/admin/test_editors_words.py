"""The admin in this site's words, and what each group may do there."""

import re
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.admin.menu import admin_menu
from wagtail.blocks import Block
from wagtail.models import Page, get_page_models

from bhp_site.core.blocks import HighlightsBlock, StoryBlock
from bhp_site.core.pages import BasePage
from news.blocks import NewsStoryBlock
from news.models import NewsPage
from partners.models import Person
from tests.factories import NewsPageFactory, PersonFactory, SiteDocumentFactory, SiteImageFactory

BLOCKS = {
    block.name: block
    for stream in (StoryBlock(), NewsStoryBlock(), HighlightsBlock())
    for block in stream.child_blocks.values()
}
EDITABLE = [m for m in get_page_models() if issubclass(m, BasePage) and m.is_creatable]

every_block = pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS)


def get_menu_labels(client: Client) -> set[str]:
    """All labels of the main menu, as its script is given them."""
    return set(re.findall(r'"label": "([^"]+)"', client.get("/admin/").text))


def get_words(response: Any) -> str:
    return re.sub(r"\s+", " ", BeautifulSoup(response.text, "html.parser").text)


def test_the_menu_uses_this_sites_words(site: SimpleNamespace, admin_client: Client) -> None:
    labels = get_menu_labels(admin_client)
    assert {
        "News",
        "Reports",
        "Partners",
        "People",
        "Documents",
        "Images",
        "Site reports",
    } <= labels


def test_one_entry_of_the_menu_is_active(site: SimpleNamespace, admin_client: Client) -> None:
    """The menu's script marks each entry whose name the active entry's path starts with."""
    items = admin_menu.menu_items_for_request(admin_client.get("/admin/").wsgi_request)
    names = [item.name for item in items]
    assert {"reports", "report-pages"} < set(names)
    assert not [(a, b) for a, b in permutations(names, 2) if a.startswith(b)]


def test_lists_that_are_seldom_opened_are_in_a_submenu(
    site: SimpleNamespace, admin_client: Client
) -> None:
    items = admin_menu.menu_items_for_request(admin_client.get("/admin/").wsgi_request)
    assert len(items) <= 12
    (lists,) = [item for item in items if item.name == "lists"]
    labels = {item.label for item in lists.menu.registered_menu_items}
    assert labels == {"Partners", "People", "Funders", "Themes", "Quotes", "Press list"}


def test_editors_find_what_they_write(site: SimpleNamespace, editor_client: Client) -> None:
    labels = get_menu_labels(editor_client)
    assert {"News", "Reports", "Partners", "People", "Documents", "Images"} <= labels
    assert not {"Users", "Groups", "Site settings"} & labels


@pytest.mark.parametrize("model", EDITABLE, ids=lambda model: model.__name__)
def test_every_page_type_says_what_it_is_for(model: type[BasePage]) -> None:
    assert re.fullmatch(r"[A-Z].{15,100}\.", model.get_page_description())


def test_the_choice_of_page_types_shows_their_descriptions(
    home: Page, admin_client: Client
) -> None:
    text = get_words(admin_client.get(f"/admin/pages/{home.pk}/add_subpage/"))
    assert "A page of text, such as “About us” or “Privacy”." in text
    assert "Lists all news, newest first." in text


@every_block
def test_every_block_is_labelled_described_and_drawn(block: Block) -> None:
    assert block.meta.icon not in ("", "placeholder")
    assert block.label
    assert re.fullmatch(r"[A-Z].{15,120}\.", block.meta.description)


@every_block
def test_every_block_has_a_preview(
    site: SimpleNamespace, editor_client: Client, block: Block
) -> None:
    response = editor_client.get("/admin/block-preview/", {"id": block.definition_prefix})
    assert response.status_code == 200
    shown = BeautifulSoup(response.text, "html.parser").select_one(".preview")
    assert shown is not None
    assert len(shown.text.split()) >= 2


@pytest.mark.parametrize(
    "model, words",
    [
        ("newspage", "One sentence that says who did what, for example"),
        ("newspage", "If the report is a draft, it is published with this page."),
        ("newspage", "Leave a blank line between paragraphs."),
    ],
)
def test_help_stands_beside_the_fields_of_news(
    site: SimpleNamespace, editor_client: Client, model: str, words: str
) -> None:
    response = editor_client.get(f"/admin/pages/add/news/{model}/{site.news_index.pk}/")
    text = get_words(response)
    assert words in text or words in response.text.replace("\\u0022", '"')


def test_help_stands_beside_the_fields_of_a_report(
    site: SimpleNamespace, editor_client: Client
) -> None:
    address = f"/admin/pages/add/reports/reportpage/{site.report_index.pk}/"
    text = get_words(editor_client.get(address))
    assert "Visitors see the month and year." in text
    assert "Documents to download" in text


def test_what_is_rare_has_a_tab_of_its_own(site: SimpleNamespace, editor_client: Client) -> None:
    response = editor_client.get(f"/admin/pages/{site.news.pk}/edit/")
    tabs = BeautifulSoup(response.text, "html.parser").select('[role="tab"]')
    assert [tab.text.split()[0] for tab in tabs] == ["Content", "More"]


def test_dates_are_written_as_in_britain(site: SimpleNamespace, editor_client: Client) -> None:
    response = editor_client.get(f"/admin/pages/{site.news.pk}/edit/")
    date = BeautifulSoup(response.text, "html.parser").select_one('input[name="date"]')
    assert date is not None
    assert date["value"] == "24/11/2022"


def test_a_draft_can_be_previewed_by_its_editor(release: NewsPage, editor_client: Client) -> None:
    response = editor_client.get(f"/admin/pages/{release.pk}/view_draft/")
    assert response.status_code == 200
    assert "“Second part.”" in response.text
    assert "Report of Activity" in response.text


def test_a_draft_cannot_be_previewed_by_visitors(release: NewsPage, client: Client) -> None:
    assert client.get(f"/admin/pages/{release.pk}/view_draft/").status_code == 302


def test_publishers_change_the_site_settings(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    response = publisher_client.get("/admin/settings/core/sitesettings/", follow=True)
    assert response.status_code == 200
    text = get_words(response)
    for heading in ("The partnership", "Contact", "Press", "Footer and sharing", "This site"):
        assert heading in text


def test_settings_changed_there_show_on_the_site(
    site: SimpleNamespace,
    publisher_client: Client,
    client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    client.get("/")
    response = publisher_client.get("/admin/settings/core/sitesettings/", follow=True)
    address = response.redirect_chain[-1][0]
    form = {
        "name": "Birmingham Health Partners",
        "short_name": "BHP",
        "footer_note": "Written today.",
        "links": "LinkedIn https://www.example.org/in",
        "share_image": "",
        "logo": "",
        "icon": "",
        "second_person": "several",
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert publisher_client.post(address, form).status_code == 302
    text = client.get("/").text
    assert "Written today." in text
    assert '<a href="https://www.example.org/in">LinkedIn</a>' in text


def test_editors_do_not_change_the_site_settings(
    site: SimpleNamespace, editor_client: Client
) -> None:
    response = editor_client.get("/admin/settings/core/sitesettings/")
    assert response.status_code == 302
    assert response["Location"] == "/admin/"


PEOPLE = "/admin/snippets/partners/person/"


def test_people_are_listed_with_their_roles(chair: Person, editor_client: Client) -> None:
    text = get_words(editor_client.get(PEOPLE))
    assert "Ada Chair" in text
    assert "Chair since 2010 at the latest" in text


def test_people_are_found_by_name(
    chair: Person, editor_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        PersonFactory(name="Jo Lee")
    text = get_words(editor_client.get(PEOPLE, {"q": "Lee"}))
    assert "Jo Lee" in text
    assert "Ada Chair" not in text


def test_a_speaker_is_found_by_name(
    chair: Person, editor_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        PersonFactory(name="Jo Lee")
    address = "/admin/snippets/choose/partners/person/results/"
    text = get_words(editor_client.get(address, {"q": "Lee"}))
    assert "Jo Lee" in text
    assert "Ada Chair" not in text


def test_editors_change_people(chair: Person, editor_client: Client) -> None:
    text = get_words(editor_client.get(f"{PEOPLE}edit/{chair.pk}/"))
    assert "The name without titles, for example “Ed Smith”." in text
    assert "For a role in the partnership itself, leave both empty." in text


def test_editors_delete_nobody(chair: Person, editor_client: Client) -> None:
    editor_client.post(f"{PEOPLE}delete/{chair.pk}/")
    assert Person.objects.filter(pk=chair.pk).exists()


def test_publishers_delete_people(chair: Person, publisher_client: Client) -> None:
    publisher_client.post(f"{PEOPLE}delete/{chair.pk}/")
    assert not Person.objects.filter(pk=chair.pk).exists()


def get_file_screen(client: Client, document: Any) -> str:
    return get_words(client.get(f"/admin/documents/edit/{document.pk}/"))


def test_the_screen_of_a_file_shows_its_facts(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    text = get_file_screen(publisher_client, site.document)
    assert site.document.url in text
    assert re.search(r"Pages ?1\b", text)
    assert "Tagged for screen readersNo. Ask the designer for a tagged PDF" in text
    assert "Visitors can download it Yes" in text


def test_a_file_no_page_offers_says_so(db: None, publisher_client: Client) -> None:
    text = get_file_screen(publisher_client, SiteDocumentFactory())
    assert "Visitors can download it Not until it is on a published page" in text


def test_the_screen_of_a_picture_asks_for_credit_and_licence(
    db: None, publisher_client: Client
) -> None:
    text = get_words(publisher_client.get(f"/admin/images/{SiteImageFactory().pk}/"))
    assert "Who made the image. Shown below it" in text
    assert "How you know that you may use the image" in text
    assert "What others may do with it. Visitors and search engines see the licence." in text


def test_moderation_is_named_for_who_does_it(site: SimpleNamespace, admin_client: Client) -> None:
    page = NewsPageFactory(parent=site.news_index, live=False)
    page.save_revision()
    text = admin_client.get(f"/admin/pages/{page.pk}/edit/").text
    assert "Submit to Publishers" in text
    assert Page.objects.get(pk=page.pk).get_workflow().name == "Publishers"
