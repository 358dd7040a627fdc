"""An authenticator app."""

import time

from allauth.mfa.totp.internal import auth as totp

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def get_code(secret: str = SECRET, steps: int = 0) -> str:
    """Return the code that the app shows now, or some steps of 30 seconds from now."""
    code: str = totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))
    return code
