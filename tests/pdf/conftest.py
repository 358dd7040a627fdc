"""Fixtures that save a PDF and read it in this process instead of the sandbox."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pikepdf import Pdf

from bhp_site.pdf import preflight
from bhp_site.pdf.worker import build_answer


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that saves a PDF and returns its path."""

    def save_pdf(pdf: Pdf, **options: Any) -> Path:
        path = tmp_path / "upload.pdf"
        pdf.save(path, **options)
        return path

    return save_pdf


@pytest.fixture
def read_facts(tmp_path: Path, save: Callable[..., Path]) -> Callable[..., dict[str, Any]]:
    """Return a function that returns the sandbox's answer about a PDF, or about bytes."""

    def read(pdf: Pdf | bytes, max_pages: int = 10) -> dict[str, Any]:
        path = tmp_path / "upload.pdf"
        path.write_bytes(pdf) if isinstance(pdf, bytes) else save(pdf)
        return build_answer(
            preflight.read,
            path=str(path),
            cover=str(tmp_path / "cover.png"),
            max_pages=max_pages,
            seconds=10,
        )

    return read
