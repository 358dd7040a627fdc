"""What most tests start from: a small site, and people who may do different things in it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from wagtail.models import Page, Site

from bhp_site.core.generation import generation
from bhp_site.core.models import User
from bhp_site.files.reading import PdfFacts, read_pdf
from news.models import NewsPage

from .factories import (
    HomePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerIndexPageFactory,
    PartnerPageFactory,
    PeoplePageFactory,
    PersonFactory,
    PersonPageFactory,
    QuoteIndexPageFactory,
    QuotePageFactory,
    ReportIndexPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    StandardPageFactory,
    ThemeIndexPageFactory,
    ThemePageFactory,
    UserFactory,
    offer,
    with_role,
)

READ: dict[Any, PdfFacts] = {}
DATABASE = {"db", "transactional_db", "committing_db"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database: the rest need not be run on a second one."""
    for item in items:
        asked = not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))
        if asked or item.get_closest_marker("django_db"):
            item.add_marker("database")


@pytest.fixture(autouse=True)
def _no_leftovers() -> None:
    cache.clear()
    generation.advance()


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is read in a process of its own, which takes time: the same bytes are read once."""

    def read(path: Path, **limits: Any) -> PdfFacts:
        key = sha256(path.read_bytes()).hexdigest(), *limits.items()
        if key not in READ:
            READ[key] = read_pdf(path, **limits)
        return READ[key]

    monkeypatch.setattr("bhp_site.files.models.read_pdf", read)


@pytest.fixture
def _kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What migrations have written comes back, once a test that commits is cleaned up after."""
    with django_db_blocker.unblock():
        kept = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(kept)
        # They are known by keys that may have changed.
        ContentType.objects.clear_cache()


@pytest.fixture
def committing_db(_kept: None, transactional_db: None) -> None:
    """The database for a test that commits, so that other processes see what it wrote."""


@pytest.fixture
def home(db: None) -> Page:
    """The home page of the one site, in place of Wagtail's welcome page."""
    root = Page.get_first_root_node()
    root.get_children().delete()
    root = Page.get_first_root_node()
    home = HomePageFactory(parent=root)
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", port=80, root_page=home, is_default_site=True)
    Site.clear_site_root_paths_cache()
    return home


@pytest.fixture
def news_index(home: Page) -> Page:
    return NewsIndexPageFactory(parent=home, slug="news")


@pytest.fixture
def report_index(home: Page) -> Page:
    return ReportIndexPageFactory(parent=home, slug="reports")


@pytest.fixture
def partner_index(home: Page) -> Page:
    return PartnerIndexPageFactory(parent=home, slug="partners")


@pytest.fixture
def site(home: Page, news_index: Page, report_index: Page, partner_index: Page) -> SimpleNamespace:
    """One live page of every type, joined as a release joins them."""
    partner = PartnerPageFactory(parent=partner_index)
    report = ReportPageFactory(parent=report_index)
    offer(report, SiteDocumentFactory(title="The report"))
    report.partners.add(partner)
    report.save()
    news = NewsPageFactory(parent=news_index, report=report)
    news.partners.add(partner)
    news.save()
    quote = QuotePageFactory(parent=news)
    themes = ThemeIndexPageFactory(parent=home, slug="themes")
    theme = ThemePageFactory(parent=themes)
    people = PeoplePageFactory(parent=home, slug="people")
    person = PersonPageFactory(parent=people)
    quotes = QuoteIndexPageFactory(parent=home, slug="quotes")
    standard = StandardPageFactory(parent=home, title="About", slug="about")
    return SimpleNamespace(
        home=home,
        news_index=news_index,
        report_index=report_index,
        partner_index=partner_index,
        partner=partner,
        report=report,
        news=news,
        quote=quote,
        quotes=quotes,
        themes=themes,
        theme=theme,
        people=people,
        person=person,
        standard=standard,
        document=report.downloads.first().document,
    )


@pytest.fixture
def chair(db: None) -> Any:
    """A person who has been chair for long."""
    return with_role(PersonFactory(name="Ada Chair"), "Chair")


@pytest.fixture
def release(news_index: Page, report_index: Page, chair: Any) -> NewsPage:
    """A draft announcement with a quote of two paragraphs, of a draft report with a file."""
    report = ReportPageFactory(parent=report_index, live=False, title="Report of Activity")
    offer(report, SiteDocumentFactory(title="Report of Activity"))
    report.save_revision()
    news = NewsPageFactory(parent=news_index, live=False, title="Report published", report=report)
    news.body = [
        ("paragraph", "<p>The report is out.</p>"),
        ("quote", {"speaker": chair, "words": "First part.\n\nSecond part."}),
    ]
    news.save()
    news.save_revision()
    return NewsPage.objects.get(pk=news.pk)


def _member(group: str) -> User:
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(db: None) -> User:
    return _member("Editors")


@pytest.fixture
def publisher(db: None) -> User:
    return _member("Publishers")


@pytest.fixture
def admin(db: None) -> User:
    return UserFactory(is_superuser=True, is_staff=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def editor_client(editor: User) -> Client:
    return signed_in(editor)


@pytest.fixture
def publisher_client(publisher: User) -> Client:
    return signed_in(publisher)


@pytest.fixture
def admin_client(admin: User) -> Client:
    return signed_in(admin)
