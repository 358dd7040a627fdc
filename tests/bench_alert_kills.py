"""Sends e-mails to many people, and kills the workers: `make bench-alert-kills`, N=20.

Two workers send alerts to a mail server on this machine. First they are left alone, to measure time
and connections; then one after the other is killed, and again while a release is sent under embargo
to half as many journalists. Nobody may be left out, and no kill may repeat more than one e-mail,
with the same Message-ID. SUBSCRIBERS=500, SEED=… and DATABASE=postgresql as in
`bench_task_kills`.
"""

import multiprocessing
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .postgresql_cluster import database
from .smtp_sink import SmtpSink, run_smtp_sink
from .subprocesses import ROOT

# On a busy machine a worker may not get to renew a shorter lease in time; its e-mail is then sent
# by the other worker too, although nobody was killed.
LEASE_SECONDS = 10.0
DRAIN_SECONDS = 300
FORK = multiprocessing.get_context("fork")


class EmailKills:
    """Workers that send e-mails from the database of the settings to `sink`."""

    def __init__(self, folder: Path, sink: SmtpSink, chance: random.Random) -> None:
        self.folder, self.sink, self.chance = folder, sink, chance

    def start_worker(self) -> Any:
        """Start a worker in a process of its own, whose log goes to a file of the folder."""
        from django.db import connections

        connections.close_all()
        process = FORK.Process(target=self._work)
        process.start()
        return process

    def _work(self) -> None:
        from bhp_site.tasks.worker import Worker

        with (self.folder / "log").open("ab") as log:
            os.dup2(log.fileno(), 2)
        Worker(["default", "slow"], LEASE_SECONDS).run()

    def publish(self, title: str) -> None:
        """Publish an announcement of today."""
        from django.utils import timezone

        from news.models import NewsIndexPage

        from .factories import NewsPageFactory

        parent = NewsIndexPage.objects.get()
        page = NewsPageFactory(
            parent=parent, live=False, title=title, summary="A sentence.", date=timezone.localdate()
        )
        page.save_revision().publish()

    def run(self, rounds: int) -> None:
        """Send one alert without, one alert and one release with kills, and check them."""
        self.workers = [self.start_worker() for _ in range(2)]
        try:
            began = time.monotonic()
            self.publish("Left alone")
            self.drain()
            seconds = time.monotonic() - began
            self.check_alert("Left alone", kills=0)
            print(f"{seconds:.1f} seconds, {self.sink.connection_count} connections")
            self.publish("Killed")
            self.kill_workers(rounds)
            self.check_alert("Killed", kills=rounds)
            journalists = send_under_embargo("Under embargo")
            self.kill_workers(rounds)
            self.check("Under embargo", rounds, journalists)
        finally:
            for process in self.workers:
                process.kill()
                process.join()

    def kill_workers(self, rounds: int) -> None:
        """Kill one worker after the other while they send; wait until everything is sent."""
        for number in range(rounds):
            self.wait_for_sending()
            time.sleep(self.chance.uniform(0, 0.1))
            self.workers[number % 2].kill()
            self.workers[number % 2].join()
            self.workers[number % 2] = self.start_worker()
        self.drain()

    def wait_for_sending(self) -> None:
        """Wait until further e-mails arrive, or nothing is left to send."""
        before, deadline = len(self.sink.received), time.monotonic() + 30
        while len(self.sink.received) < before + 5 and time.monotonic() < deadline:
            time.sleep(0.02)

    def drain(self) -> None:
        """Wait until every task is finished."""
        from bhp_site.tasks.models import QueuedTask

        deadline = time.monotonic() + DRAIN_SECONDS
        left = QueuedTask.objects.filter(status__in=("READY", "RUNNING"))
        while left.exists():
            assert time.monotonic() < deadline, f"{left.count()} tasks are left"
            time.sleep(0.1)

    def check_alert(self, title: str, kills: int) -> None:
        """Assert that each subscriber got the alert with this title."""
        from bhp_site.alerts.models import Subscriber

        self.check(title, kills, {*Subscriber.objects.values_list("email", flat=True)})

    def check(self, title: str, kills: int, recipients: set[str]) -> None:
        """Assert that each of `recipients` got the e-mail, and that a copy is recognisable."""
        from bhp_site.core.mail.queue import get_email_models

        messages: dict[str, list[str]] = defaultdict(list)
        for email in self.sink.received:
            message = email.message
            if message["Subject"].endswith(title):
                messages[email.recipient].append(message["Message-ID"])
        assert messages.keys() == recipients, "somebody was left out"
        for model in get_email_models():
            unsent = model._default_manager.filter(sent_at=None)
            assert not unsent.exists(), f"an e-mail was not sent: {model.__name__}"
        repeated = sum(len(ids) - 1 for ids in messages.values())
        assert all(len({*ids}) == 1 for ids in messages.values()), "another Message-ID"
        assert repeated <= kills, f"{repeated} e-mails were repeated after {kills} kills"
        sizes = dict(Counter(len(ids) for ids in messages.values()))
        print(f"“{title}”: {len(messages)} recipients, {kills} kills, {repeated} repeated: {sizes}")
        log = (self.folder / "log").read_text()
        assert "locked" not in log, log


def send_under_embargo(title: str) -> set[str]:
    """Send a release under embargo to half as many journalists as there are subscribers."""
    import datetime

    from django.utils import timezone

    from bhp_site.alerts.models import Subscriber
    from bhp_site.core.models import User
    from bhp_site.press.models import PressContact
    from bhp_site.press.sending.recipients import send_release
    from news.models import NewsIndexPage, Release

    from .factories import NewsPageFactory

    page = NewsPageFactory(parent=NewsIndexPage.objects.get(), live=False, title=title)
    page.save_revision()
    until = timezone.now() + datetime.timedelta(days=2)
    Release.objects.create(announcement=page, embargo_until=until)
    contacts = [
        PressContact.objects.create(
            name=f"Journalist {number}", email=f"journalist{number}@example.com", source="A list"
        )
        for number in range(Subscriber.objects.count() // 2)
    ]
    user = User.objects.create_user("sender@example.com")
    send_release(page, contacts, "", user)
    return {contact.email for contact in contacts}


def create_subscribers(count: int) -> None:
    """Create subscribers who follow all news."""
    from django.utils import timezone

    from bhp_site.alerts.models import Subscriber
    from bhp_site.alerts.topics import find_topics

    topics = find_topics(["news"])
    for number in range(count):
        Subscriber.objects.create(
            email=f"person{number}@example.com",
            frequency="at-once",
            consent_text="Yes.",
            consent_at=timezone.now(),
        ).follow(topics)


def main() -> None:
    rounds = int(os.environ.get("N") or 20)
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**9))
    count = int(os.environ.get("SUBSCRIBERS") or 500)
    print(f"{count} subscribers, {rounds} kills of workers, SEED={seed}", flush=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bhp-alert-kills-")))
        sink = stack.enter_context(run_smtp_sink())
        os.environ["DATA_DIR"] = str(folder)
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.port}"
        if os.environ.get("DATABASE") == "postgresql":
            os.environ["DATABASE_URL"] = stack.enter_context(database())
        os.environ["DJANGO_SETTINGS_MODULE"] = "bhp_site.settings"
        for command in ("migrate", "bootstrap"):
            arguments = [sys.executable, "manage.py", command, "--verbosity", "0"]
            subprocess.run(arguments, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        create_subscribers(count)
        EmailKills(folder, sink, random.Random(seed)).run(rounds)


if __name__ == "__main__":
    main()
