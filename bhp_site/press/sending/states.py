"""What the recipients of a release have got, for the screen of editors."""

import datetime
from dataclasses import dataclass

from bhp_site.core.text.dates import format_public_time, format_uk_time
from news.models import NewsPage

from ..models import PressEmail, ReleaseRecipient
from .emails import EmailHeld
from .embargo import EmbargoState, ReleaseEmbargo


@dataclass(frozen=True)
class RecipientState:
    """A recipient, what happened to the last e-mail to them, and what they know."""

    recipient: ReleaseRecipient
    text: str
    problem: str = ""
    is_failed: bool = False

    @property
    def is_active(self) -> bool:
        """Return True if the recipient's link works, or will with the next e-mail."""
        return self.recipient.ended_at is None


def list_states(page: NewsPage, embargo: ReleaseEmbargo) -> list[RecipientState]:
    """Return the state of everybody to whom `page` was sent, by name."""
    rows = page.press_recipients.prefetch_related("emails")
    return [_get_state(recipient, embargo) for recipient in rows]


def _get_state(recipient: ReleaseRecipient, embargo: ReleaseEmbargo) -> RecipientState:
    if recipient.ended_at:
        return RecipientState(recipient, f"Ended on {format_uk_time(recipient.ended_at)}")
    emails = list(recipient.emails.all())
    email = emails[-1] if emails else None
    if email is None or email.sent_at:
        return RecipientState(recipient, _describe_knowledge(recipient, email, embargo))
    email_name = "change of the embargo" if email.kind == PressEmail.Kind.CHANGE else "release"
    if email.is_given_up:
        text = f"Failed: the {email_name} was not sent, and the site has stopped trying"
    elif email.problem:
        text = f"Failed: the {email_name} was not sent yet. The site tries again automatically"
    else:
        return RecipientState(recipient, f"Waiting: the {email_name} is being sent")
    problem = email.problem.removeprefix(f"{EmailHeld.__name__}: ")
    return RecipientState(recipient, text, problem, is_failed=True)


def _describe_knowledge(
    recipient: ReleaseRecipient, email: PressEmail | None, embargo: ReleaseEmbargo
) -> str:
    sent_at = email and email.sent_at
    text = f"Sent on {format_uk_time(sent_at)}" if sent_at else "Sent"
    if recipient.told == EmbargoState.PUBLISHED.value:
        return f"{text}, as published"
    if recipient.told == EmbargoState.ON_HOLD.value:
        return f"{text}: told to wait for a new time"
    if recipient.told and recipient.told != embargo.key:
        until = format_public_time(datetime.datetime.fromisoformat(recipient.told))
        return f"{text}, for {until}"
    return text
