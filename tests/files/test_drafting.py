"""A PDF's version becomes a draft, and its pages images, for editors."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from bhp_site.core.storage.errors import StoredFileMissing
from bhp_site.files.drafting import draft_version, render_version_page
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.pdf.drafting import drafter
from bhp_site.pdf.drafting.drafter import DraftBlock
from bhp_site.pdf.errors import Unreadable

from ..factories import SiteDocumentFactory
from .uploading import GOOD


@pytest.fixture
def version(db: None) -> DocumentVersion:
    """The tagged PDF of the demonstration's strategy."""
    document = SiteDocumentFactory(title="Strategy", file=ContentFile(GOOD, "strategy.pdf"))
    found: DocumentVersion = document.versions.get()
    return found


def test_a_tagged_pdf_becomes_chapters_of_blocks(version: DocumentVersion) -> None:
    found = draft_version(version)
    assert (found.is_tagged, found.language) == (True, "en-GB")
    assert [(one.title, one.page) for one in found.chapters] == [
        ("Five-year strategy Born well, live well, die well", 1),
        ("What we want to achieve", 2),
        ("Four priorities", 3),
        ("Themes", 4),
        ("Knowing that we make a difference", 5),
    ]
    priorities, themes, known = found.chapters[2:]
    assert priorities.blocks[1] == DraftBlock("heading", 3, level=2, text="Cancer outcomes")
    figure = priorities.blocks[-1]
    assert figure.kind == "figure"
    assert figure.caption == "Priorities are what our members have agreed to work on together."
    assert figure.alt.startswith("Drawing of two large overlapping discs")
    assert Image.open(BytesIO(figure.image)).width > 900
    table = themes.blocks[-1]
    assert (table.has_header, len(table.rows)) == (True, 5)
    assert table.rows[1][0] == "Trials"
    assert known.blocks[-2].html.startswith("<ol><li>Which part of life does it improve?</li>")
    notes = [block.note for chapter in found.chapters for block in chapter.blocks if block.note]
    assert notes == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"html": "<p onclick='x'>words</p>"},
        {"html": '<a href="javascript:x">words</a>'},
        {"kind": "script"},
        {"rows": [[1]]},
        {"image": "../../secret.png", "page": "x"},
    ],
)
def test_an_answer_of_another_shape_is_not_believed(
    version: DocumentVersion, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, Any]
) -> None:
    block = {
        "kind": "paragraph",
        "page": 1,
        "level": 0,
        "rows": [],
        "has_header": False,
        **dict.fromkeys(("text", "html", "caption", "alt", "note", "image"), ""),
    }
    chapter = {"title": "", "page": 1, "blocks": [block | wrong]}
    answer = {"is_tagged": True, "language": "", "chapters": [chapter]}
    monkeypatch.setattr(drafter, "run_in_sandbox", lambda *args, **limits: answer)
    with pytest.raises(Unreadable, match="This PDF could not be read"):
        draft_version(version)


def test_drafting_has_a_timeout(version: DocumentVersion) -> None:
    with pytest.raises(Unreadable, match=r"took longer than 0\.05 seconds"):
        drafter.draft_pdf(Path(version.file.path), seconds=0.05)


def test_a_file_that_is_missing_may_come_back(
    version: DocumentVersion, editor_client: Client
) -> None:
    DocumentVersion.objects.filter(pk=version.pk).update(file="documents/ab/none.pdf")
    version.refresh_from_db()
    with pytest.raises(StoredFileMissing):
        draft_version(version)
    with pytest.raises(StoredFileMissing):
        render_version_page(version, 1)
    assert editor_client.get(reverse("page-picture", args=[version.pk, 1])).status_code == 404


def test_a_withdrawn_version_is_not_drafted(version: DocumentVersion) -> None:
    version.withdrawn_at = timezone.now()
    with pytest.raises(Unreadable, match="no longer exists"):
        draft_version(version)


def test_a_page_is_shown_to_editors_and_drawn_once(
    version: DocumentVersion, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("page-picture", args=[version.pk, 1])
    response = editor_client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert "private" in response["Cache-Control"]
    assert Image.open(BytesIO(response.content)).size == (900, 1274)
    monkeypatch.setattr(
        drafter, "run_in_sandbox", lambda *args, **limits: pytest.fail("it has been rendered")
    )
    assert editor_client.get(address).content == response.content


def test_a_page_that_is_not_there_is_not_found(
    version: DocumentVersion, editor_client: Client, client: Client
) -> None:
    for number in (0, (version.pages or 0) + 1):
        address = reverse("page-picture", args=[version.pk, number])
        assert editor_client.get(address).status_code == 404
    address = reverse("page-picture", args=[version.pk, 1])
    assert client.get(address).status_code == 302
    version.withdraw("It had a mistake.", None)
    assert editor_client.get(address).status_code == 404
