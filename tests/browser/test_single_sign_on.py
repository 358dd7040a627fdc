"""Signing in through a real provider process, with the browser's own rules about redirects."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal import auth as totp
from playwright.sync_api import Browser, Page, expect

from .conftest import Site, find_free_port, run_site

pytestmark = pytest.mark.browser

EMAIL = "sso@example.org"
CLAIMS = {"email": EMAIL, "email_verified": True, "name": "Sam Sample", "roles": ["publish"]}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADD_APP = f"""
from django.test import RequestFactory
from bhp_site.core.models import User
from bhp_site.second_factor.factors import add_app
add_app(User.objects.get(email={EMAIL!r}), {SECRET!r}, 0, RequestFactory().get("/"))
"""


@pytest.fixture(scope="module")
def provider(browser: Browser) -> Iterator[str]:
    """Run the provider, in which one person has an account; its address."""
    port = find_free_port()
    user = json.dumps({"sub": "42", **CLAIMS})
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--require-nonce", "true", "--user-claims", user]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=5).close()
            break
        except OSError:
            time.sleep(0.1)
    yield url
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def site(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run a site that uses the provider."""
    with run_site(
        tmp_path_factory.mktemp("single-sign-on"),
        SSO_ISSUER=provider,
        SSO_CLIENT_ID="site",
        SSO_CLIENT_SECRET="a secret",
        SSO_NAME="Example ID",
        SSO_CREATE_USERS="1",
        SSO_ROLES='{"publish": "Publisher"}',
    ) as site:
        yield site


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=site.url)
    yield context.new_page()
    context.close()


def sign_in_at_provider(page: Page) -> None:
    page.get_by_role("button", name="42").click()


def test_from_the_button_to_the_dashboard(page: Page, site: Site) -> None:
    page.goto("/admin/login/?next=/admin/reports/site-history/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    # Somebody who changes their mind; this provider does not say to which sign-in it belongs.
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("Sign in once more.")).to_be_visible()
    page.get_by_role("button", name="Sign in with Example ID").click()
    sign_in_at_provider(page)
    page.wait_for_url("/admin/reports/site-history/")
    page.goto("/admin/account/")
    expect(page.get_by_label("First name")).to_have_value("Sam")
    # With the site's own second step:
    site.shell(ADD_APP)
    page.context.clear_cookies()
    page.goto("/admin/login/?next=/admin/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    sign_in_at_provider(page)
    give_code(page)
    page.wait_for_url("/admin/")


def give_code(page: Page) -> None:
    code = totp.format_hotp_value(totp.hotp_value(SECRET, int(time.time()) // 30))
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_an_editor_signs_in_again_in_a_window(page: Page, site: Site) -> None:
    site.shell("from allauth.mfa.models import Authenticator as A; A.objects.all().delete()")
    page.goto("/admin/login/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    sign_in_at_provider(page)
    page.wait_for_url("/admin/")
    page.goto("/admin/account/")
    page.get_by_label("First name").fill("Samira")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").first.click()
    button = page.frame_locator("iframe[title='Sign in']").get_by_role(
        "button", name="Sign in with Example ID"
    )
    with page.expect_popup() as popup:
        button.click()
    window = popup.value
    sign_in_at_provider(window)
    expect(window.get_by_role("heading", name=f"You are signed in as {EMAIL}")).to_be_visible()
    window.close()
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Your account settings have been changed")).to_be_visible()
    page.goto("/admin/account/")
    expect(page.get_by_label("First name")).to_have_value("Samira")
