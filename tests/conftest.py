"""What most tests start from: a small site, and people who may do different things in it."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from wagtail.models import Page

from bhp_site.core.generation import generation
from bhp_site.core.models import User
from bhp_site.files.reading import PdfFacts, read_pdf
from bhp_site.home.models import HomePage
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
from .shared_fixtures import BUILDERS, Standing, StoredRows, beginning

READ: dict[Any, PdfFacts] = {}
DATABASE = {"db", "transactional_db", "committing_db"}


def pytest_make_parametrize_id(val: Any) -> str | None:
    """Files are named by their length: the processes must give a test the same name.

    A zip holds the second it was made in, and each process makes its own: xdist then refuses all.
    """
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


# Before pytest-xdist's own, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks a database: the rest need not be run on a second one.

    Tests that begin with the same follow one another, so that it is built once for all of them;
    what takes long to build, the demonstration or a server, in one of the processes alone.
    """
    order = [*BUILDERS, ""]
    items.sort(key=lambda item: order.index(beginning(getattr(item, "fixturenames", ()))))
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not DATABASE.isdisjoint(fixtures) or item.get_closest_marker("django_db"):
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
    generation.advance()
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


@pytest.fixture
def _kept(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What migrations have written comes back, once a test that commits is cleaned up after."""
    with django_db_blocker.unblock():
        kept = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(kept)
        # Rows come back with their keys: the next key must not be one of them.
        resets = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
        with connection.cursor() as cursor:
            for reset in resets:
                cursor.execute(reset)
        # They are known by keys that may have changed.
        ContentType.objects.clear_cache()


@pytest.fixture
def committing_db(_kept: None, transactional_db: None) -> None:
    """The database for a test that commits, so that other processes see what it wrote."""


@pytest.fixture(scope="session")
def standing(django_db_setup: None, django_db_blocker: Any) -> Iterator[Standing]:
    standing = Standing()
    yield standing
    with django_db_blocker.unblock():
        standing.change("")


# For a test outside a class this means: once for each, before all that has a function's scope.
@pytest.fixture(scope="class", autouse=True)
def _stands(request: pytest.FixtureRequest, django_db_blocker: Any) -> None:
    """What the test begins with stands before its own transaction opens, and nothing else."""
    if request.node.get_closest_marker("browser"):
        # Its site is a process of its own.
        return
    # A test without a database may have a site of another kind.
    if not DATABASE.isdisjoint(request.fixturenames):
        standing = request.getfixturevalue("standing")
        with django_db_blocker.unblock():
            standing.change(beginning(request.fixturenames))


@pytest.fixture
def site(standing: Standing, db: None) -> StoredRows:
    """One live page of every type, joined as a release joins them."""
    return standing.fresh()


@pytest.fixture
def demo(standing: Standing, db: None) -> None:
    """The demonstration."""


@pytest.fixture
def home(standing: Standing, db: None) -> Page:
    """The home page of the one site."""
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
