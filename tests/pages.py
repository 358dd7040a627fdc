"""Read public pages in tests."""

import json
import re
from typing import Any

from django.test import Client
from wagtail.models import Page


def get_html(client: Client, page: Page | str) -> str:
    """Return the HTML of a page, or of what is at a path; it must answer 200."""
    path = page if isinstance(page, str) else page.get_url()
    response = client.get(path)
    assert response.status_code == 200, path
    return str(response.text)


def get_schema_nodes(html: str) -> list[dict[str, Any]]:
    """Return the schema.org nodes of a page's JSON-LD."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    nodes: list[dict[str, Any]] = json.loads(found[1])["@graph"]
    return nodes


def get_schema_node(html: str, kind: str) -> dict[str, Any]:
    """Return the first schema.org node of the type `kind`; raise StopIteration if none is."""
    return next(node for node in get_schema_nodes(html) if node["@type"] == kind)
