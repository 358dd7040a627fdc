"""What a visitor finds on the page of a partner, and in the list of partners."""

import datetime
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from bhp_site.core.images.renditions import FORMATS, get_rendition_files
from bhp_site.core.models import SiteImage
from news.models import NewsPage
from partners.models import MembershipEvent, OtherName, PartnerPage
from tests.admin_forms import send
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    ReportPageFactory,
    SiteImageFactory,
    with_role,
)

from ..pages import get_html, get_schema_nodes

Kind = MembershipEvent.Kind


def make_day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def make_event(partner: PartnerPage, earliest: str = "", latest: str = "", **more: Any) -> None:
    dates = {"earliest": make_day(earliest), "latest": make_day(latest)}
    partner.events.add(MembershipEvent(**dates, **more))
    partner.save()


def test_partner_shows_name_kind_and_summary(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, site.partner)
    assert f"<h1>{site.partner.title}</h1>" in text
    assert '<span class="tag">University</span>' in text
    assert '<p class="lead">It brings what a partner brings.</p>' in text


def test_it_shows_short_name_and_website(partner_index: Any, client: Client) -> None:
    partner = PartnerPageFactory(
        parent=partner_index, short_name="UHB", website="https://www.example.org/about"
    )
    text = get_html(client, partner)
    assert "<dd>UHB</dd>" in text
    assert '<a href="https://www.example.org/about">example.org</a>' in text


def test_it_tells_its_other_names_in_order(partner_index: Any, client: Client) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    partner.other_names = [OtherName(name="Queen’s College"), OtherName(name="Mason College")]
    partner.save()
    assert "<dd>Queen’s College; Mason College</dd>" in get_html(client, partner)


@pytest.mark.parametrize(
    "earliest, latest, year, words",
    [
        ("", "", "", "Joined."),
        ("", "2025-03-31", "By 2025", "Joined."),
        ("2020-09-01", "", "2020 or later", "Joined."),
        ("2021-01-01", "2021-12-31", "2021", "Joined."),
        ("2021-05-01", "2021-05-31", "2021", "Joined in May 2021."),
        ("2021-05-03", "2021-05-03", "2021", "Joined on 3 May 2021."),
        ("2020-09-01", "2022-08-31", "By 2022", "Joined between 2020 and 2022."),
    ],
)
def test_a_date_is_no_more_exact_than_known(
    partner_index: Any, client: Client, earliest: str, latest: str, year: str, words: str
) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    make_event(partner, earliest, latest)
    item = re.search(
        r'<ol class="timeline">\s*<li>(.*?)</li>', get_html(client, partner), re.DOTALL
    )
    assert item is not None
    assert "".join(re.findall("<h3>(.*?)</h3>", item[1])) == year
    assert re.findall("<p>(.*?)</p>", item[1]) == [words]


@pytest.mark.parametrize(
    "kind, words",
    [
        (Kind.JOINED, "Joined."),
        (Kind.LEFT, "Left."),
        (Kind.RENAMED, "Renamed."),
        (Kind.MERGED, "Merged."),
    ],
)
def test_it_tells_what_happened(partner_index: Any, client: Client, kind: str, words: str) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    make_event(partner, kind=kind)
    assert f"<p>{words}</p>" in get_html(client, partner)


def test_a_renaming_tells_the_former_name_and_its_note(partner_index: Any, client: Client) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    make_event(partner, kind=Kind.RENAMED, former_name="The Old Trust", note="After a merger.")
    text = get_html(client, partner)
    assert "<p>Renamed. It was called The Old Trust until then. After a merger.</p>" in text


def test_an_event_is_named_by_kind_and_date() -> None:
    assert str(MembershipEvent(latest=make_day("2025-03-31"))) == "Joined by 2025"
    assert str(MembershipEvent()) == "Joined"


def test_an_event_that_ends_before_it_began_is_refused_at_its_latest_date() -> None:
    wrong = MembershipEvent(earliest=make_day("2022-01-01"), latest=make_day("2021-01-01"))
    with pytest.raises(ValidationError) as refusal:
        wrong.clean()
    assert list(refusal.value.message_dict) == ["latest"]


def test_the_order_of_joining_can_stay_open_in_the_form(
    site: SimpleNamespace, editor_client: Client
) -> None:
    make_event(site.partner, latest="2025-03-31")
    response = send(editor_client, site.partner, summary="It brings something else.")
    assert response.status_code == 302
    draft = PartnerPage.objects.get(pk=site.partner.pk).get_latest_revision_as_object()
    assert (draft.summary, draft.dates[0].order) == ("It brings something else.", None)


def test_a_partner_without_events_shows_no_membership(
    site: SimpleNamespace, client: Client
) -> None:
    assert 'id="membership"' not in get_html(client, site.partner)


def test_the_logo_is_shown_with_permission(partner_index: Any, client: Client) -> None:
    logo = SiteImageFactory()
    partner = PartnerPageFactory(parent=partner_index, logo=logo, logo_permission="A. B., 2025")
    partner.save_revision().publish()
    text = get_html(client, partner)
    source = re.search(r'<img[^>]*class="logo"[^>]*>', text)
    assert source is not None
    picture = re.search(r'src="([^"]+)"', source[0])
    assert picture is not None
    assert client.get(picture[1]).status_code == 200


def test_no_page_shows_a_second_logo(
    site: SimpleNamespace, client: Client, release: NewsPage
) -> None:
    partners = [
        PartnerPageFactory(
            parent=site.partner_index,
            kind="nhs_trust",
            logo=SiteImageFactory(),
            logo_permission="A. B., 2025",
        )
        for _ in range(2)
    ]
    person = with_role(site.person.person, "Chair", partner=partners[0])
    for page in (release, site.report):
        page.partners = partners
    for partner in partners:
        partner.themes = [site.theme]
        partner.save_revision().publish()
    release.body[1].value["speaker"], release.body[1].value["organisation"] = person, ""
    for page in (site.report, release):
        page.save_revision().publish()
    logos = {partner: set(list_picture_names(partner.logo)) for partner in partners}
    for page in Page.objects.live().filter(depth__gt=1).specific():
        text = client.get(page.get_url()).text
        shown = [partner for partner, names in logos.items() if any(n in text for n in names)]
        assert shown == ([page] if page in partners else [])


def test_the_logo_is_not_shown_without_permission(partner_index: Any, client: Client) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    PartnerPage.objects.update(logo=SiteImageFactory())
    assert PartnerPage.objects.get().permitted_logo is None
    assert "/pictures/" not in get_html(client, partner)


def test_a_logo_without_permission_is_refused_at_the_note(partner_index: Any) -> None:
    partner = PartnerPageFactory.build(logo=SiteImageFactory())
    with pytest.raises(ValidationError) as refusal:
        partner.clean()
    assert list(refusal.value.message_dict) == ["logo_permission"]


def test_it_shows_its_news_and_reports(site: SimpleNamespace, client: Client) -> None:
    text = get_html(client, site.partner)
    for page in (site.news, site.report):
        assert f'<h3><a href="{page.get_url()}">{page.title}</a></h3>' in text


def test_its_news_stands_newest_first(site: SimpleNamespace, client: Client) -> None:
    for title, date in (("Old", "2020-01-01"), ("New", "2024-01-01")):
        news = NewsPageFactory(parent=site.news_index, title=title, date=make_day(date))
        news.partners.add(site.partner)
        news.save()
    found = re.findall(r'<h3><a href="/news/[^"]+">([^<]+)</a>', get_html(client, site.partner))
    assert found == ["New", site.news.title, "Old"]


def test_drafts_are_not_named(site: SimpleNamespace, client: Client) -> None:
    news = NewsPageFactory(parent=site.news_index, title="Hidden item", live=False)
    report = ReportPageFactory(parent=site.report_index, title="Hidden report", live=False)
    for page in (news, report):
        page.partners.add(site.partner)
        page.save()
    assert "Hidden" not in get_html(client, site.partner)


def test_a_partner_without_news_has_no_empty_sections(partner_index: Any, client: Client) -> None:
    text = get_html(client, PartnerPageFactory(parent=partner_index))
    assert re.findall(r"<h2[^>]*>([^<]+)<", text.partition("</h1>")[2])[0] == "Details"


def test_its_data_say_what_it_is_and_belongs_to(partner_index: Any, client: Client) -> None:
    partner = PartnerPageFactory(
        parent=partner_index, short_name="UHB", website="https://example.org/"
    )
    partner.other_names = [OtherName(name="The Old Trust")]
    partner.save()
    graph = get_schema_nodes(get_html(client, partner))
    node = next(
        node
        for node in graph
        if node.get("@id", "").endswith("#organisation") and node["name"] == partner.title
    )
    assert node["memberOf"] == {
        "@type": "OrganizationRole",
        "memberOf": {"@id": "http://testserver/#organisation"},
    }
    assert node["alternateName"] == ["UHB", "The Old Trust"]
    assert node["url"] == "https://example.org/"
    page = next(node for node in graph if node["@type"] == "ProfilePage")
    assert page["mainEntity"] == {"@id": node["@id"]}


def test_its_words_are_summary_and_story(partner_index: Any) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    partner.story = [("paragraph", "<p>Its <b>story</b>.</p>")]
    assert partner.text == "It brings what a partner brings. Its story."


def list_picture_names(picture: SiteImage) -> list[str]:
    """What its sizes are called in addresses."""
    return [size.name for kind in FORMATS for size in get_rendition_files(picture, kind)]


def list_titles(client: Client) -> list[str]:
    text = client.get("/partners/").text
    return re.findall(r'<span class="name">([^<]+)<', text)


def test_the_list_is_in_the_order_of_joining(partner_index: Any, client: Client) -> None:
    for title, order in (("Unknown B", None), ("Third", 3), ("First", 1), ("Unknown A", None)):
        make_event(PartnerPageFactory(parent=partner_index, title=title), order=order)
    assert list_titles(client) == ["First", "Third", "Unknown A", "Unknown B"]


def test_a_merger_does_not_count_as_joining(partner_index: Any, client: Client) -> None:
    old, late = (PartnerPageFactory(parent=partner_index, title=t) for t in ("Old", "Late"))
    make_event(old, order=2)
    make_event(late, order=3)
    make_event(late, kind=Kind.MERGED, order=1)
    assert list_titles(client) == ["Old", "Late"]


def test_the_list_names_no_draft(site: SimpleNamespace, client: Client) -> None:
    PartnerPageFactory(parent=site.partner_index, title="Secret partner", live=False)
    assert list_titles(client) == [site.partner.title]


def test_an_empty_list_says_so(partner_index: Any, client: Client) -> None:
    assert "No partners have been added yet." in client.get("/partners/").text


def test_the_listing_for_editors_has_the_columns_that_matter(
    site: SimpleNamespace, editor_client: Client
) -> None:
    PartnerPage.objects.update(short_name="PSN")
    text = editor_client.get("/admin/partners/").text
    for words in (site.partner.title, "Short name", "PSN", "Kind", "University"):
        assert words in text
