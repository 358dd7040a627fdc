"""The last part of a page's address: another script is refused, and a draft's is numbered."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.text import slugify
from wagtail.models import Page

from news.models import NewsPage

from ..admin_forms import read_form, send
from ..factories import NewsPageFactory, StandardPageFactory

FOREIGN = ["новости", "café", "報告", "a b", "a/b", "тест-1", "a\u200bb"]


@pytest.mark.parametrize("slug", FOREIGN)
def test_code_is_refused(home: Page, slug: str) -> None:
    with pytest.raises(ValidationError, match=r"Use only the letters|valid"):
        StandardPageFactory(parent=home, slug=slug)


@pytest.mark.parametrize("slug", FOREIGN[:3])
def test_the_editor_is_told(news_index: Page, publisher_client: Client, slug: str) -> None:
    page = NewsPageFactory(parent=news_index, slug="item")
    response = send(publisher_client, page, "action-publish", slug=slug)
    assert response.status_code == 200
    assert "Use only the letters a to z" in response.text
    assert NewsPage.objects.get().slug == "item"


def test_a_copy_cannot_have_one(news_index: Page, publisher_client: Client) -> None:
    page = NewsPageFactory(parent=news_index, slug="item")
    data = {"new_title": "Copy", "new_slug": "новости", "new_parent_page": news_index.pk}
    response = publisher_client.post(f"/admin/pages/{page.pk}/copy/", data)
    assert response.status_code == 200
    assert NewsPage.objects.count() == 1


def test_usual_addresses_are_taken(home: Page, client: Client) -> None:
    for slug in ("about-us", "About_2", "2022"):
        page = StandardPageFactory(parent=home, slug=slug)
        assert client.get(page.get_url()).status_code == 200


@pytest.mark.parametrize("title", ["Annual report", "x" * 255])
def test_autosave_numbers_the_slug_of_a_title_that_is_taken(
    news_index: Page, publisher_client: Client, title: str
) -> None:
    slug = slugify(title)
    NewsPageFactory(parent=news_index, slug=slug)
    numbered = f"{slug[:250]}-2"
    address = f"/admin/pages/add/news/newspage/{news_index.pk}/"
    # The browser makes the slug from the title, and keeps it after the page has been created.
    typed = {"title": title, "slug": slug, "body-count": "0"}
    for _ in range(2):
        data = read_form(publisher_client, address) | typed
        saved = publisher_client.post(address, data, headers={"accept": "application/json"}).json()
        assert saved["success"]
        page = NewsPage.objects.get(pk=saved["pk"])
        assert page.get_latest_revision_as_object().slug == page.slug == numbered
        address = f"/admin/pages/{page.pk}/edit/"
    response = send(publisher_client, page, "action-publish", slug=slug)
    assert "already in use" in response.text
    assert not NewsPage.objects.get(pk=page.pk).live


def test_a_slug_that_was_chosen_is_not_numbered(news_index: Page, publisher_client: Client) -> None:
    NewsPageFactory(parent=news_index, slug="chosen")
    page = NewsPageFactory(parent=news_index, title="Another", slug="another", live=False)
    assert "already in use" in send(publisher_client, page, slug="chosen").text


def test_a_public_page_keeps_its_slug(news_index: Page, publisher_client: Client) -> None:
    NewsPageFactory(parent=news_index, slug="another")
    page = NewsPageFactory(parent=news_index, title="Another", slug="a")
    assert "already in use" in send(publisher_client, page, slug="another").text
