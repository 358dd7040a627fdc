"""Personal data of subscribers, for the search through all personal data."""

from typing import Any

from bhp_site.core.personal_data import PersonalDataSource

from .subscribing import delete_address, export_address


def collect(address: str) -> list[dict[str, Any]]:
    """Return what is stored about a subscriber; an empty list if it is nothing."""
    data = export_address(address)
    return [data] if data["requests"] or data["subscription"] else []


ALERTS = PersonalDataSource("E-mail alerts", collect, delete_address)
