"""Compares answers of threads that work at once with those got alone: `make bench-threads`.

In one process, on a copy of the demonstration; ROUNDS=3 and SEED=1. Every screen of the admin, and
the editor of a page of each type, is asked for by two administrators, one of whom has dismissed
what can be dismissed, and by a writer; public pages by a visitor. Eight threads then ask again,
and switch as often as Python can. An answer that differs from both that were got alone has state
of another request in it. SAMPLE=10 asks for every tenth address.
"""

import difflib
import logging
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .measuring import Goal, at_most, run_threads, tell

ROUNDS = int(os.environ.get("ROUNDS") or 3)
SEED = int(os.environ.get("SEED") or 1)
SAMPLE = int(os.environ.get("SAMPLE") or 1)
THREADS = 8
SWITCH_SECONDS = 1e-6
VISITOR, ADMINISTRATOR, OTHER_ADMINISTRATOR, WRITER = "visitor", "admin", "other", "writer"
# Screens that end the session, raise an error on purpose, or tell of the machine.
LEFT_OUT = ("logout/", "failwhale/", "login", "password_reset", "session/", "editing-sessions")
PUBLIC = "/ /news/ /reports/ /partners/ /people/ /search/?q=health /news/feed.xml /news/feed.json"
# What differs each time: identifiers, tokens, times, and numbers of new rows.
VARYING = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Za-z0-9]{64}\b"
    r"|key\\*(?:&quot;|\"): ?\\*(?:&quot;|\")[a-z0-9]{5}|(?:ping|release)/[\w/]*\d+/"
    r"|(?:\d+|\ban?)(?:\xa0|\\*u00a0|&nbsp;| )(?:second|minute|hour)s?(?: ago)?|[Jj]ust now"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+(?:\+[\d:]+|Z)?|\b\d\d:\d\d(?::\d\d)?\b"
    r"|[\w=-]{4,}:1[a-zA-Z0-9]{5}:[\w-]{20,}"
)


class Request(NamedTuple):
    """The request of a user for an address."""

    user: str
    address: str


def ask(request: Request, sessions: dict[str, str]) -> tuple[int, str]:
    """Return status and text of the answer, without what differs each time."""
    from django.conf import settings
    from django.test import RequestFactory

    from bhp_site.server.wsgi_runner import run_wsgi
    from bhp_site.wsgi import application

    environ = RequestFactory().get(request.address).environ
    if request.user in sessions:
        environ["HTTP_COOKIE"] = f"{settings.SESSION_COOKIE_NAME}={sessions[request.user]}"
    response = run_wsgi(application, environ)
    body = response.path if response.path else response.body.decode(errors="replace")
    return response.status, VARYING.sub("…", str(body))


def sign_in() -> dict[str, str]:
    """Create the users; return the keys of their sessions."""
    from django.conf import settings
    from django.test import Client
    from wagtail.users.models import UserProfile

    from bhp_site.core import roles

    from .factories import UserFactory
    from .roles import give_role

    sessions = {}
    for name in (ADMINISTRATOR, OTHER_ADMINISTRATOR, WRITER):
        user = UserFactory(email=f"{name}@example.org", first_name=f"Thread of {name}")
        give_role(user, roles.WRITER if name == WRITER else roles.ADMINISTRATOR)
        profile = UserProfile.get_for_user(user)
        profile.dismissibles = {"help": name == OTHER_ADMINISTRATOR}
        profile.save()
        client = Client()
        client.force_login(user)
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return sessions


def list_requests() -> Iterator[Request]:
    from wagtail.models import get_page_models

    from bhp_site.core.pages import BasePage

    from .permissions.addresses import list_routes

    screens = [
        f"/admin/{route}"
        for route in list_routes()
        if not re.search(r"[<^(]", route) and not any(part in route for part in LEFT_OUT)
    ]
    for model in filter(lambda model: issubclass(model, BasePage), get_page_models()):
        for page in model.objects.order_by("pk")[:2]:
            screens += [
                f"/admin/pages/{page.pk}/{end}" for end in ("", "edit/", "history/", "view_draft/")
            ]
            if page.live and page.url:
                yield Request(VISITOR, page.url)
    yield from (Request(VISITOR, address) for address in PUBLIC.split())
    for name in (ADMINISTRATOR, OTHER_ADMINISTRATOR, WRITER):
        yield from (Request(name, address) for address in screens)


def compare() -> list[Goal]:
    """Ask alone and at once, print the differences, and return how many there are."""
    sessions = sign_in()
    requests = list(list_requests())[SEED % SAMPLE :: SAMPLE]
    # The first answers may create what later ones show.
    alone = [[ask(request, sessions) for request in requests] for _ in range(3)][1:]
    expected = dict(zip(requests, zip(*alone, strict=True), strict=True))
    steady = [request for request in requests if len({*expected[request]}) == 1]
    print(f"{len(requests)} addresses, {len(requests) - len(steady)} differ by themselves")
    for request in {*requests} - {*steady}:
        print("  differs by itself:", *request)
    waiting = steady * ROUNDS
    random.Random(SEED).shuffle(waiting)
    count, wrong = len(waiting), list[str]()

    def work() -> None:
        from django.db import connections

        while True:
            try:
                request = waiting.pop()
            except IndexError:
                break
            try:
                answer = ask(request, sessions)
            except Exception as error:
                answer = 0, repr(error)
            if answer not in expected[request]:
                wrong.append(describe(request, expected[request][0], answer))
        connections.close_all()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        run_threads(work, THREADS)
    finally:
        sys.setswitchinterval(interval)
    print(*wrong, f"{count} answers compared", sep="\n")
    return [at_most("answers of threads that differ from those got alone", len(wrong), 0)]


def describe(request: Request, expected: tuple[int, str], found: tuple[int, str]) -> str:
    """Return the statuses and the first lines that differ."""
    lines = difflib.unified_diff(expected[1].splitlines(), found[1].splitlines(), n=0, lineterm="")
    changes = [line[:300] for line in lines if not line.startswith(("---", "+++", "@@"))]
    return "\n  ".join([f"{request}: {expected[0]}, then {found[0]}", *changes[:4]])


def main() -> list[Goal]:
    from .prepared_sites import DEMO, copy_site

    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATA_DIR"] = str(Path(folder, "data"))
        copy_site(DEMO, Path(folder, "data"))
        os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
        # Rows of counters that are written meanwhile are no business of this bench.
        os.environ["COUNTER_FLUSH_SECONDS"] = "0"
        import django

        django.setup()
        logging.disable(logging.CRITICAL)
        from django.conf import settings

        from bhp_site.core.admin.registries import fill_registries

        settings.ALLOWED_HOSTS.append("testserver")
        fill_registries()
        return compare()


if __name__ == "__main__":
    tell(main())
