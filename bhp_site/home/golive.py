"""The go-live checklist: what to do before visitors come, for the admin and `manage.py golive`."""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import chain

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.backups.history import get_last_backup_time, get_last_drill_time
from bhp_site.backups.mail_hold import is_mail_held
from bhp_site.core.blocks import get_plain_text
from bhp_site.core.models import SiteSettings, User
from bhp_site.core.monitoring.health_checks import run_health_checks
from bhp_site.core.publishing.second_person import find_publishers
from bhp_site.sign_in.breached_passwords import is_enabled, read_range
from bhp_site.sign_in.first_password import get_first_account, has_first_password
from bhp_site.sign_in.password_rules import is_emergency_account

from .dns_records import LookupFailed, find_text_records
from .models import StandardPage

MAX_BACKUP_AGE = datetime.timedelta(days=1)
MAX_DRILL_AGE = datetime.timedelta(days=90)
WEEK_SECONDS = 7 * 24 * 60 * 60
PLACEHOLDER = re.compile(r"\[[^\[\]]+\]")


@dataclass(frozen=True)
class Step:
    """A line of the checklist. `done` is None if only a person can check it."""

    label: str
    done: bool | None
    advice: str

    @property
    def status(self) -> str:
        """Return the status in words."""
        return {True: "Done", False: "To do", None: "Check it yourself"}[self.done]


def check_address() -> Step:
    """Return a step, done if SITE_URL is a public address with HTTPS."""
    return Step(
        "Domain and HTTPS",
        settings.HTTPS and not settings.LOOPBACK,
        "Set SITE_URL to the public address, which begins with https://, and BEHIND_PROXY=1.",
    )


def check_connections() -> Step:
    """Return a step, done if no connection needs an exception in UNENCRYPTED_HOSTS."""
    connections = settings.UNENCRYPTED_CONNECTIONS
    advice = "; ".join(
        f"{connection.service} at {connection.host} ({connection.advice})"
        for connection in connections
    )
    is_refused = any(
        connection.host not in settings.UNENCRYPTED_HOSTS for connection in connections
    )
    return Step(
        "Connections to other services encrypted",
        False if is_refused else None if connections else True,
        f"Encrypt these, or make sure that only trusted machines reach their network: {advice}.",
    )


def get_sender_domain() -> str:
    """Return the domain of the address that e-mails are sent from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]


def check_mail() -> Step:
    """Return a step, done if e-mails go to a mail server, from an address of a real domain."""
    label = "Mail server and sender address"
    if is_mail_held():
        return Step(
            label,
            False,
            "E-mail is off because the site was restored from a backup. Look at the site, then run "
            "“manage.py enable_mail”.",
        )
    domain = get_sender_domain()
    is_sent = not settings.EMAIL_TRANSPORT.endswith("filebased.EmailBackend")
    return Step(
        label,
        is_sent and domain != "localhost" and not domain.startswith("example."),
        "Set EMAIL_URL to your mail server and DEFAULT_FROM_EMAIL to an address of your domain. "
        f"Now e-mails {'are sent' if is_sent else 'become files'}, from "
        f"{settings.DEFAULT_FROM_EMAIL}.",
    )


def check_test_mail() -> Step:
    """Return a step for a person: to send a test e-mail and receive it."""
    return Step(
        "Test e-mail received",
        None,
        "Run “manage.py sendtestemail you@your-domain” and look for the e-mail in your inbox.",
    )


def check_sender_domain() -> Step:
    """Return a step for a person: DKIM, which only the headers of a received e-mail show."""
    domain = get_sender_domain()
    return Step(
        "DKIM",
        None,
        f"Ask the people who run {domain} to let your mail server sign for it. The headers of the "
        "test e-mail must say spf=pass, dkim=pass and dmarc=pass.",
    )


def check_spf() -> Step:
    """Return a step, done if the sender's domain has an SPF record (RFC 7208)."""
    domain = get_sender_domain()
    return check_record(
        "SPF",
        domain,
        "v=spf1",
        f"Ask the people who run {domain} for a TXT record that begins with “v=spf1” and allows "
        "your mail server to send for it.",
    )


def check_dmarc() -> Step:
    """Return a step, done if the sender's domain has a DMARC record (RFC 7489)."""
    domain = get_sender_domain()
    return check_record(
        "DMARC",
        f"_dmarc.{domain}",
        "v=dmarc1",
        f"Ask the people who run {domain} for a TXT record at _dmarc.{domain} that begins with "
        "“v=DMARC1”.",
    )


def check_record(label: str, name: str, beginning: str, advice: str) -> Step:
    """Return a step, done if exactly one TXT record of `name` begins with `beginning`."""
    if settings.LOOPBACK:
        reason = "It is not looked up while only this machine can reach the site."
        return Step(label, None, f"{reason} {advice}")
    try:
        records = find_text_records(name)
    except LookupFailed as error:
        return Step(label, None, f"{error} Check it yourself. {advice}")
    matches = [record for record in records if record.lower().startswith(beginning)]
    if len(matches) > 1:
        return Step(label, False, f"{name} has {len(matches)} such records; only one may be there.")
    return Step(label, bool(matches), advice)


def check_statement() -> Step:
    """Return a step, done if an accessibility statement is public."""
    return Step(
        "Accessibility statement published",
        AccessibilityStatementPage.objects.live().public().exists(),
        "Publish the accessibility statement below the home page, which has a draft at first. The "
        "law requires it.",
    )


def check_privacy() -> Step:
    """Return a step, done if a page whose address begins with “privacy” is public and complete."""
    label = "Privacy page published"
    pages = [*StandardPage.objects.live().public().filter(slug__startswith="privacy")]
    if placeholders := find_placeholders(pages):
        return Step(label, False, f"The page is public. Replace {placeholders}.")
    return Step(
        label,
        bool(pages),
        "Open the draft of the privacy page below the home page, replace what is in square "
        "brackets and publish it. The page says which personal data you keep, and its address "
        "begins with “privacy”.",
    )


def check_contact() -> Step:
    """Return a step, done unless the contact page is public and incomplete."""
    placeholders = find_placeholders(StandardPage.objects.live().filter(slug="contact"))
    return Step(
        "Contact page complete", not placeholders, f"The page is public. Replace {placeholders}."
    )


def find_placeholders(pages: Iterable[StandardPage]) -> str:
    """Return the texts in square brackets that are left of the starting texts, with commas."""
    texts = (get_plain_text(page.body) for page in pages)
    return ", ".join(dict.fromkeys(chain.from_iterable(map(PLACEHOLDER.findall, texts))))


def check_mailbox() -> Step:
    """Return a step, done if requests and reports of visitors go to somebody by e-mail."""
    return Step(
        "Mailbox for requests and reports",
        bool(SiteSettings.get_default().accessibility_email),
        "Requests for accessible copies and reports of problems reach nobody by e-mail. Enter the "
        "general e-mail or the accessibility e-mail: Settings, Site settings.",
    )


def check_security_contact() -> Step:
    """Return a step, done if the site settings have a contact for security.txt."""
    return Step(
        "Security contact (security.txt)",
        bool(SiteSettings.get_default().security_contact),
        "Enter an e-mail address for reports of security problems: Settings, Site settings.",
    )


def check_breached_passwords() -> Step:
    """Return a step, done if the list of breached passwords can be read."""
    label = "Passwords compared with those of known breaches"
    if not is_enabled():
        return Step(label, False, "BREACHED_PASSWORDS is off. Unset it, or name a folder.")
    try:
        read_range("00000")
    except OSError as error:
        # Without the attempts that led to it.
        reason = getattr(error.args[0], "reason", error) if error.args else error
        return Step(
            label,
            False,
            f"{settings.BREACHED_PASSWORDS} cannot be read. If this machine cannot reach the "
            "internet, download the list and name its folder in BREACHED_PASSWORDS: see the "
            f"chapter on signing in in docs/operations.md. The reason was: {reason}",
        )
    return Step(label, True, "")


def check_second_factor_rule() -> Step:
    """Return a step, done if every account needs a second factor."""
    return Step(
        "Second factor required of everybody",
        settings.SECOND_FACTOR == "all",
        f"It is {settings.SECOND_FACTOR}. Set SECOND_FACTOR=all.",
    )


def check_second_factors() -> Step:
    """Return a step, done if everyone who can publish has a second factor.

    Where the provider of single sign-on asks for it, an account connected with it has one.
    """
    without = find_publishers().exclude(pk__in=Authenticator.objects.values("user"))
    if settings.SSO_ISSUER and settings.SSO_SECOND_FACTOR == "provider":
        connected = SocialAccount.objects.filter(provider=settings.SSO_ISSUER)
        without = without.exclude(pk__in=connected.values("user"))
    names = ", ".join(sorted(map(describe_account, without))) or "nobody"
    return Step(
        "Second factor for everyone who can publish",
        not without.exists(),
        f"Ask them to set one up in their account. Without one: {names}.",
    )


def describe_account(user: User) -> str:
    """Return the address of `user`, with the name if there is one."""
    has_name = user.first_name or user.last_name
    return f"{user.get_full_name()} ({user.email})" if has_name else user.email


def check_emergency_accounts() -> Step:
    """Return a step, done if an administrator can sign in without single sign-on."""
    names = settings.SSO_EMERGENCY_ACCOUNTS
    ready = [
        user.email
        for user in get_user_model().objects.filter(is_active=True, is_superuser=True)
        if is_emergency_account(user.email) and user.has_usable_password()
    ]
    return Step(
        "Emergency account for when single sign-on is away",
        bool(ready),
        "Create the account of an administrator with a password, and name its e-mail address in "
        f"SSO_EMERGENCY_ACCOUNTS. Named now: {', '.join(names) or 'none'}.",
    )


def check_first_password() -> Step:
    """Return a step, done unless the first account has the password that was generated."""
    first = get_first_account()
    return Step(
        "Generated first password replaced",
        not (first and first.is_active and has_first_password(first)),
        f"Sign in as {first.email if first else 'its user'} and choose a password of your own, "
        "under your name, Account. The file first-password is then deleted.",
    )


def check_backup() -> Step:
    """Return a step, done if the last backup is at most MAX_BACKUP_AGE old."""
    return Step(
        "Backup younger than a day",
        is_recent(get_last_backup_time(), MAX_BACKUP_AGE),
        "Run “manage.py backup” every night, as bhp-backup.timer does: see the chapter on backups "
        "in docs/operations.md.",
    )


def check_drill() -> Step:
    """Return a step, done if the last drill is at most MAX_DRILL_AGE ago."""
    return Step(
        "Backup restored as a drill in the last three months",
        is_recent(get_last_drill_time(), MAX_DRILL_AGE),
        "Run “manage.py drill” with the folder of your backups: see docs/operations.md.",
    )


def is_recent(time: datetime.datetime | None, age: datetime.timedelta) -> bool:
    """Return True if `time` is at most `age` ago; False if there is none."""
    return time is not None and time >= timezone.now() - age


def check_hsts() -> Step:
    """Return a step, done if browsers are told to keep to HTTPS for a week or longer."""
    return Step(
        "HSTS of a week or longer",
        settings.SECURE_HSTS_SECONDS >= WEEK_SECONDS,
        f"It is {settings.SECURE_HSTS_SECONDS} seconds. When everything works over HTTPS, set "
        f"HSTS_SECONDS={WEEK_SECONDS}, later 31536000 (a year), and restart the site.",
    )


def check_robots() -> Step:
    """Return a step, done if the site is not marked as a demonstration."""
    return Step(
        "Search engines allowed",
        not SiteSettings.objects.filter(is_demonstration=True).exists(),
        "The site is marked as a demonstration, which search engines leave out. Remove the mark "
        "in Settings, Site settings.",
    )


def check_time_zone() -> Step:
    """Return a step, done if TIME_ZONE is that of the United Kingdom."""
    return Step(
        "UK time",
        settings.TIME_ZONE == "Europe/London" and settings.USE_TZ,
        "Publication times are UK time. Set TIME_ZONE to Europe/London.",
    )


def check_health() -> Step:
    """Return a step, done if all checks of /readyz pass."""
    failing = [name for name, passes in run_health_checks().items() if not passes]
    return Step(
        "Workers, scheduler, storage and cache work",
        not failing,
        f"These checks of /readyz fail: {', '.join(failing)}. The log says why.",
    )


CHECKS: tuple[Callable[[], Step], ...] = (
    check_address,
    check_connections,
    check_mail,
    check_test_mail,
    check_spf,
    check_sender_domain,
    check_dmarc,
    check_statement,
    check_privacy,
    check_contact,
    check_mailbox,
    check_security_contact,
    check_breached_passwords,
    check_second_factor_rule,
    check_second_factors,
    check_first_password,
    check_backup,
    check_drill,
    check_hsts,
    check_robots,
    check_time_zone,
    check_health,
)


def get_steps() -> list[Step]:
    """Return the whole checklist."""
    checks = [*CHECKS, check_emergency_accounts] if settings.SSO_ISSUER else CHECKS
    return [check() for check in checks]
