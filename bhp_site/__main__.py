"""The one launcher: `python -m bhp_site` prepares what is missing and runs the site until ended.

`python -m bhp_site dev` runs it with debug pages and reload instead.
"""

import contextlib
import errno
import fcntl
import io
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from bhp_site import health

PATIENCE = 60
GRACE = 10
# The processes beside the server, which are started again whenever they end.
BACKGROUND = ("scheduler", "worker")


def say(text: str) -> None:
    print(text, flush=True)


def configure() -> None:
    """Read the settings; SystemExit with one sentence where they are refused."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from environs import EnvError

    try:
        django.setup()
    except (ImproperlyConfigured, EnvError) as error:
        raise SystemExit(f"The site cannot start: {error}") from error
    except OSError as error:
        raise SystemExit(f"The site cannot use its data folder: {error}") from error


def refuse_taken_port(host: str, port: int) -> None:
    """SystemExit with one sentence where something else answers there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SystemExit(
                    f"Port {port} is in use: end what uses it, or choose another with "
                    f"PORT={port + 1}."
                ) from error
            raise SystemExit(f"Cannot listen on {host}:{port}: {error.strerror}.") from error


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One launcher at a time prepares a data folder, and one a PostgreSQL database."""
    from django.conf import settings
    from django.db import connection

    with (settings.DATA_DIR / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(20111201)")
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(20111201)")


class Away(Exception):
    """The database or the cache does not answer; the message says which, and why."""


def prepare_alone() -> str:
    """What `prepare` gives; raises Away."""
    from django.db import OperationalError
    from redis.exceptions import RedisError

    try:
        with alone():
            return prepare()
    except (OperationalError, RedisError) as error:
        what = "database" if isinstance(error, OperationalError) else "cache"
        reason = str(error).partition("\n")[0]
        raise Away(f"The site cannot use its {what}: {reason}") from error


def prepare() -> str:
    """Make what is missing: tables, static files, content, an account; a new account's password."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from bhp_site.core.database_version import DatabaseTooOld, refuse_version_1
    from bhp_site.core.monitoring import metrics
    from bhp_site.home.models import HomePage

    try:
        refuse_version_1(connection)
    except DatabaseTooOld as error:
        raise SystemExit(str(error)) from error
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("Preparing the database …")
        call_command("migrate", verbosity=0)
    if not (settings.DEBUG or settings.STATIC_COLLECTED):
        collect_static()
    if settings.DEMO and not HomePage.objects.exists():
        say("Loading demonstration content (DEMO=0 starts an empty site) …")
        # All or nothing: half of it would be taken for the whole at the next start.
        with transaction.atomic():
            call_command("demo", stdout=io.StringIO())
    call_command("bootstrap")
    sweep_uploads()
    if settings.METRICS_TOKEN:
        metrics.reset_metrics()
    return first_password()


def collect_static() -> None:
    """Collect static files where they, or what they are made from, have changed."""
    import hashlib

    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    state = hashlib.sha256(f"{settings.STATIC_COMPRESS_ALL}".encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = os.stat(storage.path(name))
            state.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".collected"
    if not stamp.exists() or stamp.read_text() != state.hexdigest():
        say("Collecting static files …")
        call_command("collectstatic", verbosity=0, interactive=False, clear=stamp.exists())
        stamp.write_text(state.hexdigest())


def sweep_uploads() -> None:
    """Throw away what killed uploads and answers have left."""
    import shutil

    from django.conf import settings

    for folder in (settings.FILE_UPLOAD_TEMP_DIR, settings.SPOOL_DIR):
        for left in folder.iterdir():
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def first_password() -> str:
    """Make the first account where there is none; its password, else ""."""
    from django.conf import settings

    from bhp_site.core.models import User
    from bhp_site.environment import read_or_create_secret

    if User.objects.exists():
        return ""
    path: Path = settings.DATA_DIR / "first-password"
    password = read_or_create_secret(path, 12)
    User.objects.create_superuser(settings.ADMIN_EMAIL, password)
    return password


def commands() -> dict[str, list[str]]:
    """The processes that make up the site: name → command."""
    from django.conf import settings

    manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
    if settings.DEBUG:
        server = [*manage, "runserver", f"{settings.HOST_IN_URL}:{settings.PORT}"]
    else:
        server = [sys.executable, "-m", "bhp_site.server"]
    return {
        "server": server,
        "scheduler": [*manage, "schedule"],
        "worker": [*manage, "run_worker"],
    }


class Site:
    """The running processes; started, watched and ended together."""

    def __init__(self) -> None:
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.ending = False

    def end(self, signum: int, frame: FrameType | None) -> None:
        self.ending = True

    def start(self, name: str) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which ends the others in turn.
        self.running[name] = subprocess.Popen(
            commands()[name], start_new_session=True, stdin=subprocess.DEVNULL
        )

    def answers(self) -> bool:
        """Wait for the server's first answer; False where it ends or is asked to end before."""
        from django.conf import settings

        deadline = time.monotonic() + PATIENCE
        while not self.ending and self.running["server"].poll() is None:
            if health.answers(settings.HOST, settings.PORT, settings.SITE_HOST):
                return True
            if time.monotonic() > deadline:
                say(f"The site has not answered for {PATIENCE} seconds; it is left running.")
                return False
            time.sleep(0.1)
        return False

    def wait_until_prepared(self) -> str:
        """Until what was away is back, or the site is to end; a new account's password."""
        while not self.ending and self.running["server"].poll() is None:
            with contextlib.suppress(Away):
                return prepared()
            time.sleep(1)
        return ""

    def watch(self) -> int:
        """Until asked to end or the server ends by itself; the exit code."""
        while not self.ending:
            if self.running["server"].poll() is not None:
                say("The server has ended by itself; its last lines are above.")
                return 1
            for name in BACKGROUND:
                if self.running[name].poll() is not None:
                    say(f"The {name} has ended by itself; starting it again.")
                    self.start(name)
                    time.sleep(1)
            time.sleep(0.2)
        return 0

    def stop(self) -> None:
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def announce(password: str) -> None:
    from django.conf import settings

    from bhp_site.core.models import User

    say(f"\n  The site      {settings.SITE_URL}/")
    say(f"  For editors   {settings.SITE_URL}/admin/")
    if password:
        say(f"  Sign in as    {settings.ADMIN_EMAIL}")
        say(f"  Password      {password}")
    elif (settings.DATA_DIR / "first-password").exists():
        first = User.objects.order_by("pk").first()
        say(f"  Sign in as    {first.email if first else settings.ADMIN_EMAIL}")
        say(f"  Password      as printed at the first start: {settings.DATA_DIR}/first-password")
    if settings.EMAIL_TRANSPORT.endswith("filebased.EmailBackend"):
        say(f"  E-mails       {settings.EMAIL_FILE_PATH}/")
    say("\nCtrl-C ends it.")


def main() -> int:
    if sys.argv[1:] == ["dev"]:
        os.environ["DEBUG"] = "1"
    configure()
    from django.conf import settings

    refuse_taken_port(settings.HOST, settings.PORT)
    site = Site()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, site.end)
    try:
        return run(site)
    finally:
        site.stop()


def run(site: Site) -> int:
    """Prepare and start everything, and watch it; the exit code."""
    from django.conf import settings

    try:
        password = prepared()
    except Away as away:
        if not any(settings.DATA_DIR.glob("page_cache/*.response")):
            raise SystemExit(str(away)) from away
        say(f"{away}\nThe last copies of its pages answer until it can.")
        site.start("server")
        password = site.wait_until_prepared()
    else:
        site.start("server")
    if site.answers():
        announce(password)
    # Only now: they would compete with the server for the first seconds.
    for name in BACKGROUND:
        site.start(name)
    return site.watch()


def prepared() -> str:
    """What `prepare_alone` gives, in silence and with nothing left open; raises Away."""
    from django.db import connections

    logging.disable(logging.INFO)
    try:
        return prepare_alone()
    finally:
        logging.disable(logging.NOTSET)
        connections.close_all()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except KeyboardInterrupt:
        raise SystemExit(130) from None
