"""Nothing of a release is published before its embargo ends, in whatever way it is tried."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Collection, Page

from bhp_site.core.models import SiteSettings, User
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from bhp_site.core.text.dates import UK, format_public_time
from bhp_site.files.models import SiteDocument
from bhp_site.files.publishing_checks import get_collection_refusal
from news.models import NewsPage, Release
from news.release_models import get_release, is_under_embargo
from partners.models import Person
from tests.admin_forms import get_messages
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    ReportPageFactory,
    StandardPageFactory,
    offer,
    pdf_bytes,
)
from tests.files.test_documents import send_file

from .conftest import get_tomorrow, reload
from .test_release import is_anything_live


@pytest.fixture
def embargoed(release: NewsPage) -> Release:
    return Release.objects.create(announcement=release, embargo_until=get_tomorrow())


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(0, 1, "12.01am"), (0, 0, "12am"), (12, 0, "12pm"), (13, 5, "1.05pm"), (9, 30, "9.30am")],
)
def test_the_time_is_in_words(hour: int, minute: int, words: str) -> None:
    moment = datetime.datetime(2026, 3, 12, hour, minute, tzinfo=UK)
    assert format_public_time(moment) == f"Thursday 12 March 2026, {words} (UK time)"


def test_publishing_is_refused_for_everybody(
    embargoed: Release, admin: User, publisher: User
) -> None:
    for user in (admin, publisher, None):
        with pytest.raises(PublishingRefused, match="is under embargo until"):
            embargoed.announcement.get_latest_revision().publish(user=user)
    assert not is_anything_live(embargoed.announcement)


def test_an_earlier_schedule_is_refused_and_a_later_one_is_not(
    embargoed: Release, publisher: User
) -> None:
    news = reload(embargoed.announcement)
    news.go_live_at = get_tomorrow() - datetime.timedelta(hours=1)
    with pytest.raises(PublishingRefused, match="is under embargo until"):
        news.save_revision().publish(user=publisher)
    news.go_live_at = embargoed.embargo_until
    news.save_revision().publish(user=publisher)
    with time_machine.travel(news.go_live_at + datetime.timedelta(seconds=1)):
        assert publish_due() == 1
    assert reload(news).live
    assert Release.objects.get(pk=embargoed.pk).published_at is not None


def test_the_scheduler_waits_for_an_embargo_that_was_moved(
    embargoed: Release, publisher: User
) -> None:
    news = reload(embargoed.announcement)
    news.go_live_at = embargoed.embargo_until
    news.save_revision().publish(user=publisher)
    Release.objects.update(embargo_until=get_tomorrow() + datetime.timedelta(hours=2))
    with time_machine.travel(news.go_live_at + datetime.timedelta(minutes=1)):
        assert publish_due() == 0
    assert not is_anything_live(news)


def test_its_pages_cannot_be_published_by_themselves(
    embargoed: Release, partner_index: Page, home: Page, publisher: User
) -> None:
    news = embargoed.announcement
    partner = PartnerPageFactory(parent=partner_index, live=False, title="New trust")
    news.partners.add(partner)
    news.publish_partners = True
    news.save()
    standard = StandardPageFactory(parent=home, live=False, title="About the trust")
    embargoed.pages.add(standard)
    for page in (news.report, partner, standard):
        assert get_release(page) == embargoed
        assert is_under_embargo(page)
        with pytest.raises(PublishingRefused, match="is under embargo until"):
            page.save_revision().publish(user=publisher)
        assert not reload(page).live


def test_a_live_page_keeps_its_text_until_the_embargo_ends(
    embargoed: Release, home: Page, publisher: User
) -> None:
    page = StandardPageFactory(parent=home, title="About us")
    embargoed.pages.add(page)
    page.title = "About us and the new trust"
    revision = page.save_revision()
    with pytest.raises(PublishingRefused, match="is under embargo until"):
        revision.publish(user=publisher)
    assert reload(page).title == "About us"


def test_what_only_the_latest_draft_names_is_under_embargo_too(
    embargoed: Release, report_index: Page, partner_index: Page, publisher: User
) -> None:
    news = reload(embargoed.announcement)
    report = ReportPageFactory(parent=report_index, live=False)
    partner = PartnerPageFactory(parent=partner_index, live=False)
    news.report, news.publish_partners, news.partners = report, True, [partner]
    news.save_revision()
    assert reload(news).report != report
    for page in (report, partner):
        with pytest.raises(PublishingRefused, match="is under embargo until"):
            page.save_revision().publish(user=publisher)


@pytest.fixture
def secret(embargoed: Release) -> SiteDocument:
    """Return the PDF of the report under embargo."""
    document: SiteDocument = embargoed.announcement.report.visible_downloads[0].document
    return document


def test_no_other_page_makes_a_document_public_before_the_end(
    secret: SiteDocument, news_index: Page, publisher: User
) -> None:
    other = NewsPageFactory(parent=news_index, live=False)
    offer(other, secret)
    with pytest.raises(PublishingRefused, match=r"belongs to .* which is under embargo until"):
        other.save_revision().publish(user=publisher)
    assert not secret.is_public
    Release.objects.update(embargo_until=None)
    reload(other).save_revision().publish(user=publisher)
    assert secret.is_public


def test_a_document_that_is_public_already_stays_usable_but_gets_no_new_version(
    embargoed: Release, secret: SiteDocument, news_index: Page, admin_client: Client
) -> None:
    Release.objects.update(embargo_until=None)
    first = NewsPageFactory(parent=news_index)
    offer(first, secret)
    first.save_revision().publish()
    Release.objects.update(embargo_until=get_tomorrow())
    second = NewsPageFactory(parent=news_index, live=False)
    offer(second, secret)
    second.save_revision().publish()
    assert reload(second).live
    file = SimpleUploadedFile("new.pdf", pdf_bytes("The secret"))
    response = send_file(admin_client, secret, file=file, note="The new figures")
    assert "which is under embargo until" in response.text
    assert reload(secret).version_number == secret.version_number


def test_no_collection_makes_a_document_public_before_the_end(secret: SiteDocument) -> None:
    collection = Collection.get_first_root_node().add_child(name="Public")
    SiteSettings.get_default().public_collections.add(collection)
    assert "under embargo until" in get_collection_refusal([secret], collection)
    secret.collection = collection
    with pytest.raises(ValidationError, match="under embargo until"):
        secret.clean()


def test_a_report_that_is_public_already_is_free(embargoed: Release, publisher: User) -> None:
    report = embargoed.announcement.report
    Release.objects.update(embargo_until=None)
    report.get_latest_revision().publish()
    Release.objects.update(embargo_until=get_tomorrow())
    report = reload(report)
    assert not is_under_embargo(report)
    report.save_revision().publish(user=publisher)


def test_a_person_cannot_be_published_in_the_admin_and_the_draft_is_kept(
    embargoed: Release, admin_client: Client
) -> None:
    person = PersonFactory(name="Jo Lee", live=False)
    person.save_revision()
    embargoed.people.add(person)
    address = f"/admin/snippets/partners/person/edit/{person.pk}/"
    form = {"name": "Jo Lee", "honorific": "", "portrait": "", "biography": "Leads the trust."}
    form |= {"roles-TOTAL_FORMS": "0", "roles-INITIAL_FORMS": "0", "action-publish": "1"}
    response = admin_client.post(address, form, follow=True)
    assert "is under embargo until" in response.text
    stored = Person.objects.get(pk=person.pk)
    assert not stored.live
    assert stored.get_latest_revision_as_object().biography == "Leads the trust."


def test_bulk_publishing_is_refused(embargoed: Release, publisher_client: Client) -> None:
    pk = embargoed.announcement.pk
    address = f"/admin/bulk/wagtailcore/page/publish/?id={pk}"
    response = publisher_client.post(address, {"id": pk}, follow=True)
    assert "is under embargo until" in get_messages(response)
    assert not is_anything_live(embargoed.announcement)


def test_approving_is_refused(embargoed: Release, editor: User, admin_client: Client) -> None:
    news = reload(embargoed.announcement)
    state = news.get_workflow().start(news, editor)
    task = state.current_task_state
    address = f"/admin/pages/workflow/action/{news.pk}/approve/{task.pk}/"
    response = admin_client.post(address, {"next": "/admin/"}, follow=True)
    assert "is under embargo until" in response.text
    assert not is_anything_live(news)


def test_after_its_end_the_release_is_published_as_usual(
    embargoed: Release, publisher: User
) -> None:
    with time_machine.travel(timezone.now() + datetime.timedelta(days=1, minutes=1)):
        embargoed.announcement.get_latest_revision().publish(user=publisher)
    assert is_anything_live(embargoed.announcement)


def test_the_editor_of_each_page_says_that_it_is_under_embargo(
    embargoed: Release, editor_client: Client
) -> None:
    for page in (embargoed.announcement, embargoed.announcement.report):
        text = editor_client.get(f"/admin/pages/{page.pk}/edit/").text
        assert "Under embargo until" in text
        assert f"/admin/releases/{embargoed.pk}/" in text


def test_a_page_in_no_release_is_not_under_embargo(embargoed: Release, home: Any) -> None:
    assert get_release(home) is None
    assert get_release(PersonFactory()) is None
    assert not is_under_embargo(home)
