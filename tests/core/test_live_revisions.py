"""What is live stays live, as it is, until a scheduled change to it is due."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from bhp_site.core.models import User
from bhp_site.core.publishing.live_revisions import ensure_live_revision
from bhp_site.core.publishing.scheduled import publish_due
from news.models import NewsPage
from tests.admin_forms import build_body, read_form
from tests.factories import NewsPageFactory, PartnerPageFactory, PersonFactory

ROWS: dict[str, tuple[Any, str]] = {
    "a page": (PartnerPageFactory, "title"),
    "a person": (PersonFactory, "name"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_live_row_without_revisions_stays_until_its_change_is_due(
    kind: str, publisher: User, partner_index: Any
) -> None:
    factory, field = ROWS[kind]
    more = {"parent": partner_index} if kind == "a page" else {}
    row = factory(**more, **{field: "Old name"})
    model = type(row)
    draft = model.objects.get(pk=row.pk)
    assert draft.live
    assert draft.live_revision is None
    setattr(draft, field, "New name")
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    draft.save_revision(user=publisher).publish(user=publisher)

    now = model.objects.get(pk=row.pk)
    assert (now.live, getattr(now, field)) == (True, "Old name")
    assert getattr(now.live_revision.as_object(), field) == "Old name"
    assert getattr(now.get_latest_revision_as_object(), field) == "New name"

    with time_machine.travel(draft.go_live_at):
        assert publish_due() == 1
    then = model.objects.get(pk=row.pk)
    assert (then.live, getattr(then, field)) == (True, "New name")
    assert not then.has_unpublished_changes


@pytest.mark.parametrize(("action", "is_live"), [("schedule", False), ("1", True)])
def test_a_new_page_is_live_only_when_it_is_published(
    action: str, is_live: bool, news_index: Any, publisher_client: Client
) -> None:
    """The form creates the page and schedules it in one request."""
    address = f"/admin/pages/add/news/newspage/{news_index.pk}/"
    form = {
        **read_form(publisher_client, address),
        **build_body([]),
        "title": "News of the future",
        "slug": "news-of-the-future",
        "summary": "Nothing has happened yet.",
        "action-publish": action,
    }
    if action == "schedule":
        form["go_live_at"] = "31/12/2030 09:00"
    publisher_client.post(address, form, headers={"referer": f"http://testserver{address}"})
    page = NewsPage.objects.get(slug="news-of-the-future")
    assert (page.live, page.status_string) == (is_live, "live" if is_live else "scheduled")
    status = Client().get("/news/news-of-the-future/").status_code
    assert status == (200 if is_live else 404)


def test_a_new_row_that_is_scheduled_by_code_is_not_live(news_index: Any) -> None:
    page = NewsPageFactory(parent=news_index, go_live_at=timezone.now() + datetime.timedelta(1))
    page.save_revision().publish()
    page.refresh_from_db()
    assert (page.live, page.live_revision) == (False, None)


def test_a_revision_for_now_is_not_restored(
    site: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    revision = site.news.save_revision()
    with django_assert_num_queries(0):
        ensure_live_revision(site.news, revision)
