"""A release goes out completely or not at all, in whatever way it is published."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page

from bhp_site.core.models import User
from bhp_site.core.publishing.publication import PublishingRefused, collect_notes
from bhp_site.core.publishing.scheduled import publish_due
from news.models import NewsPage
from partners.models import PartnerPage
from reports.models import ReportPage
from tests.factories import PartnerPageFactory, UserFactory

from ..admin_forms import get_messages
from .conftest import get_block, get_quote, get_tomorrow, list_quotes, reload, rewrite
from .test_release import is_anything_live


def lock(page: Page, holder: User | None = None) -> None:
    Page.objects.filter(pk=page.pk).update(locked=True, locked_by=holder)


def submit(page: Any, user: User) -> Any:
    return page.get_workflow().start(page, user)


@pytest.fixture
def report(release: NewsPage) -> ReportPage:
    return ReportPage.objects.get(pk=release.report_id)


STOPS: dict[str, Callable[[NewsPage], None]] = {
    "a locked report": lambda news: lock(news.report, UserFactory()),
    "a report locked by somebody who left": lambda news: lock(news.report),
    "a report in review": lambda news: submit(news.report, UserFactory()),
    "a locked announcement": lambda news: lock(news, UserFactory()),
    "an announcement in review": lambda news: submit(news, UserFactory()),
}


@pytest.mark.parametrize("stop", STOPS)
def test_it_stops_the_whole_release(release: NewsPage, admin: User, stop: str) -> None:
    STOPS[stop](release)
    for user in (admin, None):
        with pytest.raises(PublishingRefused):
            reload(release).get_latest_revision().publish(user=user)
    assert not is_anything_live(release)


@pytest.mark.parametrize("stop", STOPS)
def test_it_stops_the_release_at_its_time(release: NewsPage, publisher: User, stop: str) -> None:
    release.go_live_at = get_tomorrow()
    release.save_revision().publish(user=publisher)
    STOPS[stop](reload(release))
    with time_machine.travel(release.go_live_at):
        assert publish_due() == 0
    assert not is_anything_live(release)


def test_an_editors_change_after_scheduling_waits_for_a_publisher(
    release: NewsPage, report: ReportPage, editor: User, publisher: User
) -> None:
    report.save_revision(user=editor)
    release.go_live_at = get_tomorrow()
    release.save_revision(user=publisher).publish(user=publisher)
    report.title = "Not seen by a publisher"
    report.save_revision(user=editor)
    with time_machine.travel(release.go_live_at):
        assert publish_due() == 0
        assert not is_anything_live(release)
        reload(report).get_latest_revision_as_object().save_revision(user=publisher)
        assert publish_due() == 1
    assert reload(report).live


def test_a_report_an_editor_saved_before_scheduling_goes_out(
    release: NewsPage, report: ReportPage, editor: User, publisher: User
) -> None:
    report.save_revision(user=editor)
    release.go_live_at = get_tomorrow()
    release.save_revision(user=publisher).publish(user=publisher)
    with time_machine.travel(release.go_live_at):
        assert publish_due() == 1
    assert reload(report).live


def test_a_report_below_an_unpublished_page_stops_the_release(
    release: NewsPage, report: ReportPage, publisher: User
) -> None:
    report.get_parent().specific.unpublish()
    with pytest.raises(PublishingRefused, match="which is not published"):
        release.get_latest_revision().publish(user=publisher)
    assert not is_anything_live(release)


def test_a_report_that_expires_before_the_release_stops_it(
    release: NewsPage, report: ReportPage, publisher: User
) -> None:
    report.expire_at = get_tomorrow() - datetime.timedelta(hours=1)
    report.save_revision()
    release.go_live_at = get_tomorrow()
    with pytest.raises(PublishingRefused, match="expires on"):
        release.save_revision().publish(user=publisher)
    assert not release.revisions.filter(approved_go_live_at__isnull=False).exists()


def test_a_quote_put_back_goes_out_whatever_time_it_once_had(
    published: NewsPage, publisher: User
) -> None:
    block = get_block(published)
    rewrite(published)
    quote = get_quote(published)
    quote.go_live_at = get_tomorrow()
    revision = quote.save_revision()
    revision.publish(user=publisher)
    revision.refresh_from_db()
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    rewrite(published, block, user=publisher)
    assert get_quote(published).live


def test_a_report_a_reviewer_wants_changed_stops_the_release(
    release: NewsPage, report: ReportPage, editor: User, publisher: User
) -> None:
    state = submit(report, editor)
    state.current_task_state.reject(user=publisher)
    with pytest.raises(PublishingRefused, match="asked for changes"):
        release.get_latest_revision().publish(user=publisher)
    assert not is_anything_live(release)


def test_a_locked_quote_stops_the_release(published: NewsPage, publisher: User) -> None:
    quote = get_quote(published)
    lock(quote, UserFactory())
    news = reload(published)
    news.date = datetime.date(2022, 12, 1)
    with pytest.raises(PublishingRefused, match="is locked by"):
        news.save_revision().publish(user=publisher)
    assert reload(published).date == datetime.date(2022, 11, 24)
    assert get_quote(published).date == datetime.date(2022, 11, 24)


def test_a_locked_quote_that_stays_as_it_is_stops_nothing(published: NewsPage) -> None:
    lock(get_quote(published), UserFactory())
    news = reload(published)
    news.summary = "Corrected."
    news.save_revision().publish()
    assert reload(published).summary == "Corrected."


def test_the_holder_of_a_lock_publishes_but_does_not_schedule(
    release: NewsPage, publisher: User
) -> None:
    lock(release.report, publisher)
    release.go_live_at = get_tomorrow()
    with pytest.raises(PublishingRefused, match="is locked by you"):
        release.save_revision().publish(user=publisher)
    release.go_live_at = None
    release.save_revision().publish(user=publisher)
    assert reload(release).report.live


@pytest.mark.parametrize("change", ["left", "demoted", "deleted"])
def test_whoever_scheduled_it_need_not_be_there_any_more(
    release: NewsPage, publisher: User, change: str
) -> None:
    release.go_live_at = get_tomorrow()
    release.save_revision(user=publisher).publish(user=publisher)
    if change == "left":
        User.objects.update(is_active=False)
    elif change == "demoted":
        publisher.groups.clear()
    else:
        publisher.delete()
    with time_machine.travel(release.go_live_at):
        assert publish_due() == 1
    news = reload(release)
    assert news.live
    assert news.report.live
    assert get_quote(news).live


def bulk_publish(client: Client, *pages: Page) -> Any:
    query = "&".join(f"id={page.pk}" for page in pages)
    address = f"/admin/bulk/wagtailcore/page/publish/?{query}&next=/admin/"
    return client.post(address, {"include_descendants": ""})


def publish_by_api(client: Client, page: Page) -> Any:
    address = reverse("wagtailadmin_api:pages:action", args=[page.pk, "publish"])
    return client.post(address, content_type="application/json")


def test_publishing_in_bulk_respects_locks_and_reviews(
    release: NewsPage, publisher_client: Client
) -> None:
    lock(release.report, UserFactory())
    response = bulk_publish(publisher_client, release)
    assert "is locked by" in get_messages(response)
    assert not is_anything_live(release)


def test_publishing_in_bulk_respects_schedules(
    release: NewsPage, publisher: User, publisher_client: Client
) -> None:
    release.go_live_at = get_tomorrow()
    release.save_revision().publish(user=publisher)
    release.go_live_at = None
    release.save_revision()
    assert "is scheduled for" in get_messages(bulk_publish(publisher_client, release))
    assert not is_anything_live(release)


@pytest.mark.parametrize("stop", ["a locked report", "an announcement in review", "scheduled"])
def test_publishing_by_the_admins_api_respects_them_all(
    release: NewsPage, publisher: User, publisher_client: Client, stop: str
) -> None:
    if stop == "scheduled":
        release.go_live_at = get_tomorrow()
        release.save_revision().publish(user=publisher)
        release.go_live_at = None
        release.save_revision()
    else:
        STOPS[stop](release)
    response = publish_by_api(publisher_client, reload(release))
    assert response.status_code == 409
    assert release.report.title in response.json()["detail"] or release.title in response.text
    assert not is_anything_live(release)


def test_the_admins_api_publishes_a_release_that_nothing_stops(
    release: NewsPage, publisher_client: Client
) -> None:
    assert publish_by_api(publisher_client, release).status_code == 200
    assert reload(release).report.live


def test_a_withdrawn_report_is_not_published_again(
    published: NewsPage, client: Client, publisher_client: Client
) -> None:
    report = reload(published.report)
    report.unpublish()
    response = bulk_publish(publisher_client, reload(published))
    assert "was unpublished earlier, so it stays unpublished" in get_messages(response)
    assert report.title in get_messages(response)
    assert not reload(report).live
    assert client.get(report.get_url()).status_code == 404


def test_a_withdrawn_report_stays_so_at_the_time_of_a_release(published: NewsPage) -> None:
    reload(published.report).unpublish()
    news = reload(published)
    news.go_live_at = get_tomorrow()
    news.save_revision().publish()
    with time_machine.travel(news.go_live_at):
        assert publish_due() == 1
    assert not reload(published.report).live


def test_a_report_that_has_expired_is_not_published_again(published: NewsPage) -> None:
    reload(published.report).unpublish(set_expired=True)
    reload(published).save_revision().publish()
    assert not reload(published.report).live


def test_a_quote_unpublished_by_itself_is_not_published_again(published: NewsPage) -> None:
    quote = get_quote(published)
    quote.unpublish()
    with collect_notes() as notes:
        reload(published).save_revision().publish()
    assert not get_quote(published).live
    assert "was unpublished earlier" in notes[0]
    get_quote(published).save_revision().publish()
    reload(published).unpublish()
    reload(published).save_revision().publish()
    assert get_quote(published).live


def test_the_unpublish_screens_name_announcements_that_lose_their_download(
    published: NewsPage, publisher_client: Client
) -> None:
    report = published.report
    single = publisher_client.get(f"/admin/pages/{report.pk}/unpublish/").text
    several = publisher_client.get(f"/admin/bulk/wagtailcore/page/unpublish/?id={report.pk}").text
    for text in (single, several):
        assert "stays public and loses its link to the report" in text
        assert published.title in text
    other = publisher_client.get(f"/admin/pages/{published.pk}/unpublish/").text
    assert "stays public" not in other


def test_the_unpublish_screen_names_scheduled_announcements_too(
    published: NewsPage, publisher: User, publisher_client: Client
) -> None:
    reload(published).unpublish()
    news = reload(published)
    news.go_live_at = get_tomorrow()
    news.save_revision().publish(user=publisher)
    text = publisher_client.get(f"/admin/pages/{published.report.pk}/unpublish/").text
    assert "will be published without the report" in text
    assert "stays public" not in text


@pytest.fixture
def partner(release: NewsPage, partner_index: Page) -> PartnerPage:
    """A draft partner page that the announcement names."""
    partner = PartnerPageFactory(parent=partner_index, live=False, title="New trust")
    partner.save_revision()
    release.partners.add(partner)
    release.save()
    return partner


def test_a_draft_partner_stays_a_draft_and_is_named(
    release: NewsPage, partner: PartnerPage
) -> None:
    with collect_notes() as notes:
        release.save_revision().publish()
    assert not reload(partner).live
    assert "“New trust” is still a draft" in notes[0]


def test_a_draft_partner_is_published_with_the_announcement_if_asked_for(
    release: NewsPage, partner: PartnerPage
) -> None:
    release.publish_partners = True
    release.save_revision().publish()
    assert reload(partner).live
    assert reload(release).live


def test_a_partner_that_cannot_go_out_stops_the_release(
    release: NewsPage, partner: PartnerPage
) -> None:
    lock(partner, UserFactory())
    release.publish_partners = True
    with pytest.raises(PublishingRefused, match="“New trust” is locked"):
        release.save_revision().publish()
    assert not is_anything_live(release)
    assert not reload(partner).live


def test_a_withdrawn_partner_is_not_published_again(
    release: NewsPage, partner: PartnerPage
) -> None:
    partner.save_revision().publish()
    reload(partner).unpublish()
    release.publish_partners = True
    release.save_revision().publish()
    assert reload(release).live
    assert not reload(partner).live


def test_publishing_a_report_in_review_by_itself_is_refused(
    report: ReportPage, admin: User
) -> None:
    submit(report, UserFactory())
    with pytest.raises(PublishingRefused, match="is being reviewed"):
        reload(report).get_latest_revision().publish(user=admin)
    assert not reload(report).live


def test_a_group_that_may_publish_news_alone_is_refused_in_the_form(
    release: NewsPage, news_index: Page, editor: User, editor_client: Client
) -> None:
    group = Group.objects.create(name="News officers")
    may = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=news_index, permission=may)
    editor.groups.add(group)
    assert "you do not have permission" in get_messages(bulk_publish(editor_client, release))
    assert not is_anything_live(release)
    assert list_quotes(release) == []
