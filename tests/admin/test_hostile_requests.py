"""No address of the admin answers 500, whatever ids and fields are sent to it."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail.admin.models import EditingSession
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.models import Collection, Site, Task, Workflow
from wagtail.test.utils.form_data import querydict_from_html

from bhp_site.core.models import User
from partners.models import Person
from reports.series import ReportSeries

from ..conftest import signed_in
from ..factories import PersonFactory, PersonPageFactory, SiteImageFactory

HUGE_NUMBER = 10**30
# What a query or a form may hold that no screen ever sends.
NUMBERS = "id p page page_id parent_page_id child_of collection_id document user revision_id"
WORDS = "ordering sort layout format date section content_type page_type tag status parent"
TEXTS = "title q name url external-link-chooser-url text slug body reason words next"
NONSENSE = {
    **dict.fromkeys(NUMBERS.split(), "x"),
    **dict.fromkeys(WORDS.split(), str(HUGE_NUMBER)),
    **dict.fromkeys(TEXTS.split(), "x\0y\ud800".encode("utf-8", "replace").decode()),
}
QUERY = "&".join(f"{name}={value}" for name, value in NONSENSE.items() if "\0" not in value)
PART = re.compile(r"<(?:(\w+):)?(\w+)>")
# What is left of a regular expression once its groups are filled in.
GROUP, SIGNS = re.compile(r"\(\?P.*?\)|\(.*?\)"), re.compile(r"[\^$\\]")


def iter_routes(of: Any, before: str = "") -> Iterator[str]:
    """Yield the route of each address below `of`."""
    for one in of.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from iter_routes(one, route)
        elif isinstance(one, URLPattern):
            yield route


def fill(route: str, values: dict[str, Any]) -> str:
    """Return a `route` with a value for each of its parts; none that exists where `values` fail."""

    def replace(part: re.Match[str]) -> str:
        return str(values.get(part[2], HUGE_NUMBER if part[1] == "int" else "x"))

    return SIGNS.sub("", GROUP.sub("x", PART.sub(replace, route)))


def list_admin_addresses(known: dict[str, Any]) -> list[str]:
    """Return every address of the admin, with what is `known` in the place of its parts."""
    admin = [
        one
        for one in get_resolver().url_patterns
        if isinstance(one, URLResolver) and str(one.pattern) == "admin/"
    ]
    found = {f"/admin/{fill(route, known)}" for route in iter_routes(admin[0])}
    bulk_action_registry._scan_for_bulk_actions()
    for app, models in bulk_action_registry.actions.items():
        for model, actions in models.items():
            found |= {f"/admin/bulk/{app}/{model}/{action}/" for action in actions}
    return sorted(found)


@contextmanager
def record_errors() -> Iterator[list[str]]:
    raised: list[str] = []

    def note(**kwargs: Any) -> None:
        raised.append(repr(sys.exc_info()[1])[:200])

    got_request_exception.connect(note)
    try:
        yield raised
    finally:
        got_request_exception.disconnect(note)


def find_errors(asks: dict[str, Callable[[], Any]]) -> dict[str, str]:
    """Return what each of the requests failed with; nothing that they change stays."""
    found: dict[str, str] = {}
    with record_errors() as raised:
        for name, ask in asks.items():
            with transaction.atomic():
                if ask().status_code >= 500:
                    found[name] = raised[-1] if raised else ""
                transaction.set_rollback(True)
    return found


def make_tolerant_client(user: User) -> Client:
    """Return a client of `user` that answers 500 where a real one would."""
    client = signed_in(user)
    client.raise_request_exception = False
    return client


@pytest.fixture
def known(site: SimpleNamespace) -> dict[str, Any]:
    """What there is, by the names that parts of addresses have."""
    revision = site.news.save_revision()
    person = PersonFactory()
    workflow, task = Workflow.objects.first(), Task.objects.first()
    assert workflow
    assert task
    ReportSeries.objects.create(name="Series", slug="series")
    return {
        **dict.fromkeys(("page_id", "page_to_move_id"), site.news.pk),
        **dict.fromkeys(("parent_page_id", "destination_id"), site.news_index.pk),
        **dict.fromkeys(("document_id", "doc_id"), site.document.pk),
        "content_type_app_name": "news",
        "content_type_model_name": "newspage",
        "app_label": "partners",
        "model_name": "person",
        "action": "delete",
        "pk": person.pk,
        "object_id": person.pk,
        "app_name": "core",
        "workflow_id": workflow.pk,
        "task_id": task.pk,
        "revision_id": revision.pk,
        "image_id": SiteImageFactory().pk,
        "collection_id": Collection.get_first_root_node().pk,
        "site_pk": Site.objects.get().pk,
    }


def test_no_address_of_the_admin_fails(
    known: dict[str, Any], admin: User, thin_out: Callable[..., Any]
) -> None:
    client = make_tolerant_client(admin)
    there = {*list_admin_addresses(known)}
    assert len(there) > 300
    asks: dict[str, Callable[[], Any]] = {}
    for address in sorted(there | {*list_admin_addresses({})}):
        asks[f"GET {address}?…"] = lambda at=address: client.get(f"{at}?{QUERY}")
        asks[f"POST {address}?…"] = lambda at=address: client.post(f"{at}?id=x", NONSENSE)
        if address in there:
            asks[f"POST {address}"] = lambda at=address: client.post(at)
    assert find_errors(dict(thin_out(asks.items(), 8))) == {}


def test_no_address_of_the_admin_fails_for_an_editor(
    known: dict[str, Any], editor: User, thin_out: Callable[..., Any]
) -> None:
    client = make_tolerant_client(editor)
    asks: dict[str, Callable[[], Any]] = {}
    for address in list_admin_addresses(known):
        asks[f"POST {address}?…"] = lambda at=address: client.post(f"{at}?id=x", NONSENSE)
    assert find_errors(dict(thin_out(asks.items(), 8))) == {}


def iter_hostile_forms(client: Client, address: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the form at `address` as somebody may send it who has tampered with its fields."""
    soup = client.get(address).text
    forms = [one for one in re.findall(r'<form[^>]*\bid="([^"]+)"', soup) if "search" not in one]
    sent: dict[str, Any] = {}
    for form in forms or [None]:
        try:
            sent |= querydict_from_html(soup, form_id=form).dict()
        except ValueError:
            continue
    counts = {key: value for key, value in sent.items() if key.endswith("_FORMS")}
    for value in (
        "x",
        str(HUGE_NUMBER),
        "-1",
        "a\0b",
        "\ud800".encode("utf-8", "replace").decode(),
        "[]",
    ):
        yield value, dict.fromkeys(sent, value) | counts
    for name in ("body", "highlights", "story"):
        block = {f"{name}-count": "1", f"{name}-0-deleted": "", f"{name}-0-order": "0"}
        for kind in ("download", "figure", "chosen_quote", "quote", "nonsense"):
            row = {f"{name}-0-{part}": "x" for part in ("value", "value-document", "value-speaker")}
            image = {
                f"{name}-0-value-image-image": "x",
                f"{name}-0-value-portrait": str(HUGE_NUMBER),
            }
            yield kind, sent | block | row | image | {f"{name}-0-type": kind, f"{name}-0-id": ""}


def test_no_form_of_the_admin_fails(
    site: SimpleNamespace, known: dict[str, Any], admin: User, thin_out: Callable[..., Any]
) -> None:
    client = make_tolerant_client(admin)
    pages = ("news", "report", "standard", "partner", "person", "statement")
    addresses = [reverse("wagtailadmin_pages:edit", args=[getattr(site, n).pk]) for n in pages]
    addresses += [
        reverse("wagtailsnippets_partners_person:edit", args=[known["pk"]]),
        reverse("wagtaildocs:edit", args=[site.document.pk]),
        reverse("wagtailimages:edit", args=[known["image_id"]]),
        reverse("wagtailsettings:edit", args=["core", "sitesettings", known["site_pk"]]),
        reverse("accessible-copies:add"),
        reverse("old-addresses:add"),
    ]
    asks: dict[str, Callable[[], Any]] = {}
    for address in addresses:
        for number, (name, form) in enumerate(iter_hostile_forms(client, address)):
            asks[f"{address} {number} {name!r}"] = lambda at=address, form=form: client.post(
                at, form
            )
    # There are 21 requests for each form, so a sample has other ones of each.
    assert find_errors(dict(thin_out(asks.items(), 8))) == {}


def test_a_ping_of_an_editing_session_never_fails(known: dict[str, Any], admin: User) -> None:
    person, other = Person.objects.get(pk=known["pk"]), User.objects.create_user("b@example.org")
    client, found = make_tolerant_client(admin), {}
    for session in (1, HUGE_NUMBER):
        for key in (person.pk, "x", HUGE_NUMBER):
            address = f"/admin/editing-sessions/ping/partners/person/{key}/{session}/"
            for data in (
                {},
                {"revision_id": "x"},
                {"is_editing": "x"},
                {"revision_id": HUGE_NUMBER},
            ):
                EditingSession.objects.create(
                    user=other,
                    content_object=person,
                    last_seen_at="2100-01-01T00:00:00Z",
                    is_editing=True,
                )
                found[f"{address} {data}"] = lambda at=address, data=data: client.post(at, data)
    assert find_errors(found) == {}


def test_a_deletion_that_the_database_refuses_says_why(
    site: SimpleNamespace, admin_client: Client
) -> None:
    person = PersonFactory(name="Ada Lovelace")
    PersonPageFactory(parent=site.people, title="Ada Lovelace", person=person)
    address = reverse("wagtail_bulk_action", args=["partners", "person", "delete"])
    response = admin_client.post(f"{address}?id={person.pk}")
    assert response.status_code == 302
    assert Person.objects.filter(pk=person.pk).exists()


def test_an_external_link_without_an_address_is_asked_for_again(admin_client: Client) -> None:
    address = reverse("wagtailadmin_choose_page_external_link")
    for data in ({}, {"external-link-chooser-url": ""}, {"external-link-chooser-url": " "}):
        answer = admin_client.post(address, data)
        assert answer.json()["step"] == "external_link"
        assert "This field is required" in answer.json()["html"]
    good = {"external-link-chooser-url": "https://example.org/"}
    assert admin_client.post(address, good).json()["step"] == "external_link_chosen"


def test_the_chooser_of_people_makes_somebody_new_with_a_role(editor_client: Client) -> None:
    address = reverse("wagtailsnippetchoosers_partners_person:create")
    for data in ({}, {"name": ""}, {"name": "Jo", "since": "1 May 2020"}, {"name": "\0"}):
        answer = editor_client.post(address, data)
        assert answer.json()["step"] == "reshow_creation_form", data
    data = {"name": "Jo Lee", "honorific": "Dr", "role": "Chair", "since": "2020-05-01"}
    answer = editor_client.post(address, data)
    assert answer.json()["result"]["string"] == "Dr Jo Lee"
    person = Person.objects.get()
    assert [str(role) for role in person.roles.all()] == ["Chair, BHP"]
    chooser = editor_client.get(reverse("wagtailsnippetchoosers_partners_person:choose"))
    assert "New person" in chooser.json()["html"]


def test_the_chooser_of_series_makes_a_new_one(admin_client: Client, guest_client: Client) -> None:
    address = reverse("wagtailsnippetchoosers_reports_reportseries:create")
    assert admin_client.post(address).json()["step"] == "reshow_creation_form"
    data = {"name": "Reports of activity", "slug": "activity"}
    assert admin_client.post(address, data).json()["result"]["string"] == "Reports of activity"
    assert admin_client.post(address, data).json()["step"] == "reshow_creation_form"
    assert guest_client.post(address, data | {"slug": "b"}).status_code in (302, 403)
    assert ReportSeries.objects.count() == 1
