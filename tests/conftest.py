"""Fixtures of all tests: databases, the small site, and people with different permissions."""

import gc
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, nullcontext
from typing import Any
from unittest import mock
from zlib import crc32

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection
from django.test import Client
from django.utils import timezone
from wagtail.images.models import Filter
from wagtail.models import Page

from bhp_site.core import database_clock
from bhp_site.core.caching import process_cache
from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import User
from bhp_site.core.publishing import second_person
from bhp_site.home.models import HomePage
from bhp_site.tasks import heartbeat
from bhp_site.tasks.heartbeat import get_heartbeat_path, renew_heartbeat
from news.models import NewsIndexPage, NewsPage
from partners.models import PartnerIndexPage, Person
from reports.models import ReportIndexPage

from .conversion_cache import cache_conversions, read_cached_pdf, read_cached_text
from .factories import (
    NewsIndexPageFactory,
    PartnerIndexPageFactory,
    ReportIndexPageFactory,
    UserFactory,
)
from .page_states import HIDDEN
from .schema_cache import cache_schema, lock_schema, start_from_cache
from .shared_fixtures import (
    CHAIR,
    RELEASE,
    SharedDatabases,
    StoredRows,
    create_chair,
    create_release,
    get_database_name,
)
from .smtp_sink import SmtpSink, run_smtp_sink

DATABASE_FIXTURES = {"db", "transactional_db", "committing_db"}
# Of these the tests of a file, or of a folder, share one.
SERVER_FIXTURES = {"folder", "upstream", "server", "unusual_server", "bucket", "sites"}

# Hidden states of a page that a test tries if only a sample is wanted.
STATES_IN_SAMPLE = 3


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--sample`."""
    parser.addoption(
        "--sample",
        action="store_true",
        help="run a fixed sample of large matrices (marked “sampled”), as `make test` does",
    )


def pytest_make_parametrize_id(val: Any) -> str | None:
    """Return an id for `bytes` by their length, None for other values.

    xdist requires the same ids in all processes, but a zip archive contains its time of creation.
    """
    return f"{len(val)} bytes" if isinstance(val, bytes) else None


# Before pytest-xdist's hook, which reads the groups.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests with a database, group those that must share a process, and take a sample.

    The demonstration and a server take long to start, so only one of the processes does it. Tests
    marked “long”, and those of servers, begin before the others.
    """
    if config.getoption("sample"):
        config.hook.pytest_deselected(items=remove_unsampled(items))
    items.sort(key=get_order)
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if not DATABASE_FIXTURES.isdisjoint(fixtures) or item.get_closest_marker("django_db"):
            item.add_marker("database")
        if "demo" in fixtures:
            item.add_marker(pytest.mark.xdist_group("demo"))
        elif not SERVER_FIXTURES.isdisjoint(fixtures):
            item.add_marker(pytest.mark.xdist_group(item.location[0]))


def get_order(item: pytest.Item) -> int:
    """Return the place of `item`: the longest work first, so that no process ends much later."""
    if item.get_closest_marker("long"):
        return 0
    fixtures = getattr(item, "fixturenames", ())
    return 2 if SERVER_FIXTURES.isdisjoint(fixtures) and "demo" not in fixtures else 1


def pytest_collection_finish() -> None:
    """Spare the garbage collector what lives as long as the tests: modules and collected tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def remove_unsampled(items: list[pytest.Item]) -> list[pytest.Item]:
    """Remove from `items` the cases that a sample does without, and return them.

    `@pytest.mark.sampled(n)` on a test keeps n of its cases, evenly spread: always the same ones.
    What is tried in each hidden state (`page_states.HIDDEN`) keeps three of them, others for
    another test. On PostgreSQL, where only their SQL can differ, half as many are kept.
    """
    divisor = 1 if connection.vendor == "sqlite" else 2
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if get_sample_size(item) is not None:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    removed = []
    for name, same_test in cases.items():
        size = math.ceil((get_sample_size(same_test[0]) or 0) / divisor)
        first = 0 if same_test[0].get_closest_marker("sampled") else crc32(name.encode())
        kept = {(first + len(same_test) * n // size) % len(same_test) for n in range(size)}
        removed += [item for number, item in enumerate(same_test) if number not in kept]
    dropped = {*removed}
    items[:] = [item for item in items if item not in dropped]
    return removed


def get_sample_size(item: pytest.Item) -> int | None:
    """Return how many cases of the test of `item` a sample keeps, None if all."""
    if marker := item.get_closest_marker("sampled"):
        return int(marker.args[0])
    callspec = getattr(item, "callspec", None)
    is_state = callspec is not None and callspec.params.get("state") in HIDDEN
    return STATES_IN_SAMPLE if is_state else None


@pytest.fixture(scope="session")
def thin_out(pytestconfig: pytest.Config) -> Callable[..., Any]:
    """Return a function that keeps every nth of the things that a test goes through.

    `thin_out(things, n, start=0)` returns a list of all of them unless a sample is wanted.
    """

    def keep(things: Iterable[Any], n: int, start: int = 0) -> list[Any]:
        return [*things][start::n] if pytestconfig.getoption("sample") else [*things]

    return keep


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Let Django migrate the copied database, if at all, rather than start from an empty one."""
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def schema_lock() -> Iterator[ExitStack]:
    """Hold the lock of the cached schema until closed: one process migrates, the others copy."""
    with ExitStack() as stack:
        stack.enter_context(lock_schema())
        yield stack


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    schema_lock: ExitStack,
    django_db_blocker: Any,
) -> None:
    """Begin with a copy of the migrated database."""
    with django_db_blocker.unblock():
        start_from_cache(connection, settings.DATA_DIR / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, schema_lock: ExitStack, django_db_blocker: Any) -> None:
    """Keep the migrated database for other processes and later runs."""
    with django_db_blocker.unblock():
        cache_schema(connection)
    schema_lock.close()


@pytest.fixture(autouse=True)
def _reset_shared_state() -> None:
    """Clear what a test may leave behind outside the database."""
    cache.clear()
    cache_version.advance()
    heartbeat._recorded_at.clear()
    # No worker runs, although another test may have run one.
    get_heartbeat_path().unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _cached_values(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cache values as after a commit, except in tests marked “uncommitted”.

    The transaction of a test is never committed, and one that has changed something caches nothing.
    """
    if not request.node.get_closest_marker("uncommitted"):
        monkeypatch.setattr(process_cache, "has_uncommitted_changes", lambda: False)


@pytest.fixture(autouse=True)
def _database_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PostgreSQL have the time to which a test travels."""
    monkeypatch.setattr(database_clock, "get_database_time", timezone.now)


@pytest.fixture(autouse=True)
def _second_person(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Switch the rule of the second person off, except in tests marked “second_person”.

    Many tests create several publishers, of whom each stands for the only one of a site.
    """
    if not request.node.get_closest_marker("second_person"):
        monkeypatch.setattr(second_person, "count_publishers", lambda: 1)


@pytest.fixture
def worker_alive() -> None:
    """Pretend that a worker is running, although none is: tasks stay in the queue."""
    renew_heartbeat()


@pytest.fixture
def sink(settings: Any) -> Iterator[SmtpSink]:
    """Return a mail server that keeps what the site sends to it."""
    with run_smtp_sink() as sink:
        settings.EMAIL_BACKEND = "bhp_site.core.mail.AutoSubmittedBackend"
        settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


@pytest.fixture(autouse=True)
def _cache_conversions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read equal PDFs, and convert equal images, only once."""
    monkeypatch.setattr("bhp_site.files.models.read_pdf", read_cached_pdf)
    monkeypatch.setattr("bhp_site.files.page_text.read_text", read_cached_text)
    monkeypatch.setattr(Filter, "run", cache_conversions(Filter.run))


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
def _database_of_test(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Choose the database that the test's other fixtures ask for."""
    names = request.fixturenames
    # A browser's site is a process with a database of its own.
    if DATABASE_FIXTURES.isdisjoint(names) or request.node.get_closest_marker("browser"):
        yield
        return
    databases = request.getfixturevalue("shared_databases")
    is_private = "committing_db" in names
    with django_db_blocker.unblock():
        if is_private:
            databases.use_private_copy()
        else:
            databases.use(get_database_name(names))
    # pytest-django empties the database after the test, but this one is thrown away.
    no_flush = mock.patch.object(flush.Command, "handle", return_value="")
    with no_flush if is_private else nullcontext():
        yield


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
    """Return the index of news, created if the site has none."""
    return NewsIndexPage.objects.first() or NewsIndexPageFactory(parent=home, slug="news")


@pytest.fixture
def report_index(home: Page) -> Page:
    """Return the index of reports, created if the site has none."""
    return ReportIndexPage.objects.first() or ReportIndexPageFactory(parent=home, slug="reports")


@pytest.fixture
def partner_index(home: Page) -> Page:
    """Return the index of partners, created if the site has none."""
    return PartnerIndexPage.objects.first() or PartnerIndexPageFactory(parent=home, slug="partners")


@pytest.fixture
def chair(db: None) -> Any:
    """Return a person who has been chair for years."""
    return Person.objects.filter(name=CHAIR).first() or create_chair()


@pytest.fixture
def release(news_index: Page, report_index: Page, chair: Any) -> NewsPage:
    """Return a draft announcement, with a long quote, of a draft report with a document."""
    stored = NewsPage.objects.filter(title=RELEASE).first()
    return stored or create_release(news_index, report_index, chair)


def create_user_in_group(group: str) -> User:
    """Create a user in the group with this name."""
    user = UserFactory()
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(db: None) -> User:
    """Return a user in the group “Writers”."""
    return create_user_in_group("Writers")


@pytest.fixture
def publisher(db: None) -> User:
    """Return a user in the group “Publishers”."""
    return create_user_in_group("Publishers")


@pytest.fixture
def colleague(db: None) -> User:
    """Return another publisher."""
    return create_user_in_group("Publishers")


@pytest.fixture
def admin(db: None) -> User:
    """Return a superuser."""
    return UserFactory(is_superuser=True, is_staff=True)


def signed_in(user: User) -> Client:
    """Return a test client that is signed in as `user`."""
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
    """Return a client signed in as a user who may open the admin, and nothing in it."""
    guest = UserFactory()
    guest.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return signed_in(guest)
