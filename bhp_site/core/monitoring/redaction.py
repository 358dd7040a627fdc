"""Removes secrets from text that is logged or reported; without Django."""

import re

from bhp_site.core.url_prefixes import PRIVATE_LINK_PREFIXES

# The token of a private link, in a path or URL.
TOKEN_IN_PATH = re.compile(rf"((?:{'|'.join(PRIVATE_LINK_PREFIXES)}))[\w.:%~-]{{16,}}")

# The password in a URL, such as that of a database or cache server.
PASSWORD_IN_URL = re.compile(r"(://[^\s:/@]*:)[^\s/@]+(?=@)")


def hide_tokens(text: str) -> str:
    """Return `text` with “…” in place of tokens of private links, and of passwords in URLs."""
    return PASSWORD_IN_URL.sub(r"\1…", TOKEN_IN_PATH.sub(r"\1…", text))
