"""The site as `make run` starts it, on a free port, and a real Chromium to visit it with."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Playwright keeps an event loop in this thread, which Django would refuse.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    expect,
)

from bhp_site import health

from ..prepared_sites import DEMO, copy_site
from ..run import chromium
from ..subprocesses import free_port
from .editor import Editor

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_SECONDS = 240
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a horse, a battery, a staple"
PUBLISHER = "publisher@example.org"
EDITOR = "writer@example.org"
# Words are put into the mouths of people who do not exist.
MAKE_PEOPLE = f"""
from django.contrib.auth.models import Group
from bhp_site.core.models import SiteSettings, User
from partners.models import Person, Role
for email, group in (({PUBLISHER!r}, "Publishers"), ({EDITOR!r}, "Writers")):
    User.objects.create_user(email, {PASSWORD!r}).groups.add(Group.objects.get(name=group))
# Each of them stands for the only publisher of a site.
SiteSettings.objects.update(second_person="never")
for name, role in (("Asha Sample", "Author of the report"), ("Tom Sample", "Head of research")):
    Person(name=name, roles=[Role(title=role)]).save()
"""
# Runs each line of input, a JSON string with code, and prints what that prints as JSON.
RUN_CODE = """
import contextlib, io, json, sys
from bhp_site.__main__ import configure
configure()
from django.db import connection
for line in sys.stdin:
    with contextlib.redirect_stdout(io.StringIO()) as output:
        exec(json.loads(line), {})
    connection.close()
    print(json.dumps(output.getvalue()), flush=True)
"""
ADDRESSES = """
import json
from tests.bench_pages import addresses
pages = {name: path for name, path in addresses().items() if path.endswith(("/", "health"))}
print(json.dumps(pages))
"""

# Number of a part, and of parts → addresses by name.
Share = Callable[[int, int], dict[str, str]]

expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    program = chromium()
    where = {"executable_path": program} if program else {}
    return browser_type_launch_args | {"args": FLAGS} | where


@pytest.fixture(scope="session")
def browser(launch_browser: Callable[[], Browser]) -> Iterator[Browser]:
    try:
        browser = launch_browser()
    except Error as error:
        reason = error.message.partition("\n")[0]
        pytest.skip(f"No Chromium can be launched: install it, or set CHROMIUM_PATH. {reason}")
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    window = {"viewport": {"width": 1280, "height": 900}}
    return browser_context_args | window | {"locale": "en-GB", "timezone_id": "Europe/London"}


@dataclass(frozen=True)
class Site:
    """A running demonstration site: its address, the environment of its processes, and a shell."""

    url: str
    env: dict[str, str]
    process: "subprocess.Popen[str]"

    def shell(self, code: str) -> str:
        """Return what `code`, run in a process beside the site, prints."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        output = self.process.stdout.readline()
        assert output, f"This code failed; its traceback is among the errors:\n{code}"
        return str(json.loads(output))


@pytest.fixture(scope="session")
def running(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Start the site once a session; not on a machine without a browser."""
    with run_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@contextmanager
def run_site(folder: Path, prepared: str = DEMO, **settings: str) -> Iterator[Site]:
    """Run a copy of a prepared site in `folder`, with `settings` in its environment."""
    port = free_port()
    env = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    env |= {"DATA_DIR": str(folder / "data"), "PORT": str(port), "WORKERS": "1", **settings}
    copy_site(prepared, folder / "data")
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "bhp_site"], cwd=ROOT, env=env, stdout=log, stderr=log
        )
        try:
            wait_for(process, port, folder / "log")
            with start_shell(env) as shell:
                site = Site(f"http://127.0.0.1:{port}", env, shell)
                site.shell(MAKE_PEOPLE)
                yield site
                shell.kill()
        finally:
            process.terminate()
            process.wait(30)


def start_shell(env: dict[str, str]) -> "subprocess.Popen[str]":
    """Return a process that runs the code it reads: most of the time would go into its start."""
    command, pipe = [sys.executable, "-c", RUN_CODE], subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, text=True)


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext],
) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a window of its own; no page may violate its policy."""
    violations: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Jcrop tries whether the browser knows events of touch, by an attribute that does nothing.
        is_harmless = "Jcrop" in message.location["url"]
        if "Content Security Policy" in message.text and not is_harmless:
            violations.append(f"{message.page.url if message.page else ''}: {message.text}")

    def open_context(**options: Any) -> BrowserContext:
        context = new_context(**options)
        context.on("console", note)
        return context

    yield open_context
    assert violations == []


@pytest.fixture(scope="session")
def base_url(running: Site) -> str:
    """A path alone leads to the site in every `goto`."""
    return running.url


@pytest.fixture(scope="session")
def addresses(running: Site) -> dict[str, str]:
    """What is looked at → its path: the fullest page of every type, and what else visitors meet."""
    found: dict[str, str] = json.loads(running.shell(ADDRESSES))
    return found | {
        "news, page 2": "/news/?page=2",
        "news, filtered": "/news/?kind=funding",
        "partners, on a day": "/partners/?on=2021-01-01&order=kind",
        "partners, no day": "/partners/?on=yesterday",
        "quotes, filtered": "/quotes/?year=2022",
        "search, not yet": "/search/",
        "search, in vain": "/search/?q=zebra",
        "search, much": "/search/?q=research&kind=news",
        "search, in a file": "/search/?q=epilepsy",
        "not found": "/nothing-here/",
    }


@pytest.fixture(scope="session")
def share(addresses: dict[str, str], thin_out: Callable[..., Any]) -> Share:
    """Return a function that returns a part of the addresses for a sample, and otherwise all."""
    return lambda number, parts: dict(thin_out(addresses.items(), parts, number))


def wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Until the site answers; pytest.fail with its last words where it does not."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not health.is_healthy("127.0.0.1", port, "127.0.0.1"):
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"The site did not start:\n{log.read_text()}")
        time.sleep(0.5)


def open_until_shown(visitor: Page, address: str, shown: Locator) -> None:
    """Open `address` until it shows `shown`: a change reaches visitors within a second or so."""
    for _ in range(40):
        visitor.goto(address)
        if shown.count():
            return
        visitor.wait_for_timeout(250)
    pytest.fail(f"{address} does not show what was changed")


def print_pdf(
    browser: Browser, name: str, *, tagged: bool, text: str = "Its second page."
) -> dict[str, Any]:
    """A PDF of two pages, as a file to be uploaded; `text` is on the second."""
    with browser.new_page() as page:
        page.set_content(
            "<html lang=en><title>A report</title><h1>A report</h1><p>Its first page."
            f"<h2 style='break-before: page'>More</h2><p>{text}"
        )
        content = page.pdf(tagged=tagged, outline=tagged)
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


@pytest.fixture(scope="session")
def report_file(browser: Browser) -> dict[str, Any]:
    return print_pdf(browser, "RoA_final_v3.pdf", tagged=True)


@pytest.fixture(scope="session")
def untagged_file(browser: Browser) -> dict[str, Any]:
    return print_pdf(browser, "scan.pdf", tagged=False)


@pytest.fixture
def newcomer(page: Page) -> Editor:
    """Return a member of the group Publishers who has not signed in yet."""
    return Editor(page)


@pytest.fixture(scope="session")
def cookies(browser: Browser, browser_context_args: dict[str, Any]) -> Any:
    """Return the cookies of a member of the group Publishers who has signed in."""
    context = browser.new_context(**browser_context_args)
    Editor(context.new_page()).sign_in(PUBLISHER, PASSWORD)
    cookies = context.cookies()
    context.close()
    return cookies


@pytest.fixture
def editor(newcomer: Editor, cookies: Any) -> Editor:
    """Return a member of the group Publishers, signed in and at the dashboard."""
    newcomer.page.context.add_cookies(cookies)
    newcomer.dashboard()
    return newcomer


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Page:
    """Somebody else's browser, which knows nothing of any editor."""
    return new_context().new_page()
