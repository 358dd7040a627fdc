"""What is below a private link and served by no view."""

import logging
from typing import Any

import pytest
from django.test import Client

from bhp_site.core.monitoring.logs import JsonFormatter, TextFormatter
from bhp_site.core.private_links import PRIVATE_HEADERS
from bhp_site.core.url_prefixes import PASSWORD_RESET_PREFIX, PRIVATE_LINK_PREFIXES

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


@pytest.mark.parametrize("prefix", [*PRIVATE_LINK_PREFIXES, f"{PASSWORD_RESET_PREFIX}MQ/"])
def test_no_log_shows_a_token(
    site: Any, client: Client, settings: Any, capsys: Any, caplog: Any, prefix: str
) -> None:
    """Of any kind of link: neither the log of requests, nor that of an error or a bad request."""
    settings.LOG_REQUESTS = True
    caplog.set_level(logging.INFO)
    for method in (client.get, client.post):
        method(f"{prefix}{TOKEN}/", HTTP_REFERER=f"http://testserver{prefix}{TOKEN}/")
    client.get(f"{prefix}{TOKEN}/?q=%00")
    assert TOKEN not in capsys.readouterr().err
    error = logging.LogRecord(
        "x", logging.ERROR, "", 1, "Error at %s", (f"{prefix}{TOKEN}/",), None
    )
    for formatter in (TextFormatter(), JsonFormatter()):
        for record in (*caplog.records, error):
            assert TOKEN not in formatter.format(record)


@pytest.mark.parametrize("prefix", PRIVATE_LINK_PREFIXES)
def test_redirects_and_refused_requests_have_the_same_headers(
    site: Any, client: Client, prefix: str
) -> None:
    responses = {
        301: client.get(f"{prefix}{TOKEN}"),
        405: client.delete(f"{prefix}{TOKEN}/"),
        400: client.get(f"{prefix}{TOKEN}/?q=%00"),
    }
    for status, response in responses.items():
        assert response.status_code == status
        assert PRIVATE_HEADERS.items() <= response.headers.items()
