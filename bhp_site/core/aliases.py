"""Wagtail's page aliases, which this site refuses.

An alias is published with its source's text, at once, even where the source is a draft or only
scheduled; and it stays live when the source is deleted. With one language and one tree an ordinary
copy does the same without breaking an embargo.
"""

from typing import Any, NoReturn

from django.core.exceptions import PermissionDenied
from wagtail.actions.create_alias import CreatePageAliasIntegrityError

REFUSAL = "This site does not use aliases. Copy the page instead."


# Wagtail's API returns 400 for the first base class; where it does not catch that, 403 for the
# second.
class AliasRefused(CreatePageAliasIntegrityError, PermissionDenied):
    """Raised when a page is to be copied as an alias."""


def refuse_alias() -> NoReturn:
    """Raise AliasRefused."""
    raise AliasRefused(REFUSAL)


def is_alias(page: Any) -> bool:
    """Return whether `page` is an alias of another page, as old data or a fixture may have it."""
    return page.alias_of_id is not None
