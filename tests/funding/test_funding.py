"""Funders and their awards: in the admin, on pages, for machines and in search."""

import json
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.funding.models import Award, Funder
from news.models import NewsFunding
from reports.models import ReportFunding

from ..admin_forms import read_form, send
from ..pages import get_html, get_schema_node


@pytest.fixture
def funder(db: None) -> Funder:
    """A funder with two awards."""
    funder = Funder(
        name="Fund for Health",
        short_name="FFH",
        ror="https://ror.org/012345678",
        acknowledgement="Supported by the Fund for Health.",
        disclaimer="The views are the authors’ own.",
    )
    funder.awards = [Award(number="FFH1", title="Early signs"), Award(number="FFH2")]
    funder.save()
    return funder


def add_funding(page: Page, model: type, funder: Funder, *awards: Award | None) -> None:
    """Let `page` name the funder, with each of `awards`."""
    page.funding = [model(funder=funder, award=award) for award in awards or (None,)]
    page.save_revision().publish()
    cache_version.advance()


def test_a_report_shows_wording_awards_and_disclaimer_once(
    site: SimpleNamespace, funder: Funder, client: Client
) -> None:
    add_funding(site.report, ReportFunding, funder, *funder.awards.all())
    text = get_html(client, site.report)
    for words in (
        '<h2 id="funding">Funding</h2>',
        "Supported by the Fund for Health. Awards: FFH1, Early signs; FFH2.",
        "The views are the authors’ own.",
    ):
        assert text.count(words) == 1


def test_an_announcement_and_its_report_name_a_funder_once(
    site: SimpleNamespace, funder: Funder, client: Client
) -> None:
    first, second = funder.awards.all()
    add_funding(site.report, ReportFunding, funder, first)
    add_funding(site.news, NewsFunding, funder, second)
    text = get_html(client, site.news)
    assert text.count("Supported by the Fund for Health. Awards: FFH2; FFH1, Early signs.") == 1


def test_a_page_without_funders_has_no_section(site: SimpleNamespace, client: Client) -> None:
    assert "Funding</h2>" not in get_html(client, site.report)
    assert "funding" not in get_schema_node(get_html(client, site.report), "Report")


def test_a_funder_without_wording_is_named(
    site: SimpleNamespace, funder: Funder, client: Client
) -> None:
    Funder.objects.update(acknowledgement="")
    add_funding(site.report, ReportFunding, funder)
    assert "<p>Funded by Fund for Health (FFH).</p>" in get_html(client, site.report)


def test_search_engines_read_grants_and_funder(
    site: SimpleNamespace, funder: Funder, client: Client
) -> None:
    add_funding(site.news, NewsFunding, funder, funder.awards.first())
    organisation = {
        "@type": "Organization",
        "@id": "https://ror.org/012345678",
        "name": "Fund for Health",
        "alternateName": "FFH",
    }
    grant = {"@type": "Grant", "identifier": "FFH1", "name": "Early signs", "funder": organisation}
    node = get_schema_node(get_html(client, site.news), "NewsArticle")
    assert (node["funding"], node["funder"]) == ([grant], [organisation])


def test_citations_note_the_funding(site: SimpleNamespace, funder: Funder, client: Client) -> None:
    add_funding(site.report, ReportFunding, funder, *funder.awards.all())
    note = "Funding: Fund for Health (FFH1, FFH2)"
    files = {
        kind: client.get(f"/reports/{site.report.slug}/cite.{kind}") for kind in ("json", "ris")
    }
    assert json.loads(files["json"].text)[0]["note"] == note
    assert f"N1  - {note}\r\n" in files["ris"].text


@pytest.mark.parametrize("words", ["Fund for Health", "FFH1", "“Early signs”"])
def test_visitors_find_what_a_funder_paid_for(
    site: SimpleNamespace, funder: Funder, client: Client, words: str
) -> None:
    add_funding(site.news, NewsFunding, funder, funder.awards.first())
    assert site.news.title in client.get("/search/", {"q": words}).text


def test_a_renamed_funder_is_found_by_the_new_name(
    site: SimpleNamespace, funder: Funder, client: Client
) -> None:
    add_funding(site.news, NewsFunding, funder)
    funder.name = "Zebra Foundation"
    funder.save()
    assert site.news.title in client.get("/search/", {"q": "zebra"}).text


def test_an_editor_chooses_a_funder(
    site: SimpleNamespace, funder: Funder, admin_client: Client, client: Client
) -> None:
    award = funder.awards.first()
    rows = inline_formset([{"funder": funder.pk, "award": award.pk, "id": ""}])
    send(admin_client, site.report, "action-publish", **nested_form_data({"funding": rows}))
    cache_version.advance()
    assert "Award: FFH1, Early signs." in get_html(client, site.report)


def test_an_award_of_another_funder_is_refused(
    site: SimpleNamespace, funder: Funder, admin_client: Client
) -> None:
    other = Funder.objects.create(name="Another fund")
    rows = inline_formset([{"funder": other.pk, "award": funder.awards.first().pk, "id": ""}])
    response = send(admin_client, site.report, **nested_form_data({"funding": rows}))
    assert "This award is from Fund for Health (FFH)." in response.text


@pytest.mark.parametrize(
    "text, address",
    [
        ("", ""),
        ("012345678", "https://ror.org/012345678"),
        ("ror.org/012345678/", "https://ror.org/012345678"),
    ],
)
def test_a_ror_address_is_normalised(text: str, address: str) -> None:
    funder = Funder(name="A fund", ror=text)
    funder.clean()
    assert funder.ror == address


@pytest.mark.parametrize(
    "text", ["https://example.org", "javascript:alert(1)", "https://ror.org/9"]
)
def test_another_address_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Funder(name="A fund", ror=text).clean()


def test_a_funder_in_use_is_not_deleted(
    site: SimpleNamespace, funder: Funder, admin_client: Client
) -> None:
    add_funding(site.report, ReportFunding, funder)
    address = f"/admin/snippets/funding/funder/delete/{funder.pk}/"
    assert "names the funder" in admin_client.post(address, follow=True).text
    assert Funder.objects.filter(pk=funder.pk).exists()
    site.report.funding = []
    site.report.save_revision().publish()
    admin_client.post(address)
    assert not Funder.objects.filter(pk=funder.pk).exists()


def test_an_award_in_use_is_not_deleted(
    site: SimpleNamespace, funder: Funder, admin_client: Client
) -> None:
    add_funding(site.report, ReportFunding, funder, funder.awards.first())
    address = f"/admin/snippets/funding/funder/edit/{funder.pk}/"
    form = "w-editor-form"
    response = admin_client.post(
        address, read_form(admin_client, address, form) | {"awards-0-DELETE": "1"}
    )
    assert "The award “FFH1, Early signs” cannot be deleted" in response.text
    assert funder.awards.count() == 2


def test_the_chooser_of_funders_adds_a_new_one(admin_client: Client) -> None:
    address = reverse("wagtailsnippetchoosers_funding_funder:create")
    assert admin_client.post(address).json()["step"] == "reshow_creation_form"
    answer = admin_client.post(address, {"name": "A new funder"})
    assert answer.json()["result"]["string"] == "A new funder"
