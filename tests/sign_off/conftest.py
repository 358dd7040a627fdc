"""A draft announcement with a quotation by a person with a private address."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bhp_site.core.models import User
from bhp_site.sign_off.models import SignOff
from bhp_site.sign_off.requests import request_sign_off
from bhp_site.sign_off.subjects import Subject, build_page_subject, list_quotations
from news.models import NewsPage

ADDRESS = "chair.private@example.org"


@pytest.fixture
def reader() -> Client:
    """Return a client without a session, which checks CSRF tokens as a server does."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def asked(release: NewsPage, chair: Any, editor: User) -> SimpleNamespace:
    """Return an announcement whose quotation the chair was asked to sign off."""
    type(chair).objects.filter(pk=chair.pk).update(sign_off_email=ADDRESS)
    sign_off = ask(release, list_quotations(get_draft(release))[0], editor)
    return SimpleNamespace(page=release, sign_off=sign_off, path=get_path(sign_off))


def ask(page: NewsPage, subject: Subject, user: User, kind: str = "quotation") -> SignOff:
    """Ask the chair to sign off `subject`."""
    return request_sign_off(
        page, subject, kind=kind, name="Ada Chair", email=ADDRESS, message="By Friday", user=user
    )


def ask_for_page(page: NewsPage, user: User) -> SignOff:
    """Ask the chair to approve the whole page."""
    return ask(page, build_page_subject(get_draft(page)), user, SignOff.Kind.PARTNER)


def get_path(sign_off: SignOff) -> str:
    """Return the path at which a sign-off is answered."""
    return "/sign-off/" + sign_off.url.partition("/sign-off/")[2]


def get_draft(page: NewsPage) -> NewsPage:
    """Return the draft that was saved last."""
    draft: NewsPage = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return draft


def get_subject(page: NewsPage) -> Subject:
    """Return the quotation as the latest draft has it."""
    return list_quotations(get_draft(page))[0]


def answer(client: Client, path: str, page: NewsPage, state: str, **data: str) -> Any:
    """Send an answer about the quotation as it is now."""
    values = {"answer": state, "seen": get_subject(page).content_hash} | data
    return client.post(path, values, headers={"Origin": "null"})


def change_quotation(page: NewsPage, **values: str) -> None:
    """Change a field of the quotation in the latest draft."""
    draft = get_draft(page)
    draft.quote_blocks[0].value.update(values)
    draft.save_revision()
