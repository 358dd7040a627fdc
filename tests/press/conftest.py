"""People on the press list."""

import datetime

import pytest

from bhp_site.press.models import PressContact


@pytest.fixture
def contact(db: None) -> PressContact:
    """Somebody on the press list."""
    return PressContact.objects.create(
        name="Jo Lee",
        outlet="Midlands Daily",
        email="Jo.Lee@example.org",
        source="Asked to be added",
        added_on=datetime.date(2026, 1, 5),
    )
