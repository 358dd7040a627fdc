"""A passkey of a real browser, with Chromium's virtual authenticator."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

EMAIL = "passkey@example.org"
MAKE_USER = f"""
from bhp_site.core.models import User
User.objects.create_superuser({EMAIL!r}, {PASSWORD!r})
"""


@pytest.fixture
def page(running: Site, browser: Browser) -> Iterator[Page]:
    """A page at http://localhost, where browsers allow passkeys, with a device that has them."""
    running.shell(MAKE_USER)
    address = running.url.replace("127.0.0.1", "localhost")
    context = browser.new_context(base_url=address)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()


def sign_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_signs_in_alone_and_as_the_second_step(page: Page) -> None:
    sign_in(page)
    page.wait_for_url("/admin/")
    page.goto("/admin/second-step/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the device").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/admin/second-step/")
    expect(page.get_by_text("Passkey “Work laptop”").first).to_be_visible()
    # As the only step:
    page.context.clear_cookies()
    page.goto("/admin/login/?next=/admin/reports/site-history/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    # A pattern such as “**/admin/reports/…” would also match the address of the sign-in page.
    page.wait_for_url("/admin/reports/site-history/")
    # As the second one:
    page.context.clear_cookies()
    sign_in(page)
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("/admin/")
    expect(page.get_by_role("link", name="Dashboard").first).to_be_attached()
