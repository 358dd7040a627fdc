"""Who gets what at each address of the admin: `expected.txt` has the answers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from bhp_site.core.roles import ROLES

from ..factories import UserFactory
from ..roles import ACTIONS, allow_in_collection, allow_on_page, give_role, make_member
from ..shared_fixtures import StoredRows
from .addresses import get_address, list_routes, request
from .objects import MARKER

TABLE = Path(__file__).parent / "expected.txt"
METHODS = ("GET", "POST")
# Columns of the table: who asks, and for whose object.
COLUMNS = (
    "visitor",
    "guest",
    "analyst",
    "member: foreign",
    "member: own",
    "section: foreign",
    "section: own",
    "writer",
    "publisher",
    "administrator",
)
# Who must never read the title of a foreign object.
OUTSIDERS = {"visitor", "guest", "analyst", "member: foreign", "section: foreign"}
# Of a sample, each column has other addresses.
SAMPLE_STEP = 60

# Route → letters of GET and of POST, one for each column.
Table = dict[str, list[str]]


def read_table() -> Table:
    """Return the expected letters for each route."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    rows = [line.rsplit(maxsplit=2) for line in lines if line and not line.startswith("#")]
    return {row[0].removeprefix("/"): row[1:] for row in rows}


def make_client(column: str, areas: StoredRows) -> Client:
    """Return a client that is signed in as the user of a column, and answers 500 for an error."""
    client = Client()
    client.raise_request_exception = False
    if column == "visitor":
        return client
    if column == "guest":
        user = make_member(column)
    elif column.startswith("member"):
        user = areas.member
    elif column.startswith("section"):
        user = make_member(column)
        for page in (areas.own_news, areas.own_reports):
            allow_on_page(user, page, "add", "change", "publish")
        allow_in_collection(user, areas.own_collection, *ACTIONS)
    else:
        user = UserFactory()
        give_role(user, next(role for role in ROLES if role.name.lower() == column))
    client.force_login(user)
    return client


def get_letter(client: Client, column: str, areas: StoredRows, method: str, route: str) -> str:
    """Return the letter of what the user of a column gets at a route."""
    objects = {"section: own": areas.own, "member: own": areas.members}.get(column, areas.foreign)
    marker = MARKER if column in OUTSIDERS else ""
    return request(client, method, get_address(route, objects), marker)


def is_expected(found: str, expected: str, column: str) -> bool:
    """Return whether `found` is what the table says.

    Whether an empty form changes something depends on stored rows and caches; so only for outsiders
    it matters that nothing is written.
    """
    may_write = expected == "w" or column not in OUTSIDERS
    return found == expected or ({found, expected} == {"r", "w"} and may_write)


@pytest.mark.parametrize("column", COLUMNS)
def test_each_role_gets_what_the_table_says(
    areas: StoredRows, column: str, thin_out: Callable[..., Any]
) -> None:
    client, number, table = make_client(column, areas), COLUMNS.index(column), read_table()
    routes = [route for route in list_routes() if route in table]
    wrong = []
    for route in thin_out(routes, SAMPLE_STEP, number * SAMPLE_STEP // len(COLUMNS)):
        for method, letters in zip(METHODS, table[route], strict=True):
            found = get_letter(client, column, areas, method, route)
            if not is_expected(found, letters[number], column):
                wrong.append(f"{method} /{route}: {letters[number]} in the table, found {found}")
    assert wrong == []


def test_the_table_has_every_address_and_no_other(areas: StoredRows) -> None:
    """The message has a row for each missing address, to be checked and added to the table."""
    table, routes = read_table(), list_routes()
    rows = [build_row(route, areas) for route in routes if route not in table]
    assert rows == []
    assert {*table} == {*routes}


def build_row(route: str, areas: StoredRows) -> str:
    """Return the row of the table for what is found at `route`."""
    clients = {column: make_client(column, areas) for column in COLUMNS}
    letters = [
        "".join(get_letter(client, column, areas, method, route) for column, client in pairs)
        for method, pairs in ((method, clients.items()) for method in METHODS)
    ]
    Group.objects.filter(name__in=COLUMNS).delete()
    return f"/{route} {' '.join(letters)}"


def test_nothing_broken_is_expected() -> None:
    letters = {letter for row in read_table().values() for one in row for letter in one}
    assert letters <= {*"rw-0."}


@pytest.mark.parametrize("column", ["visitor", "administrator"])
def test_nothing_is_done_without_a_token(
    areas: StoredRows, column: str, thin_out: Callable[..., Any]
) -> None:
    client = make_client(column, areas)
    client.handler.enforce_csrf_checks = True
    answers = {
        route: request(client, "POST", get_address(route, areas.foreign))
        for route in thin_out(list_routes(), 4, COLUMNS.index(column) % 4)
    }
    assert {route: letter for route, letter in answers.items() if letter not in "-0."} == {}
