"""What many tests begin with, built once: it stands in a transaction around each of them.

A test's own transaction is then a savepoint, after which all is again as it was built. Tests that
begin with the same run one after the other: see `conftest.pytest_collection_modifyitems`.
"""

import io
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page, Site, get_page_models

from bhp_site.core.pages import BasePage

from .factories import (
    AccessibilityStatementPageFactory,
    HomePageFactory,
    NewsIndexPageFactory,
    NewsPageFactory,
    PartnerIndexPageFactory,
    PartnerPageFactory,
    PeoplePageFactory,
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
)


def build_home() -> SimpleNamespace:
    """The home page of the one site, in place of Wagtail's welcome page."""
    root = Page.get_first_root_node()
    root.get_children().delete()
    home = HomePageFactory(parent=Page.get_first_root_node())
    Site.objects.all().delete()
    Site.objects.create(hostname="testserver", port=80, root_page=home, is_default_site=True)
    Site.clear_site_root_paths_cache()
    return SimpleNamespace(home=home)


def build_site() -> SimpleNamespace:
    """One live page of every type, joined as a release joins them."""
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
    """Add a page of every type that `site` lacks, made by its factory below the first parent.

    A type that needs no special place in the site is tested without being named here.
    """
    made = factories()
    present = {type(thing): thing for thing in vars(site).values()}
    for model in get_page_models():
        # What lacks a factory or a parent is named by a test of its own in `test_site.py`.
        if issubclass(model, BasePage) and model not in present and model in made:
            parents = (present.get(parent) for parent in model.clean_parent_page_models())
            if parent := next(filter(None, parents), None):
                page = present[model] = made[model](parent=parent)
                setattr(site, model._meta.model_name, page)


def build_demo() -> SimpleNamespace:
    """The demonstration."""
    call_command("demo", stdout=io.StringIO())
    return SimpleNamespace()


# By the name of the fixture that a test asks for; who asks for two begins with the first.
BUILDERS: dict[str, Callable[[], SimpleNamespace]] = {
    "demo": build_demo,
    "site": build_site,
    "home": build_home,
}


def beginning(fixtures: Iterable[str]) -> str:
    """Which of these a test with these `fixtures` begins with; "" for none."""
    return next((name for name in BUILDERS if name in fixtures), "")


class StoredRows(SimpleNamespace):
    """Rows by name, each read from the database when a test first names it."""

    def __init__(self, rows: dict[str, tuple[type[Any], int]]) -> None:
        super().__init__(_rows=rows)

    def __getattr__(self, name: str) -> Any:
        if name not in self._rows:
            raise AttributeError(name)
        model, pk = self._rows[name]
        row = model._default_manager.get(pk=pk)
        setattr(self, name, row)
        return row

    def get_page(self, page_type: type) -> Any:
        """Return the page of exactly this type, None if there is none."""
        names = (name for name, (model, _) in self._rows.items() if model is page_type)
        name = next(names, None)
        return getattr(self, name) if name else None


class Standing:
    """At most one of them at a time, and the transaction in which it stands."""

    name = ""

    def change(self, name: str) -> None:
        if name == self.name:
            return
        if self.name:
            transaction.set_rollback(True)
            self.around.__exit__(None, None, None)
        self.name = name
        if name:
            self.around = transaction.atomic()
            # As Django has it around a test: a transaction within may be asked to be the outermost.
            self.around._from_testcase = True  # type: ignore[attr-defined]
            self.around.__enter__()
            self.rows = {key: (type(row), row.pk) for key, row in vars(BUILDERS[name]()).items()}

    def fresh(self) -> StoredRows:
        """Return what stands, unread: no test sees what another did to an object."""
        return StoredRows(self.rows)
