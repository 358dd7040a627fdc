"""What a page says about the accessibility of a document is never more than the check found."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bhp_site.files.models import SiteDocument

TAGGED, UNTAGGED = "tagged for screen readers", "not tagged for screen readers"
FAULTY, SCANNED = "some accessibility problems", "scanned, without a text layer"
LABELS = {TAGGED, UNTAGGED, FAULTY, SCANNED}


def make_findings(*codes: str) -> list[dict[str, Any]]:
    return [{"code": code, "pages": []} for code in codes]


@pytest.mark.parametrize(
    "facts, label",
    [
        ({"is_tagged": True, "has_text": True, "findings": []}, TAGGED),
        ({"is_tagged": True, "has_text": True, "findings": make_findings("no_bookmarks")}, TAGGED),
        ({"is_tagged": True, "has_text": True, "findings": make_findings("lists")}, FAULTY),
        ({"is_tagged": True, "has_text": True, "findings": make_findings("title_hidden")}, FAULTY),
        ({"is_tagged": True, "has_text": True, "findings": make_findings("untagged")}, FAULTY),
        ({"is_tagged": False, "has_text": True, "findings": make_findings("not_tagged")}, UNTAGGED),
        ({"is_tagged": True, "has_text": False, "findings": make_findings("no_text")}, SCANNED),
        ({"is_tagged": None, "has_text": None, "findings": []}, ""),
    ],
)
def test_a_page_claims_no_more_than_was_found(
    site: SimpleNamespace, client: Client, facts: dict[str, Any], label: str
) -> None:
    SiteDocument.objects.filter(pk=site.document.pk).update(**facts)
    text = client.get(site.report.url).text
    claims = {one for one in LABELS - {TAGGED} if one in text}
    if TAGGED in text.replace(UNTAGGED, ""):
        claims.add(TAGGED)
    assert claims == {label} - {""}
    assert ('"accessibilityFeature": ["taggedPDF"]' in text) is (label == TAGGED)
