"""Reports that a newer one supersedes."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from bhp_site.core.caching.cache_version import cache_version
from reports.models import ReportPage

from ..factories import ReportPageFactory, write_chapter
from ..pages import get_html, get_schema_node


@pytest.fixture
def newer(site: SimpleNamespace) -> ReportPage:
    """A newer report, which supersedes the one of the site."""
    report: ReportPage = ReportPageFactory(parent=site.report_index, title="Second edition")
    site.report.superseded_by = report
    site.report.save()
    cache_version.advance()
    return report


def test_both_reports_say_so(site: SimpleNamespace, newer: Any, client: Client) -> None:
    write_chapter(site.report, title="Aims")
    old = get_html(client, site.report)
    link = f'Read instead: <a href="{newer.get_url()}">Second edition</a>'
    assert link in old
    assert link in get_html(client, f"{site.report.get_url()}read/aims/")
    node = get_schema_node(old, "Report")
    assert node["creativeWorkStatus"] == "Superseded"
    new = get_html(client, newer)
    assert f'This report replaces <a href="{site.report.get_url()}">' in new
    replaced = get_schema_node(new, "Report")["http://purl.org/dc/terms/replaces"]
    assert replaced == [{"@id": node["@id"]}]
    by = node["http://purl.org/dc/terms/isReplacedBy"]
    assert by == {"@id": get_schema_node(new, "Report")["@id"]}


def test_lists_and_search_say_so(site: SimpleNamespace, newer: Any, client: Client) -> None:
    words = f'<strong>Superseded</strong> by <a href="{newer.get_url()}">'
    for place in ("/reports/", f"/search/?q={site.report.title.replace(' ', '+')}"):
        assert client.get(place).text.count(words) == 1, place


def test_a_draft_supersedes_nothing_yet(site: SimpleNamespace, newer: Any, client: Client) -> None:
    newer.live = False
    newer.save()
    for place in (site.report.get_url(), "/reports/"):
        html = client.get(place).text
        assert "uperseded" not in html
        assert "Second edition" not in html


@pytest.mark.parametrize("is_public", [False, True])
def test_lists_say_so_even_before_the_cached_keys_do(
    site: SimpleNamespace,
    newer: Any,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    is_public: bool,
) -> None:
    newer.live = is_public
    newer.save()
    monkeypatch.setattr("reports.models.get_superseded_keys", list)
    html = client.get("/reports/").text
    assert ("<strong>Superseded</strong> by" in html) is is_public
    assert ("Second edition" in html) is is_public


def test_no_report_supersedes_itself(site: SimpleNamespace, newer: Any) -> None:
    newer.full_clean()
    newer.superseded_by = site.report
    with pytest.raises(ValidationError, match="itself replaced by this one"):
        newer.full_clean()
    newer.superseded_by = newer
    with pytest.raises(ValidationError, match="itself replaced by this one"):
        newer.full_clean()
