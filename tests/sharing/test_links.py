"""Ways to pass a page on, which tell nobody."""

import re
from email.header import Header
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from ..hostile_strings import HOSTILE_STRINGS

MAIL = re.compile(r'<a href="(mailto:\?[^"]*)">Send by e-mail</a>')


@pytest.mark.parametrize("name", ["news", "report", "quote"])
def test_a_page_can_be_passed_on(site: SimpleNamespace, client: Client, name: str) -> None:
    page = getattr(site, name)
    text = client.get(page.get_url()).text
    address = f"http://testserver{page.get_url()}"
    assert f'<p class="address" data-words>{address}</p>' in text
    (link,) = MAIL.findall(text)
    sent = parse_qs(urlsplit(unescape(link)).query, strict_parsing=True)
    assert sent == {"subject": [page.title], "body": [f"{page.title}\r\n{address}"]}
    # Nothing of anybody else's is asked for.
    assert not re.search(r"(facebook|twitter|x|linkedin|whatsapp)\.com/(share|intent)", text)


def test_any_title_is_one_subject(site: SimpleNamespace, client: Client) -> None:
    page = site.news
    for title in [*HOSTILE_STRINGS, "50 % & more = “a+b”? #1", "Two  blanks"]:
        type(page).objects.filter(pk=page.pk).update(title=title[:255])
        (link,) = MAIL.findall(client.get(page.get_url()).text)
        query = unescape(link).removeprefix("mailto:?")
        # RFC 6068: only letters, digits and few signs; “+” is itself.
        assert re.fullmatch(r"subject=[\w.~%/-]*&body=[\w.~%/-]*", query, re.ASCII)
        subject = unquote(query.split("&")[0].removeprefix("subject="))
        assert subject == title[:255]
        assert Header(subject).encode()
