"""The go-live checklist says what is to do before visitors come, and how."""

import datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import LazySettings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from requests import ConnectionError as RequestsConnectionError
from wagtail.rich_text import RichText

from bhp_site.backups import history
from bhp_site.backups.mail_hold import release_mail
from bhp_site.backups.models import MailHold
from bhp_site.connections import UnencryptedConnection
from bhp_site.core.models import SiteSettings
from bhp_site.core.monitoring import health_checks
from bhp_site.core.publishing.second_person import find_publishers
from bhp_site.home import golive
from bhp_site.home.dns_records import LookupFailed
from bhp_site.home.models import HomePage, StandardPage
from bhp_site.home.starting_pages import create_starting_pages
from bhp_site.sign_in.first_password import get_first_account


@pytest.fixture(autouse=True)
def no_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep tests from asking name servers."""

    def fail(name: str) -> list[str]:
        raise LookupFailed(f"No name server answers about {name}.")

    monkeypatch.setattr(golive, "find_text_records", fail)


def find_step(label: str) -> golive.Step:
    (step,) = [step for step in golive.get_steps() if step.label.startswith(label)]
    return step


def test_the_command_lists_what_is_to_do_and_how(site: SimpleNamespace) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=r"^\d+ of 22 steps are to do\.$"):
        call_command("golive", stdout=out)
    assert "TO DO  Domain and HTTPS\n       Set SITE_URL" in out.getvalue()


def test_a_step_that_was_done_is_no_longer_to_do(
    site: SimpleNamespace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HTTPS, settings.LOOPBACK = True, False
    assert find_step("Domain").done
    settings.SECURE_HSTS_SECONDS = 3600
    assert find_step("HSTS").done is False
    settings.SECURE_HSTS_SECONDS = 604_800
    assert find_step("HSTS").done
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "noreply@example.org"
    assert find_step("Mail server").done is False
    assert "Now e-mails are sent, from noreply@example.org." in find_step("Mail server").advice
    settings.DEFAULT_FROM_EMAIL = "noreply@partnership.test"
    assert find_step("Mail server").done
    found = SiteSettings.get_default()
    found.security_contact, found.is_demonstration = "", True
    found.save()
    assert (find_step("Security").done, find_step("Search").done) == (False, False)
    found.security_contact, found.is_demonstration = "security@example.org", False
    found.save()
    assert (find_step("Security").done, find_step("Search").done) == (True, True)
    monkeypatch.setattr(health_checks, "HEALTH_CHECKS", {"cache": lambda: False})
    assert "cache" in find_step("Workers").advice


def test_somebody_receives_what_visitors_send(site: SimpleNamespace) -> None:
    found = SiteSettings.get_default()
    for general, accessibility, done in (
        ("", "", False),
        ("i@x.test", "", True),
        ("", "a@x.test", True),
    ):
        found.email, found.access_email = general, accessibility
        found.save()
        assert find_step("Mailbox").done is done


def test_a_restored_site_sends_no_e_mail(site: SimpleNamespace, settings: Any) -> None:
    settings.EMAIL_TRANSPORT = "django.core.mail.backends.smtp.EmailBackend"
    settings.DEFAULT_FROM_EMAIL = "noreply@partnership.test"
    MailHold.objects.create(since=timezone.now())
    assert find_step("Mail server").done is False
    assert "manage.py enable_mail" in find_step("Mail server").advice
    release_mail(discard=False)
    assert find_step("Mail server").done


def test_the_first_account_is_named_by_its_address(
    site: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    first = get_first_account() or get_user_model().objects.create_superuser("p@example.org", "x")
    first.set_password("generated")
    first.save()
    (tmp_path / "first-password").write_text("generated")
    assert find_step("Generated").done is False
    assert f"Sign in as {first.email} and choose" in find_step("Generated").advice


def test_a_list_of_breached_passwords_that_is_away_is_explained(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BREACHED_PASSWORDS = "https://breaches.example/range/"

    def fail(prefix: str) -> dict[str, int]:
        raise RequestsConnectionError(
            SimpleNamespace(reason="Failed to resolve", url="/range/00000")
        )

    monkeypatch.setattr(golive, "read_range", fail)
    step = golive.check_breached_passwords()
    assert step.done is False
    assert "name its folder in BREACHED_PASSWORDS" in step.advice
    assert step.advice.endswith("The reason was: Failed to resolve")


def test_exceptions_from_encryption_are_listed(
    site: SimpleNamespace, settings: LazySettings
) -> None:
    label = "Connections"
    settings.UNENCRYPTED_CONNECTIONS = []
    assert find_step(label).done
    cache = UnencryptedConnection("the cache server", "cache", "begin CACHE_URL with rediss://")
    settings.UNENCRYPTED_CONNECTIONS = [cache]
    assert find_step(label).done is False
    settings.UNENCRYPTED_HOSTS = ["cache"]
    assert find_step(label).done is None
    assert "the cache server at cache (begin CACHE_URL with rediss://)" in find_step(label).advice


def test_a_page_with_gaps_is_not_complete(home: HomePage) -> None:
    create_starting_pages(home)
    assert (find_step("Privacy").done, find_step("Contact").done) == (False, True)
    for slug in ("privacy", "contact"):
        StandardPage.objects.get(slug=slug).get_latest_revision().publish()
    assert (find_step("Privacy").done, find_step("Contact").done) == (False, False)
    assert find_step("Contact").advice.endswith("Replace [e-mail address], [number].")
    assert "Replace [Name and address of the organisation], [" in find_step("Privacy").advice
    for page in StandardPage.objects.all():
        page.body = [("paragraph", RichText("<p>Write to us.</p>"))]
        page.save_revision().publish()
    assert (find_step("Privacy").done, find_step("Contact").done) == (True, True)


def test_backups_and_drills_are_read_from_their_records(site: SimpleNamespace) -> None:
    labels = ("Backup younger", "Backup restored")
    assert [find_step(label).done for label in labels] == [False, False]
    history.record_backup(timezone.now() - datetime.timedelta(hours=25))
    assert find_step("Backup younger").done is False
    history.record_backup(timezone.now() - datetime.timedelta(hours=1))
    history.record_drill(timezone.now())
    assert [find_step(label).done for label in labels] == [True, True]


def test_publishers_without_a_second_factor_are_named(site: SimpleNamespace) -> None:
    publisher = get_user_model().objects.create_superuser("p@example.org", "x")
    Authenticator.objects.exclude(user=publisher).delete()
    assert "p@example.org" in find_step("Second factor for").advice
    publisher.first_name, publisher.last_name = "Pat", "Sample"
    publisher.save()
    assert "Pat Sample (p@example.org)" in find_step("Second factor for").advice
    for other in find_publishers():
        Authenticator.objects.create(user=other, type=Authenticator.Type.TOTP, data={})
    assert find_step("Second factor for").done


@pytest.mark.parametrize(
    ("rule", "done"), [("all", True), ("publishers", False), ("optional", False)]
)
def test_a_second_factor_is_required_of_everybody(
    site: SimpleNamespace, settings: LazySettings, rule: str, done: bool
) -> None:
    settings.SECOND_FACTOR = rule
    assert find_step("Second factor required").done is done


def test_only_administrators_see_it_in_the_admin(
    site: SimpleNamespace, admin_client: Client, client: Client
) -> None:
    page = admin_client.get("/admin/golive/")
    assert page.status_code == 200
    assert "Set SITE_URL to the public address" in page.content.decode()
    assert client.get("/admin/golive/").status_code == 302


def test_single_sign_on_needs_an_emergency_account(
    site: SimpleNamespace, settings: LazySettings
) -> None:
    label = "Emergency account"
    assert not [step for step in golive.get_steps() if step.label.startswith(label)]
    settings.SSO_ISSUER = "https://login.example.org"
    settings.SSO_EMERGENCY_ACCOUNTS = ["rescue@example.org"]
    assert "Named now: rescue@example.org" in find_step(label).advice
    assert find_step(label).done is False
    get_user_model().objects.create_superuser("Rescue@example.org", "x")
    assert find_step(label).done


def test_a_second_factor_at_the_provider_counts(
    site: SimpleNamespace, settings: LazySettings
) -> None:
    settings.SSO_ISSUER = "https://login.example.org"
    publisher = get_user_model().objects.create_superuser("p@example.org", "x")
    SocialAccount.objects.create(user=publisher, provider=settings.SSO_ISSUER, uid="1")
    assert publisher.email in find_step("Second factor for").advice
    settings.SSO_SECOND_FACTOR = "provider"
    assert publisher.email not in find_step("Second factor for").advice


@pytest.mark.parametrize(
    "records, done",
    [
        (["v=spf1 include:mail.test -all", "other"], True),
        (["V=SPF1 -all"], True),
        (["other"], False),
        ([], False),
        (["v=spf1 -all", "v=spf1 a -all"], False),
    ],
)
def test_the_senders_domain_says_who_may_send(
    site: SimpleNamespace,
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
    records: list[str],
    done: bool,
) -> None:
    settings.DEFAULT_FROM_EMAIL = "noreply@partnership.test"
    assert find_step("SPF").done is None
    settings.LOOPBACK = False
    assert "No name server answers" in find_step("SPF").advice
    zone = {"partnership.test": records, "_dmarc.partnership.test": ["v=DMARC1; p=none"]}
    monkeypatch.setattr(golive, "find_text_records", zone.__getitem__)
    assert find_step("SPF").done is done
    assert find_step("DMARC").done
