"""Prepares and runs the whole site: `python -m bhp_site`, or `python -m bhp_site dev`.

With `dev` it shows debug pages and reloads changed code. Only `configure` can run before Django is
set up, so what needs Django is imported in functions.
"""

import os
import signal
import sys
from typing import TYPE_CHECKING

from bhp_site import json_lines
from bhp_site.server.address import refuse_used_port

if TYPE_CHECKING:
    from bhp_site.launcher.processes import ProcessGroup


def configure() -> None:
    """Set Django up; raises SystemExit with one sentence if the settings are refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    # What any process of the site creates is for its own user alone.
    os.umask(0o077)
    import django
    from django.core.exceptions import ImproperlyConfigured
    from environs import EnvError

    try:
        django.setup()
    except (ImproperlyConfigured, EnvError) as error:
        raise SystemExit(f"The site cannot start: {error}") from error
    except OSError as error:
        raise SystemExit(f"The site cannot use its data folder: {error}") from error


def run(group: "ProcessGroup") -> int:
    """Prepare the site, start its processes and watch them; return an exit code.

    If the database or the cache is unavailable, an earlier page cache lets the server start
    without them; otherwise raises SystemExit.
    """
    from django.conf import settings

    from bhp_site.launcher import processes
    from bhp_site.launcher.preparation import ServiceUnavailable, prepare_quietly

    try:
        password = prepare_quietly()
    except ServiceUnavailable as error:
        if not any(settings.DATA_DIR.glob("page_cache/*.response")):
            raise SystemExit(str(error)) from error
        print(f"{error}\nCached pages are served until it is available.", flush=True)
        group.start("server")
        password = group.wait_until_prepared()
    else:
        group.start("server")
    if group.wait_until_healthy():
        print_addresses(password)
    # Only now: they would compete with the server during its first seconds.
    for name in processes.BACKGROUND_PROCESSES:
        group.start(name)
    return group.watch()


def print_addresses(password: str) -> None:
    """Print where the site is and how to sign in, with the `password` of a new account."""
    from django.conf import settings

    from bhp_site.sign_in.first_password import (
        get_first_account,
        get_first_password_path,
        has_first_password,
    )

    lines = [
        "",
        f"  The site      {settings.SITE_URL}/",
        f"  For editors   {settings.SITE_URL}/admin/",
    ]
    path = get_first_password_path()
    first = get_first_account() if path.exists() else None
    if first and has_first_password(first):
        # JSON is collected and kept, and later starts do not repeat it.
        if not password or settings.LOG_FORMAT == "json":
            password = f"in the file {path}"
        lines += [f"  Sign in as    {first.email}", f"  Password      {password}"]
    if settings.EMAIL_TRANSPORT.endswith("filebased.EmailBackend"):
        lines.append(f"  Emails        {settings.EMAIL_FILE_PATH}/")
    if settings.LOG_FORMAT != "json":
        # Who reads JSON follows a log, and would end only that.
        lines += ["", "Press Ctrl-C to stop."]
    print(*lines, sep="\n", flush=True)


def main() -> int:
    """Run the site, with its output as LOG_FORMAT says, and return an exit code."""
    if sys.argv[1:] == ["dev"]:
        os.environ["DEBUG"] = "1"
    return json_lines.run(run_until_stopped)


def run_until_stopped() -> int:
    """Run the site until it is stopped; return an exit code."""
    configure()
    from django.conf import settings

    from bhp_site.launcher.processes import ProcessGroup

    refuse_used_port(settings.HOST, settings.PORT)
    group = ProcessGroup()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, group.request_stop)
    try:
        return run(group)
    finally:
        group.stop()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
