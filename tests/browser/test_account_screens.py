"""The screens of accounts and confidential drafts in light and dark, on a phone and a desk."""

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import PUBLISHER, Site
from .test_accessibility import RULES, SIDEWAYS

pytestmark = pytest.mark.browser

SCREENS = [*itertools.product([390, 1280], ["light", "dark"])]
# Prints the sessions of several people, and the addresses that lead to what was made here.
PREPARE = f"""
import json, time
from django.contrib.auth import login
from django.contrib.auth.tokens import default_token_generator
from django.test import RequestFactory
from django.utils.http import urlsafe_base64_encode
from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.models import User
from bhp_site.second_factor.factors import add_app
from bhp_site.second_factor.steps import begin_second_step, mark_passed
from bhp_site.sign_in.invitations import send_invitation
from bhp_site.sign_in.models import Invitation
from bhp_site.sign_in.sessions import SessionStore
from news.models import NewsIndexPage, NewsPage
from partners.member_areas import get_group
from partners.models import PartnerPage

def make_session(user, *steps):
    request = RequestFactory().get("/admin/")
    request.session = SessionStore()
    for step in steps:
        step(request, user)
    request.session.save()
    return request.session.session_key

def sign_in(request, user):
    login(request, user, backend="bhp_site.sign_in.backends.LimitedPasswordBackend")

def pass_step(request, user):
    mark_passed(request)

def wait_for_step(request, user):
    begin_second_step(request, user, "/admin/", False)

user = User.objects.create_superuser("screens@example.org", "a horse, a battery, a staple")
user.first_name, user.last_name = "Sam", "Sample"
user.save()
add_app(user, "JBSWY3DPEHPK3PXP", 0, RequestFactory().get("/"))
partner = PartnerPage.objects.order_by("title").first()
officer = User.objects.create_user("officer@example.org")
officer.groups.add(get_group(str(partner.pk)))
drafts = [
    NewsIndexPage.objects.first().add_child(
        instance=NewsPage(title="A merger", summary="It is not decided.", live=False))
    for _ in range(2)
]
publisher = User.objects.get(email={PUBLISHER!r})
for draft, person in zip(drafts, (user, publisher)):
    draft.save_revision(user=person)
    set_people(draft, [person], person)
invitation = Invitation(first_name="Ines", last_name="Sample", email="ines@example.org")
send_invitation(invitation)
sessions = {{
    "administrator": make_session(user, sign_in, pass_step),
    "somebody whose code is missing": make_session(user, wait_for_step),
    "somebody who has not confirmed": make_session(publisher, sign_in),
    "press officer": make_session(officer, sign_in),
}}
uid, token = urlsafe_base64_encode(str(user.pk).encode()), default_token_generator.make_token(user)
print(json.dumps({{
    **sessions,
    "invitation": invitation.url,
    "reset": f"/admin/password_reset/confirm/{{uid}}/{{token}}/",
    "confidential": f"/admin/pages/{{drafts[0].pk}}/confidential/",
    "links": f"/admin/press/sent-by/{{user.pk}}/",
}}))
"""
# Whose session → the addresses; those of the first have none.
ADDRESSES = {
    "visitor": (
        "/admin/login/",
        "/admin/password_reset/",
        "/admin/password_reset/done/",
        "reset",
        "/admin/password_reset/confirm/MQ/x-y/",
        "invitation",
        "/invitation/unknown/",
    ),
    "somebody whose code is missing": ("/admin/login/second-step/",),
    "somebody who has not confirmed": (
        "/admin/second-step/",
        "/admin/second-step/confirm/",
    ),
    "press officer": ("/admin/",),
    "administrator": (
        "/admin/account/",
        "/admin/second-step/",
        "/admin/second-step/app/",
        "/admin/second-step/passkeys/add/",
        "/admin/second-step/recovery-codes/",
        "/admin/invitations/",
        "/admin/reports/accounts/",
        "/admin/reports/personal-data/?q=screens@example.org",
        "/admin/reports/confidential-drafts/",
        "confidential",
        "links",
    ),
}


@pytest.fixture(scope="module")
def prepared(running: Site) -> dict[str, str]:
    """Return the keys of sessions, and addresses, by their names above."""
    names: dict[str, str] = json.loads(running.shell(PREPARE))
    return names


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_no_barrier_is_found(
    running: Site,
    prepared: dict[str, str],
    browser: Browser,
    thin_out: Callable[..., Any],
    screen: tuple[int, str],
) -> None:
    # Passkeys are offered at “localhost” alone.
    base = running.url.replace("127.0.0.1", "localhost")
    pairs = [(person, each) for person, addresses in ADDRESSES.items() for each in addresses]
    found, axe = [], Axe()
    for person, each in thin_out(pairs, len(SCREENS), SCREENS.index(screen)):
        width, scheme = screen
        context = browser.new_context(
            base_url=base,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            bypass_csp=True,
        )
        if person in prepared:
            context.add_cookies([{"name": "sessionid", "value": prepared[person], "url": base}])
        found += find_barriers(context.new_page(), axe, prepared.get(each, each))
        context.close()
    assert not found


def find_barriers(page: Page, axe: Axe, address: str) -> list[tuple[str, str, Any]]:
    """Return what axe finds at `address`, whether it scrolls sideways, and headings of level 1."""
    response = page.goto(address.replace("127.0.0.1", "localhost"))
    assert response
    assert response.status in (200, 404, 410), (address, response.status)
    results = axe.run(page, options=RULES)
    found: list[tuple[str, str, Any]] = [
        (page.url, one["id"], one["nodes"][0]["html"]) for one in results.response["violations"]
    ]
    if page.evaluate(SIDEWAYS) > 0:
        found.append((page.url, "sideways scrolling", page.evaluate(SIDEWAYS)))
    if page.locator("h1").count() != 1:
        found.append((page.url, "headings of level 1", page.locator("h1").count()))
    return found
