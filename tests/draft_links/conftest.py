"""A draft that offers everything that a draft can offer, and a link to it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from bhp_site.core.models import User
from bhp_site.draft_links.links import create_link
from bhp_site.files.models import SiteDocument
from news.models import NewsPage

from ..factories import (
    NewsPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
    pdf_bytes,
    write_chapter,
)

CHART = {"title": "Studies", "kind": "bar", "figures": "Year\tStudies\n2021\t4\n2022\t6"}


def make_document(slug: str) -> SiteDocument:
    """Return a document whose bytes no other document has."""
    file = ContentFile(pdf_bytes(slug), name=f"{slug}.pdf")
    document: SiteDocument = SiteDocumentFactory(title=slug, file=file)
    return document


def make_link(page: Any, user: User, **kwargs: Any) -> str:
    """Return the path of a new link to the draft of `page`."""
    url = create_link(page, "A partner", user=user, **kwargs)[1]
    return "/drafts/" + url.partition("/drafts/")[2]


@pytest.fixture
def reader() -> Client:
    """Return a client without a session, which checks CSRF tokens as a server does."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def shared(release: NewsPage, editor: User) -> SimpleNamespace:
    """Return a draft with all that it offers, another draft, and the path of a link to the first.

    Everything is in the latest revisions only, not in the rows.
    """
    in_text, in_other = make_document("in-the-text"), make_document("in-another-draft")
    image, other_image = SiteImageFactory(title="In the draft"), SiteImageFactory(title="Elsewhere")
    other = NewsPageFactory(parent=release.get_parent().specific, live=False, title="Another draft")
    offer(other, in_other)
    other.body = [("figure", {"image": other_image, "caption": ""})]
    other.save()
    other.save_revision()
    report = release.report.specific
    report.title = "Report as drafted last"
    write_chapter(report, "The first chapter", [("paragraph", "<p>Chapter text</p>")])
    report.save_revision()
    release.title = "Title as drafted last"
    release.body = [
        ("paragraph", f'<p><a linktype="document" id="{in_text.pk}">a document</a></p>'),
        ("paragraph", f'<p><a linktype="page" id="{other.pk}">another draft</a></p>'),
        ("figure", {"image": image, "caption": "A caption"}),
        ("chart", CHART),
        *[(block.block_type, block.value) for block in release.body],
    ]
    release.save_revision()
    return SimpleNamespace(
        page=release,
        report=report,
        document=report.main_document,
        in_text=in_text,
        image=image,
        other=other,
        in_other=in_other,
        other_image=other_image,
        path=make_link(release, editor),
    )
