"""The licences under which reports, documents and images can be published."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from .caching.process_cache import cached_until_change


@dataclass(frozen=True)
class Licence:
    """A licence: its code, the name that visitors read, and the URL of its terms."""

    code: str
    name: str
    url: str


# The legal position if nobody grants a licence.
RESERVED = "reserved"
LICENCES = {
    licence.code: licence
    for licence in (
        Licence("cc-by-4.0", "CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        Licence("cc-by-sa-4.0", "CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        Licence("cc-by-nc-4.0", "CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
        Licence(
            "cc-by-nc-nd-4.0",
            "CC BY-NC-ND 4.0",
            "https://creativecommons.org/licenses/by-nc-nd/4.0/",
        ),
        Licence("cc0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        Licence(
            "ogl-3.0",
            "Open Government Licence v3.0",
            "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        ),
        Licence("mit", "MIT", "https://opensource.org/license/mit"),
        Licence(RESERVED, "All rights reserved", "https://rightsstatements.org/page/InC/1.0/"),
    )
}


def list_choices() -> list[tuple[str, str]]:
    """Return code and name of each licence, for form fields."""
    return [(licence.code, licence.name) for licence in LICENCES.values()]


def list_own_choices() -> list[tuple[str, str]]:
    """Return the choices of a single report, document or image."""
    return [("", "As in “Site settings”"), *list_choices()]


def list_default_choices() -> list[tuple[str, str]]:
    """Return the choices of the whole site."""
    return [("", "No default: each report needs its own licence"), *list_choices()]


def get_default_licence() -> Licence | None:
    """Return the licence of everything that has none of its own; None if none is set."""
    code = cached_until_change(
        "default licence", lambda: apps.get_model("core.SiteSettings").get_default().licence
    )
    return LICENCES.get(code)


class LicenceField(models.CharField):
    """The code of the licence of a report, document or image; "" for the one of the site."""

    def __init__(self, **kwargs: Any) -> None:
        defaults: dict[str, Any] = {
            "max_length": 20,
            "choices": list_own_choices,
            "blank": True,
            "default": "",
            "db_default": "",
            "help_text": "What others may do with it. Visitors and search engines see the licence.",
        }
        super().__init__(**defaults | kwargs)


class Licensed:
    """Has a licence of its own in the field `licence`, or the one in “Site settings”."""

    licence: Any

    @property
    def own_licence(self) -> Licence | None:
        """Return the licence that an editor has chosen here; None if the default applies."""
        return LICENCES.get(self.licence)

    @property
    def effective_licence(self) -> Licence | None:
        """Return the licence that applies; None if neither this nor the site has one."""
        return self.own_licence or get_default_licence()

    @property
    def shown_licence(self) -> Licence | None:
        """Return the licence to show beside a document or image; None if there is nothing to say.

        That all rights are reserved is what readers assume; pages do not repeat the default.
        """
        licence = self.effective_licence
        return licence if self.own_licence or (licence and licence.code != RESERVED) else None
