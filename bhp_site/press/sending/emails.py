"""Write e-mails about releases under embargo, in the words that are right at that moment."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from bhp_site.core.models import SiteSettings
from bhp_site.core.text.dates import format_public_time
from news.models import NewsPage

from ..release_text import build_release_text
from .embargo import EmbargoState, ReleaseEmbargo, get_embargo

PACK_PATH = "press-pack.zip"
NOT_PUBLISHED = (
    "The embargo has passed, but the release is not published. Publish it, or set a new embargo."
)
NO_EMBARGO = (
    "The release has no embargo and is not published. Set the embargo again, or publish it."
)


class EmailHeld(Exception):
    """An e-mail cannot be sent now, because every form of it would be wrong."""


@dataclass(frozen=True)
class EmailContent:
    """Subject, plain text and HTML of an e-mail."""

    subject: str
    text: str
    html: str


def describe_embargo(embargo: ReleaseEmbargo) -> str:
    """Return the line with which everything under embargo begins; "" once it is published."""
    if embargo.state == EmbargoState.PUBLISHED:
        return ""
    if embargo.until is None:
        return "NOT FOR PUBLICATION OR BROADCAST until you hear from us."
    return (
        f"UNDER EMBARGO until {format_public_time(embargo.until)}. Not for publication or "
        "broadcast before then."
    )


def get_draft(page: NewsPage) -> NewsPage:
    """Return the latest draft of `page`, with the draft report that is published with it."""
    draft: NewsPage = page.get_latest_revision_as_object()
    draft.is_being_previewed = True
    return draft


def write_release_email(
    page: NewsPage, embargo: ReleaseEmbargo, *, message: str = "", link_url: str = ""
) -> EmailContent:
    """Return the e-mail with the whole release: under embargo, or as it is published.

    Raises EmailHeld if it is neither.
    """
    if embargo.state == EmbargoState.OVERDUE:
        raise EmailHeld(NOT_PUBLISHED)
    if embargo.state == EmbargoState.ON_HOLD:
        raise EmailHeld(NO_EMBARGO)
    is_public = embargo.state == EmbargoState.PUBLISHED
    release = page if is_public else get_draft(page)
    line = describe_embargo(embargo)
    text = build_release_text(release, embargo=line)
    subject = release.title if is_public else f"Embargoed: {release.title}"
    context = _get_context(text.site, subject, line) | {
        "release": text,
        "message": message,
        "link": text.address if is_public else link_url,
        "pack": "" if is_public or not link_url else f"{link_url}{PACK_PATH}",
        "is_public": is_public,
    }
    return _render("release", context)


def write_change_email(page: NewsPage, embargo: ReleaseEmbargo, title: str) -> EmailContent:
    """Return the e-mail that tells of a new time, of a removed one, or of the publication.

    Raises EmailHeld if the announcement should be public and is not.
    """
    if embargo.state == EmbargoState.OVERDUE:
        raise EmailHeld(NOT_PUBLISHED)
    subject = {
        EmbargoState.PUBLISHED: f"Embargo lifted: {title}",
        EmbargoState.ON_HOLD: f"On hold, please do not publish yet: {title}",
        EmbargoState.UNDER_EMBARGO: f"New embargo time: {title}",
    }[embargo.state]
    context = _get_context(SiteSettings.get_default(), subject, describe_embargo(embargo)) | {
        "title": title,
        "state": embargo.state.value,
        "link": page.full_url if embargo.state == EmbargoState.PUBLISHED else "",
    }
    return _render("embargo_change", context)


def is_change_needed(told: str, embargo: ReleaseEmbargo) -> bool:
    """Return True if a recipient who knows `told` (`ReleaseEmbargo.key`) must be told of a change.

    Nobody is told of a publication at the time that they know.
    """
    if told in ("", embargo.key):
        # Without any, the release itself is still to be sent, and will say it.
        return False
    if embargo.state != EmbargoState.PUBLISHED:
        return True
    if told == EmbargoState.ON_HOLD.value:
        return True
    return datetime.datetime.fromisoformat(told) > timezone.now()


def prepare_email(email: Any) -> bool:
    """Write subject, text and HTML of a `PressEmail`; return False if it must not be sent.

    Raises EmailHeld.
    """
    embargo = get_embargo(email.page)
    if email.kind == email.Kind.CHANGE:
        if email.recipient.ended_at or not is_change_needed(email.recipient.told, embargo):
            return False
        content = write_change_email(email.page, embargo, get_draft(email.page).title)
    else:
        content = write_release_email(
            email.page, embargo, message=email.message, link_url=email.link_url
        )
    is_test = email.kind == email.Kind.TEST
    email.subject = f"Test: {content.subject}" if is_test else content.subject
    email.text, email.html = content.text, content.html
    site = SiteSettings.get_default()
    email.reply_to = site.press_email or site.email
    email.told_key = embargo.key
    return True


def _get_context(site: SiteSettings, subject: str, embargo: str) -> dict[str, Any]:
    return {"site": site, "subject": subject, "embargo": embargo}


def _render(name: str, context: dict[str, Any]) -> EmailContent:
    text = render_to_string(f"press/{name}.txt", context)
    html = render_to_string(f"press/{name}.html", context)
    return EmailContent(context["subject"], _tidy(text), html)


def _tidy(text: str) -> str:
    """Return `text` with one empty line between its paragraphs."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return "\n\n".join(part.strip("\n") for part in lines.split("\n\n") if part.strip()) + "\n"
