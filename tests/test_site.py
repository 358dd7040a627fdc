"""What holds for every page type; types are found, not listed."""

import inspect
import re
from pathlib import Path
from typing import Any
from unittest import mock

import html5lib
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import get_page_models

from bhp_site.core.caching import process_cache
from bhp_site.core.pages import BasePage
from bhp_site.server.page_cache.content_encoding import encode_body
from bhp_site.settings import BASE_DIR

from .factories import NewsPageFactory, PartnerPageFactory, ReportPageFactory, factories
from .lint_migrations import list_migrations, read_released
from .pages import get_schema_nodes
from .shared_fixtures import StoredRows

PAGE_TYPES = [model for model in get_page_models() if issubclass(model, BasePage)]
TEMPLATES = sorted(
    path.relative_to(BASE_DIR / "templates") for path in (BASE_DIR / "templates").rglob("*.html")
)
BUDGET = 10
# What takes fewer queries than others, and may take no more.
BUDGETS = {"HomePage": 6, "NewsPage": 7}
# Bytes as a browser gets them.
HTML_BYTES, CSS_BYTES, SCRIPT_BYTES = 8 * 1024, 10 * 1024, 2 * 1024
# What a page asks for that it can do without.
COPY = ["/static/js/copy.js"]
SCRIPTS = dict.fromkeys(("NewsPage", "QuotePage", "ReportPage"), COPY)

every_type = pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)


def page_of(site: StoredRows, model: type) -> Any:
    """Return the page of this type in the small site; fail if there is none."""
    if page := site.get_page(model):
        return page
    pytest.fail(
        f"The small site has no {model.__name__}: add {model.__name__}Factory to "
        "tests/factories.py, and see that one of its parent_page_types is in the site."
    )


def count_queries(client: Client, address: str) -> int:
    """How many an answer takes, once what is kept between answers is there.

    The test's own transaction does not keep values out of the cache of the process.
    """
    with mock.patch.object(process_cache, "is_in_transaction", return_value=False):
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
    return len(captured)


@every_type
def test_it_renders_with_one_heading(site: StoredRows, client: Client, model: type) -> None:
    response = client.get(page_of(site, model).get_url())
    assert response.status_code == 200
    assert len(re.findall(r"<h1[ >]", response.text)) == 1


@every_type
def test_its_html_is_valid(site: StoredRows, client: Client, model: type) -> None:
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(client.get(page_of(site, model).get_url()).text)


@every_type
def test_it_states_its_parents(model: type) -> None:
    assert "parent_page_types" in vars(model)


@every_type
def test_its_parents_accept_it(model: Any) -> None:
    for parent in model.clean_parent_page_models():
        assert model in parent.clean_subpage_models(), (
            f"Add {model._meta.label} to {parent.__name__}.subpage_types in "
            f"{Path(inspect.getfile(parent)).relative_to(BASE_DIR)}"
        )


@every_type
def test_it_has_a_factory(model: type) -> None:
    assert model in factories(), f"Add {model.__name__}Factory to tests/factories.py"


@every_type
def test_it_can_be_previewed(site: StoredRows, model: type) -> None:
    # As the editor has it: rows beside the page come from the draft, not from the database.
    page = page_of(site, model).save_revision().as_object()
    request = RequestFactory().get("/", SERVER_NAME="testserver")
    for mode, _ in page.preview_modes:
        response = page.make_preview_request(original_request=request, preview_mode=mode)
        assert response.status_code == 200
        assert page.title.split(":")[0] in response.text or "hero" in response.text


@every_type
def test_a_new_one_can_be_previewed(site: StoredRows, model: type) -> None:
    if not model.is_creatable:
        pytest.skip("The product makes these by itself.")
    page, parent = model(title="Not yet saved", slug="new"), page_of(site, model).get_parent()
    # As Wagtail's own view for new pages does it.
    page.depth, page.path = parent.depth + 1, f"{parent.path}9999"
    page.set_url_path(parent)
    request = RequestFactory().get("/", SERVER_NAME="testserver")
    response = page.make_preview_request(original_request=request, preview_mode="")
    assert response.status_code == 200


@every_type
def test_it_keeps_its_budget(site: StoredRows, client: Client, model: type) -> None:
    page = page_of(site, model)
    assert count_queries(client, page.get_url()) <= BUDGETS.get(model.__name__, BUDGET)


@every_type
def test_it_is_few_bytes(site: StoredRows, client: Client, model: type) -> None:
    response = client.get(page_of(site, model).get_url())
    assert len(encode_body(response.content, "text/html")["br"]) <= HTML_BYTES
    for kind, most in (("css", CSS_BYTES), ("js", SCRIPT_BYTES)):
        linked = re.findall(rf'/static/([^".]+)(?:\.[0-9a-f]{{12}})?\.{kind}"', response.text)
        sent = [(BASE_DIR / "static" / f"{name}.{kind}").read_bytes() for name in {*linked}]
        assert sum(len(encode_body(body, "text/css")["br"]) for body in sent) <= most
        assert sent or kind == "js"


def test_no_page_costs_more_on_a_larger_site(site: StoredRows, client: Client) -> None:
    addresses = {model: page_of(site, model).get_url() for model in PAGE_TYPES}
    counts = []
    for more in (10, 60):
        parents = {
            NewsPageFactory: site.news_index,
            ReportPageFactory: site.report_index,
            PartnerPageFactory: site.partner_index,
        }
        for factory, parent in parents.items():
            parent.refresh_from_db()
            factory.create_batch(more, parent=parent)
        with connection.cursor() as cursor:
            # As after any while on a real site: without statistics PostgreSQL plans for few pages.
            cursor.execute("ANALYZE")
        cache.clear()
        counts.append(
            {model: count_queries(client, address) for model, address in addresses.items()}
        )
    assert counts[0] == counts[1]


@every_type
def test_it_sets_no_cookie_and_needs_no_script(
    site: StoredRows, client: Client, model: type
) -> None:
    response = client.get(page_of(site, model).get_url())
    assert not response.cookies
    found = re.findall(r"<script(?! type=\"application/ld\+json\")([^>]*)>", response.text)
    paths = SCRIPTS.get(model.__name__, [])
    extra = [f' type="module" src="{path}" blocking="render"' for path in paths]
    assert [re.sub(r"\.[0-9a-f]{12}\.js", ".js", one) for one in found] == extra


@every_type
def test_it_describes_itself_to_machines(site: StoredRows, client: Client, model: type) -> None:
    page = page_of(site, model)
    text = client.get(page.get_url()).text
    assert f'<link rel="canonical" href="http://testserver{page.get_url()}">' in text
    assert '<meta property="og:title"' in text
    assert 'type="application/atom+xml"' in text
    types = {node["@type"] for node in get_schema_nodes(text)}
    assert {"Organization", "BreadcrumbList"} <= types
    assert model.schema_type in types or page == site.home


@every_type
def test_its_editor_opens(site: StoredRows, admin_client: Client, model: type) -> None:
    page = page_of(site, model)
    assert admin_client.get(f"/admin/pages/{page.pk}/edit/").status_code == 200


@every_type
def test_its_form_for_a_new_one_opens(site: StoredRows, admin_client: Client, model: type) -> None:
    page = page_of(site, model)
    parent = page.get_parent()
    address = f"/admin/pages/add/{model._meta.app_label}/{model._meta.model_name}/{parent.pk}/"
    allowed = model.can_create_at(parent.specific)
    expected = 200 if allowed else 302
    assert admin_client.get(address).status_code in (expected, 403 if not allowed else expected)


@every_type
def test_validating_it_asks_for_nothing_that_wagtail_set(site: StoredRows, model: type) -> None:
    page = page_of(site, model)
    with CaptureQueriesContext(connection) as queries:
        page.full_clean()
    asked = {one["sql"].partition('FROM "')[2].partition('"')[0] for one in queries}
    assert not asked & {"wagtailcore_locale", "wagtailcore_revision", "django_content_type"}


@pytest.mark.parametrize("name", TEMPLATES, ids=str)
def test_every_template_compiles(name: Any) -> None:
    assert engines["django"].get_template(str(name))


def get_applied() -> set[tuple[str, str]]:
    """Return the keys of the migrations that the database has."""
    return {*MigrationRecorder(connection).applied_migrations()}


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_new_migrations_can_be_undone_and_done_again(committing_db: None) -> None:
    """Undo those since the last release: so far a site goes back with it."""
    ours, before = list_migrations(MigrationLoader(connection)), get_applied()
    released = {ours[name] for name in ours.keys() & read_released()}
    new, latest = {*ours.values()} - released, dict(sorted(released))
    MigrationExecutor(connection).migrate([(app, latest.get(app)) for app, _ in new])
    assert get_applied() == before - new
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert get_applied() == before


def test_all_our_migrations_can_be_undone() -> None:
    loader = MigrationLoader(None)
    operations = (
        (key, operation)
        for key in list_migrations(loader).values()
        for operation in loader.disk_migrations[key].operations
    )
    assert [key for key, operation in operations if not operation.reversible] == []


# A sample has the two tests above in its place.
@pytest.mark.sampled(0)
@pytest.mark.long
def test_migrations_can_be_undone_and_done_again(committing_db: None) -> None:
    call_command("migrate", "home", "zero", verbosity=0)
    # All of them: those of other apps that follow were undone too.
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import Group

    assert Group.objects.filter(name="Publishers").exists()


@pytest.mark.parametrize("address", ["/nowhere/", "/news/nowhere/", "/documents/nothing.pdf"])
def test_an_address_that_names_nothing_is_404(
    site: StoredRows, client: Client, address: str
) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert len(re.findall(r"<h1[ >]", response.text)) == 1


@pytest.mark.parametrize("address", ["/django-admin/", "/api/v2/pages/", "/api/v3/"])
def test_what_is_not_mounted_is_404(site: StoredRows, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404
