"""Test databases that many tests share: each is built once and then only read or rolled back.

A test that asks for the fixture `home`, `site` or `demo` runs against a database that already holds
it, in a transaction of its own, as with pytest-django's `db`. The databases are clones of the
migrated test database, made as Django's parallel test runner makes them.
"""

import copy
import io
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from wagtail.models import Page, Site, get_page_models

from bhp_site.core.pages import BasePage
from news.models import NewsPage
from partners.models import Person

from .factories import (
    AccessibilityStatementPageFactory,
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
    factories,
    offer,
    with_role,
)
from .prepared_sites import DEMO, copy_site, is_built

CHAIR, RELEASE = "Ada Chair", "Report published"


def build_home() -> SimpleNamespace:
    """Replace Wagtail's welcome page and site by a home page and its site; return the page."""
    root = Page.get_first_root_node()
    root.get_children().delete()
    home = HomePageFactory(parent=Page.get_first_root_node())
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", port=80, root_page=home, is_default_site=True)
    Site.clear_site_root_paths_cache()
    return SimpleNamespace(home=home)


def build_site() -> SimpleNamespace:
    """Create one live page of every type, related as a release relates them; return them."""
    home = build_home().home
    news_index = NewsIndexPageFactory(parent=home, slug="news")
    report_index = ReportIndexPageFactory(parent=home, slug="reports")
    partner_index = PartnerIndexPageFactory(parent=home, slug="partners")
    partner = PartnerPageFactory(parent=partner_index)
    report = ReportPageFactory(parent=report_index)
    document = SiteDocumentFactory(title="The report")
    offer(report, document)
    report.partners.add(partner)
    report.save()
    news = NewsPageFactory(parent=news_index, report=report)
    news.partners.add(partner)
    news.save()
    themes = ThemeIndexPageFactory(parent=home, slug="themes")
    people = PeoplePageFactory(parent=home, slug="people")
    site = SimpleNamespace(
        home=home,
        news_index=news_index,
        report_index=report_index,
        partner_index=partner_index,
        partner=partner,
        report=report,
        news=news,
        quote=QuotePageFactory(parent=news),
        themes=themes,
        theme=ThemePageFactory(parent=themes),
        people=people,
        person=PersonPageFactory(parent=people),
        quotes=QuoteIndexPageFactory(parent=home, slug="quotes"),
        standard=StandardPageFactory(parent=home, title="About", slug="about"),
        statement=AccessibilityStatementPageFactory(parent=home, slug="accessibility"),
        document=document,
    )
    add_other_types(site)
    return site


def add_other_types(site: SimpleNamespace) -> None:
    """Add a page of every type that `site` lacks, created by its factory below a possible parent.

    A new page type is so tested without being named here.
    """
    page_factories = factories()
    present = {type(row): row for row in vars(site).values()}
    for model in get_page_models():
        # A test in `test_site.py` reports page types without a factory or a parent.
        if issubclass(model, BasePage) and model not in present and model in page_factories:
            parents = (present.get(parent) for parent in model.clean_parent_page_models())
            if parent := next(filter(None, parents), None):
                page = present[model] = page_factories[model](parent=parent)
                setattr(site, model._meta.model_name, page)


def create_chair() -> Person:
    """Create a person who has been chair for years."""
    return with_role(PersonFactory(name=CHAIR), "Chair")


def create_release(news_index: Page, report_index: Page, chair: Person) -> NewsPage:
    """Create a draft announcement, with a long quote, of a draft report with a document."""
    report = ReportPageFactory(parent=report_index, live=False, title="Report of Activity")
    offer(report, SiteDocumentFactory(title="Report of Activity"))
    report.save_revision()
    news = NewsPageFactory(parent=news_index, live=False, title=RELEASE, report=report)
    news.body = [
        ("paragraph", "<p>The report is out.</p>"),
        ("quote", {"speaker": chair, "words": "First part.\n\nSecond part."}),
    ]
    news.save()
    news.save_revision()
    return NewsPage.objects.get(pk=news.pk)


def build_indexes() -> SimpleNamespace:
    """Create a home page with the indexes of news and of reports, and return them."""
    home = build_home().home
    return SimpleNamespace(
        home=home,
        news_index=NewsIndexPageFactory(parent=home, slug="news"),
        report_index=ReportIndexPageFactory(parent=home, slug="reports"),
    )


def build_release() -> SimpleNamespace:
    """Create a home page, its indexes and a release, and return them."""
    rows = build_indexes()
    rows.release = create_release(rows.news_index, rows.report_index, create_chair())
    return rows


def copy_demo(database: Path) -> None:
    """Copy the prepared demonstration: its database to `database`, and its documents and images."""
    with tempfile.TemporaryDirectory() as folder:
        copy_site(DEMO, Path(folder))
        shutil.copyfile(Path(folder) / "site.sqlite3", database)
        shutil.copytree(Path(folder) / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)


def build_demo() -> SimpleNamespace:
    """Load the demonstration content; no rows are returned."""
    call_command("demo", stdout=io.StringIO())
    return SimpleNamespace()


# Database → what fills it. A test gets the first whose fixture it asks for, which contains what
# those after it contain; a release is created in the small site where a test asks for both.
BUILDERS: dict[str, Callable[[], SimpleNamespace]] = {
    "demo": build_demo,
    "site": build_site,
    "release": build_release,
    "indexes": build_indexes,
    "home": build_home,
}
FIXTURES = {"news_index": "indexes", "report_index": "indexes"}
# The clone for one test that commits.
PRIVATE = "private"


def get_database_name(fixture_names: Iterable[str]) -> str:
    """Return the shared database of a test with these fixtures, "" for the migrated one."""
    wanted = {FIXTURES.get(name, name) for name in fixture_names}
    return next((name for name in BUILDERS if name in wanted), "")


class StoredRows(SimpleNamespace):
    """Rows by name, each read from the database when a test first uses it.

    No test sees what another has done to a model instance.
    """

    def __init__(self, keys: dict[str, tuple[type[Any], int]], values: dict[str, Any]) -> None:
        """Hold the rows with these names, given as model and primary key, and copies of `values`.

        The values are what a builder returned beside rows, such as keys.
        """
        super().__init__(_keys=keys, **copy.deepcopy(values))

    def __getattr__(self, name: str) -> Any:
        if name not in self._keys:
            raise AttributeError(name)
        model, pk = self._keys[name]
        row = model._default_manager.get(pk=pk)
        setattr(self, name, row)
        return row

    def get_page(self, page_type: type) -> Any:
        """Return the page of exactly this type, None if there is none."""
        names = (name for name, (model, _) in self._keys.items() if model is page_type)
        name = next(names, None)
        return getattr(self, name) if name else None


class SharedDatabases:
    """The databases of one test process; the default connection uses one of them at a time."""

    def __init__(self) -> None:
        """Begin with the migrated test database, to which the connection points now."""
        self.names = {"": connection.settings_dict["NAME"]}
        self.keys: dict[str, dict[str, tuple[type[Any], int]]] = {}
        self.values: dict[str, dict[str, Any]] = {}
        # Opening a SQLite database reads its whole schema: those that are not in use stay open.
        self.open_connections: dict[str, Any] = {}

    def use(self, name: str) -> None:
        """Let the connection use the database `name`, which is built if it does not exist yet."""
        if name not in self.names:
            self._build(name)
        self._connect(name)

    def _build(self, name: str) -> None:
        self._clone(name)
        if name == "demo" and connection.vendor == "sqlite" and is_built(DEMO):
            connection.close()
            copy_demo(Path(self.names[name]))
            self.keys[name] = self.values[name] = {}
        else:
            # As in a test, whose transaction ends without a commit, nothing happens after it.
            with transaction.atomic(), mock.patch("django.db.transaction.on_commit"):
                rows = vars(BUILDERS[name]())
            stored = {key: row for key, row in rows.items() if isinstance(row, Model)}
            self.keys[name] = {key: (type(row), row.pk) for key, row in stored.items()}
            self.values[name] = {key: rows[key] for key in rows if key not in stored}

    def use_private_copy(self) -> None:
        """Let the connection use a new copy of the migrated database, for a test that commits."""
        self._clone(PRIVATE)

    def get_rows(self, name: str) -> StoredRows:
        """Return the rows that the builder of the database `name` returned, not yet read."""
        return StoredRows(self.keys[name], self.values[name])

    def destroy(self) -> None:
        """Remove all clones."""
        self._connect("")
        for opened in filter(None, self.open_connections.values()):
            opened.close()
        for name in filter(None, self.names):
            connection.creation.destroy_test_db(suffix=name, verbosity=0)

    def _clone(self, name: str) -> None:
        """Copy the migrated database, over an earlier copy of this name, and use the copy."""
        self._connect("")
        # PostgreSQL copies no database in use, and SQLite writes its log into the file.
        connection.close()
        connection.creation.clone_test_db(suffix=name, verbosity=0)
        self.names[name] = connection.creation.get_test_db_clone_settings(name)["NAME"]
        self._connect(name)

    def _connect(self, name: str) -> None:
        current, wanted = connection.settings_dict["NAME"], self.names[name]
        if current == wanted:
            return
        # Another copy takes the place of the private one, and PostgreSQL copies none in use.
        if connection.vendor != "sqlite" or current == self.names.get(PRIVATE):
            connection.close()
        self.open_connections[current] = connection.connection
        connection.connection = self.open_connections.pop(wanted, None)
        connection.settings_dict["NAME"] = wanted
