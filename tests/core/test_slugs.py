"""An address in another script is refused in every way of giving a page one."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from news.models import NewsPage

from ..admin_forms import send
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
