"""Tell the refusal of an address from other errors of a mail server."""

import re
from smtplib import SMTPRecipientsRefused

# Replies that ask for authentication: they are about this site, not about the address.
AUTHENTICATION_CODES = {530, 535}
# Status codes of the class “security or policy” (RFC 3463, 3.8), such as “relaying denied”.
POLICY_STATUS = re.compile(r"\b[245]\.7\.\d+")


def is_address_refused(error: BaseException) -> bool:
    """Return True if a mail server refused the recipient's address for good (RFC 5321, 4.2.1).

    A refusal that is about this site's rights, as after a mistake in its settings, is none: else
    such a mistake would stop every address.
    """
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(is_permanent_reply(code, text) for code, text in error.recipients.values())


def is_permanent_reply(code: int, text: bytes | str) -> bool:
    """Return True if a reply with this code and text means that the address does not exist."""
    if isinstance(text, bytes):
        text = text.decode("ascii", "replace")
    return 500 <= code < 600 and code not in AUTHENTICATION_CODES and not POLICY_STATUS.search(text)
