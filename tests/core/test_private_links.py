"""What is below a private link and served by no view."""

from typing import Any

import pytest
from django.test import Client

from bhp_site.core.private_links import PRIVATE_HEADERS
from bhp_site.core.url_prefixes import PRIVATE_LINK_PREFIXES

TOKEN = "a-token-of-many-letters"


@pytest.mark.parametrize("rest", ["more/", "more", "pages/x/", "a%0Ab", "data.json/"])
@pytest.mark.parametrize("prefix", PRIVATE_LINK_PREFIXES)
def test_not_found_below_a_private_link_shows_no_token(
    site: Any, client: Client, prefix: str, rest: str
) -> None:
    for method in (client.get, client.post):
        response = method(f"{prefix}{TOKEN}/{rest}")
        assert response.status_code == 404
        assert TOKEN not in response.text
        assert PRIVATE_HEADERS.items() <= response.headers.items()
