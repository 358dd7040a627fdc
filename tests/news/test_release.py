"""One act publishes: an announcement, its quotes and the report it announces."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import GroupPagePermission, PageLogEntry

from bhp_site.core.models import User
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from news.models import NewsPage, QuotePage
from partners.models import Person
from reports.models import ReportPage
from tests.factories import PersonFactory, with_role

from .conftest import (
    build_quote_by,
    get_block,
    get_quote,
    get_tomorrow,
    list_quotes,
    publish_entries,
    reload,
    rewrite,
)


def publish(news: NewsPage, user: User | None = None) -> None:
    news.get_latest_revision().publish(user=user)


def is_anything_live(news: NewsPage) -> bool:
    news = reload(news)
    return news.live or news.report.live or any(quote.live for quote in list_quotes(news))


def test_publishing_publishes_report_and_quotes(release: NewsPage, client: Client) -> None:
    publish(release)
    news = reload(release)
    for page in (news, news.report, get_quote(news)):
        assert page.live
        assert client.get(page.get_url()).status_code == 200


def test_each_is_logged_once_as_the_publishers_doing(release: NewsPage, publisher: User) -> None:
    publish(release, publisher)
    news = reload(release)
    for page in (news, news.report, get_quote(news)):
        assert [entry.user for entry in publish_entries(page)] == [publisher]


def test_the_reports_last_draft_is_what_goes_live(release: NewsPage) -> None:
    report = release.report
    report.summary = "Written later."
    report.save_revision()
    publish(release)
    assert reload(report).summary == "Written later."


def test_a_quote_takes_words_speaker_and_date(published: NewsPage, chair: Person) -> None:
    quote = get_quote(published)
    assert quote.words == "First part.\n\nSecond part."
    assert (quote.speaker, quote.name, quote.attribution) == (chair, "Ada Chair", "Chair, BHP")
    assert (quote.date, quote.date_precision) == (published.date, published.date_precision)
    assert quote.title == "Ada Chair: “First part. Second part.”"


def test_an_unfinished_report_refuses(unfinished: NewsPage) -> None:
    with pytest.raises(PublishingRefused, match="summary"):
        publish(unfinished)
    assert not is_anything_live(unfinished)
    assert not PageLogEntry.objects.filter(action="wagtail.publish").exists()


def test_a_report_without_a_file_refuses(release: NewsPage) -> None:
    report = ReportPage.objects.get(pk=release.report_id)
    report.downloads = []
    report.save_revision()
    with pytest.raises(PublishingRefused, match="no document to download yet"):
        publish(release)
    assert not is_anything_live(release)


def test_a_report_with_half_a_period_refuses(release: NewsPage) -> None:
    report = ReportPage.objects.get(pk=release.report_id)
    report.period_start = datetime.date(2020, 9, 1)
    report.save_revision(clean=False)
    with pytest.raises(PublishingRefused, match="the first and the last day of the period"):
        publish(release)
    assert not is_anything_live(release)


@pytest.fixture
def news_officer(news_index: Any, editor: User) -> User:
    """An editor who may publish news, and nothing else."""
    group = Group.objects.create(name="News officers")
    may = Permission.objects.get(content_type__app_label="wagtailcore", codename="publish_page")
    GroupPagePermission.objects.create(group=group, page=news_index, permission=may)
    editor.groups.add(group)
    return editor


def test_who_may_not_publish_the_report_is_refused(release: NewsPage, news_officer: User) -> None:
    with pytest.raises(PublishingRefused, match="you do not have permission to publish it"):
        publish(release, news_officer)
    assert not is_anything_live(release)


def test_who_may_not_publish_the_report_cannot_schedule_the_release(
    release: NewsPage, news_officer: User
) -> None:
    release.go_live_at = get_tomorrow()
    revision = release.save_revision()
    with pytest.raises(PublishingRefused, match="you do not have permission to publish it"):
        revision.publish(user=news_officer)
    assert release.revisions.filter(approved_go_live_at__isnull=False).count() == 0


def test_a_report_with_a_later_date_of_its_own_stops_the_release(release: NewsPage) -> None:
    report = release.report
    report.go_live_at = get_tomorrow()
    report.save_revision().publish()
    with pytest.raises(PublishingRefused, match="is scheduled for a later time"):
        publish(release)
    assert not is_anything_live(release)


def test_a_release_scheduled_after_its_report_is_accepted(release: NewsPage) -> None:
    report = release.report
    report.go_live_at = get_tomorrow()
    report.save_revision().publish()
    release.go_live_at = get_tomorrow() + datetime.timedelta(hours=1)
    release.save_revision().publish()
    with time_machine.travel(release.go_live_at + datetime.timedelta(minutes=1)):
        assert publish_due() == 2
    assert reload(release).live
    assert reload(report).live


def test_a_live_report_is_left_as_it_is(published: NewsPage) -> None:
    report = reload(published.report)
    report.summary = "A draft of the next edition."
    report.save_revision()
    reload(published).save_revision().publish()
    assert reload(report).summary == "What was done in two years."


def test_an_announcement_without_a_report_is_published(release: NewsPage) -> None:
    release.report = None
    release.save_revision().publish()
    assert get_quote(reload(release)).live


def test_publishing_again_adds_no_quote_and_no_revision(published: NewsPage) -> None:
    quote = get_quote(published)
    count = quote.revisions.count()
    reload(published).save_revision().publish()
    assert get_quote(published) == quote
    assert quote.revisions.count() == count
    assert len(publish_entries(quote)) == 1


def test_an_edited_quote_updates_its_page(published: NewsPage, client: Client) -> None:
    quote = get_quote(published)
    address = quote.get_url()
    rewrite(published, get_block(published) | {"words": "Other words."})
    assert get_quote(published).pk == quote.pk
    assert "“Other words.”" in client.get(address).text


def test_a_later_date_of_the_announcement_is_its_quotes_date(published: NewsPage) -> None:
    news = reload(published)
    news.date = datetime.date(2022, 12, 1)
    news.save_revision().publish()
    assert get_quote(news).date == datetime.date(2022, 12, 1)


def test_a_removed_quote_is_hidden(published: NewsPage, client: Client) -> None:
    address = get_quote(published).get_url()
    rewrite(published)
    assert not get_quote(published).live
    assert client.get(address).status_code == 404


def test_a_quote_put_back_has_its_old_address(published: NewsPage, client: Client) -> None:
    block, quote = get_block(published), get_quote(published)
    rewrite(published)
    rewrite(published, block)
    assert get_quote(published).pk == quote.pk
    assert client.get(quote.get_url()).status_code == 200


def test_a_quote_page_shows_the_words_large_with_their_source(
    published: NewsPage, client: Client
) -> None:
    response = client.get(f"/news/{published.slug}/ada-chair/")
    assert response.status_code == 200
    assert "<h1>Ada Chair</h1>" in response.text
    assert "<p>“First part.</p>" in response.text
    assert "<p>“Second part.”</p>" in response.text
    assert "Chair, BHP" in response.text
    assert f'<a href="{published.get_url()}">{published.title}</a>' in response.text


def test_a_quote_page_describes_itself_to_machines(published: NewsPage, client: Client) -> None:
    text = client.get(get_quote(published).get_url()).text
    assert '"@type": "Quotation"' in text
    assert '"text": "First part.\\n\\nSecond part."' in text
    assert '{"@type": "Person", "name": "Ada Chair", "jobTitle": "Chair"}' in text


def test_a_speaker_without_role_is_named_alone(release: NewsPage, client: Client) -> None:
    news = rewrite(release, build_quote_by(PersonFactory(name="Jo Lee")))
    quote = get_quote(news)
    assert quote.attribution == ""
    assert quote.description.startswith("Jo Lee, 24 November 2022: “")
    text = client.get(quote.get_url()).text
    assert '{"@type": "Person", "name": "Jo Lee"}' in text


def test_two_quotes_by_one_person_have_two_addresses(release: NewsPage) -> None:
    smith = with_role(PersonFactory(name="Ed Smith"), "Director")
    news = rewrite(release, build_quote_by(smith, "One."), build_quote_by(smith, "Two."))
    assert [quote.slug for quote in list_quotes(news)] == ["ed-smith", "ed-smith-2"]
    assert [quote.words for quote in list_quotes(news)] == ["One.", "Two."]


def test_a_name_without_letters_for_an_address_still_has_one(release: NewsPage) -> None:
    news = rewrite(release, build_quote_by(PersonFactory(name="王伟")))
    assert get_quote(news).slug == "quote"


def test_unpublishing_hides_the_quotes(published: NewsPage, client: Client) -> None:
    address = get_quote(published).get_url()
    published.unpublish()
    assert not get_quote(published).live
    assert client.get(address).status_code == 404


def test_unpublishing_leaves_the_report(published: NewsPage) -> None:
    published.unpublish()
    assert reload(published).report.live


def test_unpublishing_is_logged_for_each(published: NewsPage, publisher: User) -> None:
    published.unpublish(user=publisher)
    for page in (published, get_quote(published)):
        assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.unpublish").count() == 1


def test_publishing_once_more_brings_the_quotes_back(published: NewsPage) -> None:
    quote = get_quote(published)
    published.unpublish()
    reload(published).save_revision().publish()
    assert get_quote(published).pk == quote.pk
    assert get_quote(published).live


def test_deleting_deletes_the_quotes(published: NewsPage) -> None:
    reload(published).delete()
    assert not QuotePage.objects.exists()


def test_deleting_leaves_the_report(published: NewsPage) -> None:
    reload(published).delete()
    assert reload(published.report).live


@pytest.fixture
def scheduled(release: NewsPage, publisher: User) -> NewsPage:
    release.go_live_at = get_tomorrow()
    revision = release.save_revision(user=publisher)
    release.publish(revision, user=publisher)
    return reload(release)


def test_a_scheduled_release_waits(scheduled: NewsPage) -> None:
    assert publish_due() == 0
    assert not is_anything_live(scheduled)


def test_a_scheduled_release_goes_out_at_its_time(scheduled: NewsPage, publisher: User) -> None:
    with time_machine.travel(scheduled.go_live_at):
        assert publish_due() == 1
        assert publish_due() == 0
    news = reload(scheduled)
    assert news.live
    assert [entry.action for entry in publish_entries(news)] == ["wagtail.publish.scheduled"]
    for page in (news.report, get_quote(news)):
        assert page.live
        assert [entry.user for entry in publish_entries(page)] == [publisher]


def test_a_scheduled_release_that_cannot_go_out_stays_due(scheduled: NewsPage) -> None:
    report = ReportPage.objects.get(pk=scheduled.report_id)
    report.summary = ""
    report.save_revision(clean=False)
    with time_machine.travel(scheduled.go_live_at):
        assert publish_due() == 0
        assert not is_anything_live(scheduled)
        report.summary = "Now it is there."
        report.save_revision()
        assert publish_due() == 1
    assert reload(scheduled).report.live


def test_expiring_hides_the_quotes(published: NewsPage) -> None:
    NewsPage.objects.filter(pk=published.pk).update(expire_at=timezone.now())
    assert publish_due() == 1
    assert not reload(published).live
    assert not get_quote(published).live


def visible(news: Any) -> list[QuotePage]:
    return list(QuotePage.objects.visible().child_of(reload(news)))


def test_quotes_of_a_live_announcement_are_visible(published: NewsPage) -> None:
    assert visible(published) == list_quotes(published)


def test_a_quote_left_live_below_a_draft_is_not_visible(
    published: NewsPage, client: Client
) -> None:
    quote = get_quote(published)
    NewsPage.objects.filter(pk=published.pk).update(live=False)
    assert visible(published) == []
    assert client.get(quote.get_url()).status_code == 404
