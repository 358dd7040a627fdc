"""What most tests start from: a small site, and people who may do different things in it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.db import connection
from django.test import Client
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import User
from bhp_site.home.models import HomePage
from bhp_site.pdf.facts import PdfFacts
from bhp_site.pdf.reader import read_pdf
from bhp_site.tasks.heartbeat import worker_heartbeat
from news.models import NewsIndexPage, NewsPage
from partners.models import PartnerIndexPage
from reports.models import ReportIndexPage

from .factories import (
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerIndexPageFactory,
    PersonFactory,
    ReportIndexPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    UserFactory,
    offer,
    with_role,
)
from .schema_cache import cache_schema, copy_schema
from .shared_fixtures import SharedDatabases, StoredRows, get_database_name

READ: dict[Any, PdfFacts] = {}
DATABASE_FIXTURES = {"db", "transactional_db", "committing_db"}


def pytest_make_parametrize_id(val: Any) -> str | None:
    """Files are named by their length: the processes must give a test the same name.

    A zip holds the second it was made in, and each process makes its own: xdist then refuses all.
    """
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


# Before pytest-xdist's hook, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests with a database, and group those that must share a process.

    The demonstration and a server take long to start, so only one of the processes does it.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not DATABASE_FIXTURES.isdisjoint(fixtures) or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "demo" in fixtures:
            item.add_marker(pytest.mark.xdist_group("demo"))
        elif "folder" in fixtures:
            item.add_marker(pytest.mark.xdist_group(item.location[0]))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django migrate the copied database, if at all, rather than start from an empty one."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of the migrated database."""
    if connection.vendor == "sqlite":
        name = settings.DATA_DIR / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        copy_schema(name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Keep the migrated database for the next run."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            cache_schema(Path(connection.settings_dict["NAME"]))


@pytest.fixture(autouse=True)
def _no_leftovers() -> None:
    cache.clear()
    cache_version.advance()
    # A worker that another test ran will do nothing for this one.
    worker_heartbeat.path.unlink(missing_ok=True)


@pytest.fixture
def worker_alive() -> None:
    """A worker that shows a sign of life, but runs nothing: tasks stay in the queue."""
    worker_heartbeat.renew()


@pytest.fixture(autouse=True)
def _read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF is read in a process of its own, which takes time: the same bytes are read once."""

    def read(path: Path, **limits: Any) -> PdfFacts:
        key = sha256(path.read_bytes()).hexdigest(), *limits.items()
        if key not in READ:
            READ[key] = read_pdf(path, **limits)
        return READ[key]

    monkeypatch.setattr("bhp_site.files.models.read_pdf", read)


@pytest.fixture(scope="session")
def shared_databases(django_db_setup: None, django_db_blocker: Any) -> Iterator[SharedDatabases]:
    """Return the databases that tests share; they are removed after the last test."""
    with django_db_blocker.unblock():
        databases = SharedDatabases()
    yield databases
    with django_db_blocker.unblock():
        databases.destroy()


# Fixtures of a wider scope come before pytest-django's, which open the test's transaction. The
# scope "class" means "once a test" for tests outside classes, and all of ours are.
@pytest.fixture(scope="class", autouse=True)
def _database_of_test(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """Choose the database that the test's other fixtures ask for."""
    names = request.fixturenames
    # A browser's site is a process with a database of its own.
    if DATABASE_FIXTURES.isdisjoint(names) or request.node.get_closest_marker("browser"):
        return
    databases = request.getfixturevalue("shared_databases")
    with django_db_blocker.unblock():
        if "committing_db" in names:
            databases.use_private_copy()
        else:
            databases.use(get_database_name(names))


@pytest.fixture
def committing_db(transactional_db: None) -> None:
    """Provide a database for a test that commits, so that other connections see what it wrote."""


@pytest.fixture
def site(shared_databases: SharedDatabases, db: None) -> StoredRows:
    """Return one live page of every type, related as a release relates them."""
    return shared_databases.get_rows("site")


@pytest.fixture
def demo(db: None) -> None:
    """Provide the demonstration content."""


@pytest.fixture
def home(db: None) -> Page:
    """Return the home page of the one site."""
    return HomePage.objects.get()


@pytest.fixture
def news_index(home: Page) -> Page:
    there = NewsIndexPage.objects.first()
    return there or NewsIndexPageFactory(parent=home, slug="news")


@pytest.fixture
def report_index(home: Page) -> Page:
    there = ReportIndexPage.objects.first()
    return there or ReportIndexPageFactory(parent=home, slug="reports")


@pytest.fixture
def partner_index(home: Page) -> Page:
    there = PartnerIndexPage.objects.first()
    return there or PartnerIndexPageFactory(parent=home, slug="partners")


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


@pytest.fixture
def guest_client(db: None) -> Client:
    """Of somebody who may open the admin, and nothing in it."""
    guest = UserFactory()
    guest.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return signed_in(guest)
