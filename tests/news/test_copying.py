"""A copy of an announcement is offered without its quotes, which are made from its text."""

from django.test import Client
from wagtail.models import Page

from news.models import NewsPage, QuotePage
from partners.models import PartnerIndexPage

from .conftest import get_quote


def copy(client: Client, page: Page, **more: str) -> NewsPage:
    form = {
        "new_title": "A copy",
        "new_slug": "a-copy",
        "new_parent_page": str(page.get_parent().pk),
    }
    client.post(f"/admin/pages/{page.pk}/copy/", form | more)
    return NewsPage.objects.get(slug="a-copy")


def test_quotes_are_not_offered(published: NewsPage, publisher_client: Client) -> None:
    text = publisher_client.get(f"/admin/pages/{published.pk}/copy/").text
    assert "copy_subpages" not in text
    assert "subpage" not in text
    assert "Publish the copy" in text


def test_quotes_are_not_copied_even_if_asked_for(
    published: NewsPage, publisher_client: Client
) -> None:
    copied = copy(publisher_client, published, copy_subpages="on")
    assert not copied.live
    assert not QuotePage.objects.child_of(copied).exists()


def test_a_copy_makes_its_own_quotes_when_it_is_published(
    published: NewsPage, publisher_client: Client
) -> None:
    copied = copy(publisher_client, published, publish_copies="on")
    assert copied.live
    assert get_quote(copied).words == get_quote(published).words
    assert get_quote(copied).pk != get_quote(published).pk


def test_a_draft_with_live_quotes_is_not_offered_to_be_published(
    published: NewsPage, publisher_client: Client
) -> None:
    Page.objects.filter(pk=published.pk).update(live=False)
    assert "publish_copies" not in publisher_client.get(f"/admin/pages/{published.pk}/copy/").text


def test_other_pages_are_copied_with_what_is_below_them(
    partner_index: PartnerIndexPage, home: Page, admin_client: Client
) -> None:
    assert "copy_subpages" in admin_client.get(f"/admin/pages/{home.pk}/copy/").text
