"""Findings that an earlier version of the checks recorded are put right by a command."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command

from bhp_site.files.models import SiteDocument

from ..factories import SiteDocumentFactory
from .uploading import GOOD

FALSE = [{"code": "figure", "pages": [1]}]


@pytest.fixture
def document(db: None) -> SiteDocument:
    made = SiteDocumentFactory(title="Strategy", file=ContentFile(GOOD, "strategy.pdf"))
    made.versions.update(findings=FALSE)
    SiteDocument.objects.filter(pk=made.pk).update(findings=FALSE)
    return made


def recheck() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("recheck_documents", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_false_findings_are_put_right_once(document: SiteDocument) -> None:
    assert "Strategy, version 1: the findings have changed" in recheck()[0]
    document.refresh_from_db()
    assert FALSE[0] not in document.findings
    assert document.versions.get().findings == document.findings
    assert "0 of 1 PDFs have other findings than before" in recheck()[0]


def test_an_earlier_version_does_not_change_what_is_said_of_the_document(
    document: SiteDocument,
) -> None:
    SiteDocument.objects.filter(pk=document.pk).update(version_number=2)
    recheck()
    document.refresh_from_db()
    assert document.findings == FALSE


def test_a_file_that_is_gone_is_told_and_keeps_no_other_waiting(document: SiteDocument) -> None:
    path = Path(document.versions.get().file.path)
    bytes_before = path.read_bytes()
    path.unlink()
    try:
        out, err = recheck()
    finally:
        path.write_bytes(bytes_before)
    assert "is missing" in err
    assert "0 of 1" in out
