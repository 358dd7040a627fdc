"""People begin to work: with an invitation, and through a real provider of single sign-on.

The site requires a second step, as one on the internet does.
"""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ..authenticator_app import get_code
from ..prepared_sites import EMPTY
from ..subprocesses import free_port
from .conftest import PASSWORD, PUBLISHER, Site, open_until_shown, run_site
from .editor import Editor

pytestmark = pytest.mark.browser

INVITED = "invited@example.org"
INVITE = f"""
from django.contrib.auth.models import Group
from bhp_site.sign_in.invitations import send_invitation
from bhp_site.sign_in.models import Invitation
group = Group.objects.get(name="Publishers")
invitation = Invitation(first_name="Ines", last_name="Sample", email={INVITED!r}, group=group)
send_invitation(invitation)
print(invitation.url)
"""
EMAIL = "sso@example.org"
CLAIMS = {"email": EMAIL, "email_verified": True, "name": "Sam Sample", "roles": ["publish"]}
TITLE = "A first announcement"


@pytest.fixture(scope="module")
def provider(browser: Browser) -> Iterator[str]:
    """Run the provider, in which one person has an account; its address."""
    port = free_port()
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
    """Run a site that uses the provider, and ends sessions soon."""
    with run_site(
        tmp_path_factory.mktemp("accounts"),
        EMPTY,
        SECOND_FACTOR="publishers",
        SESSION_IDLE_MINUTES="9",
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


def set_up_app(page: Page) -> str:
    """Set up an authenticator app and save the recovery codes; return its secret."""
    expect(page.get_by_role("heading", name="Set up a second step")).to_be_visible()
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    give_code(page, secret)
    page.get_by_role("link", name="I have saved them").click()
    return secret


def give_code(page: Page, secret: str, steps: int = 0) -> None:
    """Enter the code that the app shows now, or some steps of 30 seconds from now."""
    page.get_by_label("Code").fill(get_code(secret, steps))
    page.get_by_label("Code").press("Enter")


def sign_in_at_provider(page: Page) -> None:
    page.get_by_role("button", name="Sign in with Example ID").click()
    page.get_by_role("button", name="42").click()


def test_from_invitation_to_first_publication(page: Page, site: Site, browser: Browser) -> None:
    page.goto(site.shell(INVITE).strip())
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Create my account").click()
    page.get_by_label("E-mail address").fill(INVITED)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    set_up_app(page)
    editor = Editor(page)
    editor.follow("New announcement")
    # Other tests are about what Wagtail saves by itself, here it would be at any moment.
    form = page.locator("form[data-controller~=w-autosave]")
    form.evaluate("(form) => (form.dataset.wAutosaveActiveValue = 'false')")
    for _ in range(20):
        editor.write("Title", "")
        editor.write("Title", TITLE)
        editor.write("Summary", "What somebody published on their first day.")
        # A script of the form makes the address from the title, once it has begun.
        if page.locator("[name=slug]").input_value():
            break
        page.wait_for_timeout(250)
    editor.add_block("Text")
    editor.write_text("The first words of somebody new.")
    expect(page.get_by_text("The first words of somebody new.")).to_be_visible()
    editor.open_actions()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.messages).to_contain_text("published")
    with browser.new_page(base_url=site.url) as visitor:
        open_until_shown(visitor, "/news/", visitor.get_by_role("link", name=TITLE))


def test_through_the_provider_to_the_dashboard(page: Page) -> None:
    page.goto("/admin/login/?next=/admin/reports/site-history/")
    page.get_by_role("button", name="Sign in with Example ID").click()
    # Somebody who changes their mind; this provider does not say to which sign-in it belongs.
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("Sign in once more.")).to_be_visible()
    page.goto("/admin/login/?next=/admin/account/")
    sign_in_at_provider(page)
    secret = set_up_app(page)
    page.wait_for_url("/admin/account/")
    name = page.get_by_label("First name")
    expect(name).to_have_value("Sam")
    # When the session has ended in the editor, the provider opens in a window of its own.
    name.fill("Samira")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").first.evaluate("button => button.click()")
    frame = page.frame_locator("iframe[title='Sign in']")
    with page.expect_popup() as popup:
        frame.get_by_role("button", name="Sign in with Example ID").click()
    window = popup.value
    window.get_by_role("button", name="42").first.click()
    # A code works once, and one step early as well.
    give_code(window, secret, 1)
    expect(window.get_by_role("heading", name=f"You are signed in as {EMAIL}")).to_be_visible()
    window.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_text("Your account settings have been changed")).to_be_visible()


def test_an_editor_is_warned_before_a_session_ends(page: Page, site: Site) -> None:
    """The editor's clock jumps to the next look at the session, which then has nine minutes."""
    site.shell(f"""
from django.test import RequestFactory
from bhp_site.core.models import User
from bhp_site.second_factor.factors import add_app
add_app(User.objects.get(email={PUBLISHER!r}), "JBSWY3DPEHPK3PXP", 0, RequestFactory().get("/"))
""")
    page.clock.install()
    page.goto("/admin/login/?next=/admin/account/")
    page.get_by_label("E-mail address").fill(PUBLISHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    give_code(page, "JBSWY3DPEHPK3PXP")
    page.wait_for_url("/admin/account/")
    warning = page.get_by_text("Your session ends in")
    expect(page.get_by_label("First name")).to_be_visible()
    expect(warning).to_have_count(0)
    page.clock.fast_forward("02:01")
    expect(warning).to_contain_text("minutes. Save your work.")
    # It is not said again while it remains true.
    page.clock.fast_forward("02:01")
    expect(warning).to_have_count(1)
