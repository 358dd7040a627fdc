"""Stored rich text as the HTML that visitors get."""

import re
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from wagtail.documents import get_document_model
from wagtail.rich_text import expand_db_html

from .text.sizes import format_size

# A link to a file as the editor stores it, its attributes in either order.
FILE_LINK = re.compile(
    r'(?P<open><a\b(?=[^>]*\blinktype="document")[^>]*\bid="(?P<id>\d+)"[^>]*>)(?P<words>.*?)</a>',
    re.DOTALL,
)


def render_rich_text(source: str) -> SafeString:
    """Return stored rich text as HTML; each link to a document states its format and size."""
    if links := list(FILE_LINK.finditer(source)):
        documents = get_document_model().objects.in_bulk([int(link["id"]) for link in links])
        source = FILE_LINK.sub(lambda link: _add_facts(link, documents), source)
    return mark_safe(expand_db_html(source))


def _add_facts(link: re.Match[str], documents: dict[int, Any]) -> str:
    """Return the link with the facts of its document, if that is one of `documents`."""
    document = documents.get(int(link["id"]))
    if document is None:
        return link[0]
    facts = f"({document.format_name}, {format_size(document.file_size)})"
    return f'{link["open"]}{link["words"]} <span class="nb">{facts}</span></a>'
