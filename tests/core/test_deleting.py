"""Nobody deletes, moves or marks as reviewed a page that is locked, scheduled or in review."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from bhp_site.core.models import User
from news.models import NewsPage
from tests.factories import NewsPageFactory, StandardPageFactory, UserFactory

from ..admin_forms import get_messages


@pytest.fixture
def page(news_index: Page) -> NewsPage:
    page = NewsPageFactory(parent=news_index, title="Kept")
    page.save_revision()
    return page


def lock(page: NewsPage) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=UserFactory())


def schedule(page: NewsPage) -> None:
    page.go_live_at = timezone.now() + datetime.timedelta(days=1)
    page.save_revision().publish()


def submit(page: NewsPage) -> None:
    page.get_workflow().start(page, UserFactory())


STATES: dict[str, tuple[Callable[[NewsPage], None], str]] = {
    "locked": (lock, "is locked by"),
    "scheduled": (schedule, "is scheduled for"),
    "in review": (submit, "is being reviewed"),
}


def delete(client: Client, page: Page) -> Any:
    return client.post(f"/admin/pages/{page.pk}/delete/")


def delete_in_bulk(client: Client, page: Page) -> Any:
    return client.post(f"/admin/bulk/wagtailcore/page/delete/?id={page.pk}&next=/admin/")


def delete_by_api(client: Client, page: Page) -> Any:
    return client.post(reverse("wagtailadmin_api:pages:action", args=[page.pk, "delete"]))


def begin_review(client: Client, page: Page) -> Any:
    return client.post(reverse("reviewed", args=[page.pk]))


@pytest.mark.parametrize("act", [delete, delete_in_bulk, delete_by_api, begin_review])
@pytest.mark.parametrize("state", STATES)
def test_it_is_refused(
    page: NewsPage, publisher_client: Client, state: str, act: Callable[..., Any]
) -> None:
    arrange, reason = STATES[state]
    arrange(page)
    response = act(publisher_client, page)
    said = response.json()["detail"] if act is delete_by_api else get_messages(response)
    assert reason in said
    assert NewsPage.objects.get(pk=page.pk).review_by is None


def test_the_screen_that_asks_for_confirmation_says_so_first(
    page: NewsPage, publisher_client: Client
) -> None:
    lock(page)
    response = publisher_client.get(f"/admin/pages/{page.pk}/delete/")
    assert response.status_code == 302
    assert "Not deleted." in get_messages(response)


def test_a_page_below_counts(published_below: Page, admin_client: Client) -> None:
    response = delete(admin_client, published_below)
    assert "is locked by" in get_messages(response)
    assert Page.objects.filter(pk=published_below.pk).exists()


@pytest.fixture
def published_below(release: NewsPage) -> Page:
    """An announcement whose quote is locked."""
    release.get_latest_revision().publish()
    news = NewsPage.objects.get(pk=release.pk)
    lock(news.get_children().get().specific)
    return news


def test_the_holder_of_a_lock_deletes(
    page: NewsPage, publisher: User, publisher_client: Client
) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=publisher)
    delete(publisher_client, page)
    assert not NewsPage.objects.filter(pk=page.pk).exists()


def test_other_pages_are_deleted_as_before(page: NewsPage, publisher_client: Client) -> None:
    delete_in_bulk(publisher_client, page)
    assert not NewsPage.objects.filter(pk=page.pk).exists()


def move(client: Client, page: Page, target: Page) -> Any:
    return client.post(f"/admin/pages/{page.pk}/move/{target.pk}/confirm/")


def move_in_bulk(client: Client, page: Page, target: Page) -> Any:
    address = f"/admin/bulk/wagtailcore/page/move/?id={page.pk}&next=/admin/"
    return client.post(address, {"chooser": target.pk})


@pytest.mark.parametrize("act", [move, move_in_bulk])
def test_a_locked_page_is_not_moved(
    home: Page, admin_client: Client, act: Callable[..., Any]
) -> None:
    page, target = (StandardPageFactory(parent=home) for _ in range(2))
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=UserFactory())
    assert "is locked by" in get_messages(act(admin_client, page, target))
    assert Page.objects.get(pk=page.pk).get_parent().pk == home.pk
    Page.objects.filter(pk=page.pk).update(locked=False)
    act(admin_client, page, target)
    assert Page.objects.get(pk=page.pk).get_parent().pk == target.pk
