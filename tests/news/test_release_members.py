"""Pages and people that were added to a release are published with its announcement, or none is."""

import datetime
from typing import Any

import pytest
import time_machine
from wagtail.models import Page, PageLogEntry

from bhp_site.core.models import User
from bhp_site.core.publishing.publication import PublishingRefused
from bhp_site.core.publishing.scheduled import publish_due
from news.models import NewsPage, Release
from partners.models import Person
from tests.factories import (
    PeoplePageFactory,
    PersonFactory,
    PersonPageFactory,
    SiteDocumentFactory,
    StandardPageFactory,
    ThemeIndexPageFactory,
    ThemePageFactory,
)

from .conftest import get_tomorrow, reload
from .test_release import is_anything_live


@pytest.fixture
def row(release: NewsPage) -> Release:
    return Release.objects.create(announcement=release)


@pytest.fixture
def members(row: Release, home: Page) -> list[Any]:
    """A person and the person's page, a theme, and a standard page with a page below it."""
    person = PersonFactory(name="Jo Lee", live=False)
    people = PeoplePageFactory(parent=home, slug="our-people")
    themes = ThemeIndexPageFactory(parent=home, slug="our-themes")
    above = StandardPageFactory(parent=home, live=False, title="A new programme")
    pages = [
        StandardPageFactory(parent=above, live=False, title="How to apply"),
        above,
        PersonPageFactory(parent=people, live=False, person=person),
        ThemePageFactory(parent=themes, live=False, title="Ageing"),
    ]
    person.save_revision()
    for page in pages:
        page.save_revision()
    row.pages.set(pages)
    row.people.add(person)
    return [person, *pages]


def test_all_are_published_together(row: Release, members: list[Any], publisher: User) -> None:
    row.announcement.get_latest_revision().publish(user=publisher)
    assert all(reload(member).live for member in members)
    assert Release.objects.get(pk=row.pk).published_at is not None
    entries = PageLogEntry.objects.filter(page=members[1].pk, action="wagtail.publish")
    assert [entry.user for entry in entries] == [publisher]


def test_all_are_published_at_the_scheduled_time(
    row: Release, members: list[Any], admin: User
) -> None:
    news = reload(row.announcement)
    news.go_live_at = get_tomorrow()
    news.save_revision().publish(user=admin)
    assert not any(reload(member).live for member in members)
    with time_machine.travel(news.go_live_at + datetime.timedelta(seconds=1)):
        assert publish_due() == 1
    assert all(reload(member).live for member in members)


def test_one_that_is_locked_stops_all(row: Release, members: list[Any], publisher: User) -> None:
    Page.objects.filter(pk=members[-1].pk).update(locked=True)
    with pytest.raises(PublishingRefused, match="“Ageing” is locked"):
        row.announcement.get_latest_revision().publish(user=publisher)
    assert not is_anything_live(row.announcement)
    assert not any(reload(member).live for member in members)
    assert Release.objects.get(pk=row.pk).published_at is None


def test_a_person_needs_a_publisher_of_people(
    row: Release, members: list[Any], publisher: User
) -> None:
    for group in publisher.groups.all():
        group.permissions.remove(*group.permissions.filter(codename="publish_person"))
    user = User.objects.get(pk=publisher.pk)
    with pytest.raises(PublishingRefused, match="The person “Jo Lee”"):
        row.announcement.get_latest_revision().publish(user=user)
    assert not Person.objects.get(name="Jo Lee").live


def test_changes_of_a_public_page_are_published_with_it(
    row: Release, home: Page, publisher: User
) -> None:
    page = StandardPageFactory(parent=home, title="About us")
    row.pages.add(page)
    page.title = "About us and the new trust"
    page.save_revision()
    row.announcement.get_latest_revision().publish(user=publisher)
    assert reload(page).title == "About us and the new trust"


def test_a_later_correction_publishes_no_further_drafts(
    row: Release, home: Page, publisher: User
) -> None:
    page = StandardPageFactory(parent=home, title="About us")
    row.pages.add(page)
    row.announcement.get_latest_revision().publish(user=publisher)
    page = reload(page)
    page.title = "A draft of next year"
    page.save_revision()
    reload(row.announcement).save_revision().publish(user=publisher)
    assert reload(page).title == "About us"


def test_a_page_whose_documents_are_refused_stops_the_schedule(
    row: Release, home: Page, admin: User
) -> None:
    document = SiteDocumentFactory(title="Scanned", accessibility_reason="")
    page = StandardPageFactory(parent=home, live=False, title="Scans")
    page.body = [{"type": "download", "value": {"document": document.pk}}]
    page.save_revision()
    row.pages.add(page)
    news = reload(row.announcement)
    news.go_live_at = get_tomorrow()
    with pytest.raises(PublishingRefused, match="“Scanned”"):
        news.save_revision().publish(user=admin)
