"""Removes secrets from text that is logged or reported; without Django."""

import re

from bhp_site.core.url_prefixes import PASSWORD_RESET_PREFIX, PRIVATE_LINK_PREFIXES

# The token of a private link, in a path or URL.
TOKEN_IN_PATH = re.compile(rf"((?:{'|'.join(PRIVATE_LINK_PREFIXES)}))[\w.:%~-]{{16,}}")

# The account and the token of a new password, in a path or URL.
RESET_IN_PATH = re.compile(rf"({PASSWORD_RESET_PREFIX})[\w.:%~-]+/[\w.:%~-]+")

# The password in a URL, such as that of a database or cache server.
PASSWORD_IN_URL = re.compile(r"(://[^\s:/@]*:)[^\s/@]+(?=@)")


def hide_tokens(text: str) -> str:
    """Return `text` with “…” in place of tokens of private links, and of passwords in URLs."""
    for secret in (PASSWORD_IN_URL, TOKEN_IN_PATH, RESET_IN_PATH):
        text = secret.sub(r"\1…", text)
    return text
