from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pikepdf import Pdf

from bhp_site.files.models import SiteDocument
from bhp_site.pdf import reader

from ..factories import SiteDocumentFactory
from .uploading import BAD


@pytest.fixture
def file(db: None) -> SiteDocument:
    """An untagged PDF, of which nobody has said why it is offered."""
    return SiteDocumentFactory(
        title="The scan", file=ContentFile(BAD, "scan.pdf"), accessibility_reason=""
    )


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    def save_pdf(pdf: Pdf, **options: Any) -> Path:
        path = tmp_path / "upload.pdf"
        pdf.save(path, **options)
        return path

    return save_pdf


@pytest.fixture
def answer(tmp_path: Path, save: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """What the child would say about a file, asked in this process."""

    def ask(pdf: Pdf | bytes, max_pages: int = 10) -> dict[str, Any]:
        path = tmp_path / "upload.pdf"
        path.write_bytes(pdf) if isinstance(pdf, bytes) else save(pdf)
        cover = str(tmp_path / "cover.png")
        order = {"path": str(path), "cover": cover, "max_pages": max_pages, "seconds": 10}
        return reader.answer(order)

    return ask
