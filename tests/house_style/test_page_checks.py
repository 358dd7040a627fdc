"""Which words of a page are checked, and by what names."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, Site

from bhp_site.core.models import SiteSettings
from bhp_site.house_style.checker import check_text_blocks
from bhp_site.house_style.models import HouseStyleSettings
from bhp_site.house_style.page_checks import (
    check_page,
    check_pages,
    extract_text_blocks,
    get_known_names,
)
from news.models import NewsPage
from partners.models import MembershipEvent, OtherName
from tests.factories import (
    NewsPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    offer,
    write_chapter,
)
from tests.test_site import PAGE_TYPES, page_of


def list_words(page: Page) -> dict[str, tuple[str, str]]:
    """Text → where it stands and whose it is."""
    return {block.text: (block.label, block.whose) for block in extract_text_blocks(page)}


def list_keys() -> list[int]:
    """The primary keys of all pages."""
    return list(Page.objects.filter(depth__gt=1).values_list("pk", flat=True))


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_every_page_type_has_words(site: SimpleNamespace, model: type) -> None:
    page = page_of(site, model)
    assert list_words(page)[page.title][0] == "Title"


def test_fields_are_named_as_in_the_form(site: SimpleNamespace) -> None:
    site.news.update_note = "A date was wrong"
    found = list_words(site.news)
    assert found["A date was wrong"] == ("What changed", "ours")
    assert not {site.news.slug, "announcement", site.news.path} & found.keys()


def test_chapters_are_checked_and_notes_of_editors_are_not(site: SimpleNamespace) -> None:
    body = [("heading", "A heading"), ("note", {"text": "Is it one?", "page": 2})]
    write_chapter(site.report, "Foreword", body, footnotes="1 Our register")
    found = list_words(site.report)
    assert found["Foreword"][0] == "Chapter 1, title"
    assert found["A heading"][0] == "Chapter 1, body, part 1: Heading"
    assert found["1 Our register"][0] == "Chapter 1, footnotes"
    assert "Is it one?" not in found


def test_blocks_are_named_and_numbered(news_index: Page, chair: Any) -> None:
    page = NewsPageFactory(parent=news_index)
    page.body = [
        ("heading", "A heading"),
        ("paragraph", "<p>One <b>bo</b>ld &amp; plain</p><ul><li>Two</li><li>Three</li></ul>"),
        ("quote", {"speaker": chair, "words": "Mine.\n\nAll mine."}),
        ("key_figures", [{"number": "9", "text": "members", "source": "Our register"}]),
        ("video", {"title": "A film", "url": "https://video.example.org/", "text": "Short"}),
    ]
    page.save()
    found = list_words(NewsPage.objects.get(pk=page.pk))
    assert found["A heading"] == ("Body, part 1: Heading", "ours")
    assert found["One bold & plain"] == ("Body, part 2: Text", "ours")
    assert {"Two", "Three"} <= found.keys()
    assert found["All mine."] == ("Body, part 3: Quote, words", "said")
    assert found["Ada Chair"][1] == "name"
    assert found["Our register"] == ("Body, part 4: Key figures 1, source", "ours")
    assert found["Short"] == ("Body, part 5: Video, what it shows", "ours")
    assert found["https://video.example.org/"] == ("Body, part 5: Video, address", "ours")


def test_tables_are_read_cell_by_cell(site: SimpleNamespace) -> None:
    table = {
        "columns": [{"type": "text", "heading": "Kind"}],
        "rows": [{"values": ["NHS trusts"]}],
        "caption": "",
    }
    raw = {"caption": "By kind", "table": table, "row_headers": True}
    site.standard.body = type(site.standard.body)(
        site.standard.body.stream_block, [{"type": "table", "value": raw}], is_lazy=True
    )
    found = list_words(site.standard)
    assert {"By kind", "Kind", "NHS trusts"} <= found.keys()


def test_a_label_and_a_link_belong_to_a_file(report_index: Page) -> None:
    page = ReportPageFactory(parent=report_index)
    offer(page, SiteDocumentFactory(), "The report, 36 pages")
    page.body = [
        ("paragraph", '<p>Read <a linktype="document" id="1">it</a>, 12 pages</p><p>7 pages</p>')
    ]
    found = check_text_blocks(list(extract_text_blocks(page)), get_known_names(Site.objects.get()))
    assert [one.text for one in found] == ["12 pages", "36 pages"]


def test_a_partners_own_names_are_the_register(site: SimpleNamespace) -> None:
    site.partner.other_names.add(OtherName(name="Partner & Co"))
    site.partner.events.add(MembershipEvent(former_name="Was", note="A note"))
    found = list_words(site.partner)
    assert found[site.partner.title] == ("Title", "name")
    assert found["Partner & Co"][1] == found["Was"][1] == "name"
    assert found["A note"] == ("Membership event 1, note", "ours")


def test_a_persons_page_is_checked_with_the_biography(site: SimpleNamespace) -> None:
    site.person.person.biography = "Has a history."
    assert list_words(site.person)["Has a history."] == ("Biography, under People", "ours")


def test_names_come_from_the_register_and_the_settings(site: SimpleNamespace) -> None:
    site.partner.short_name = "PRT"
    site.partner.other_names.add(OtherName(name="The Partner of Old"))
    site.partner.events.add(MembershipEvent(kind="renamed", former_name="Society for Parts"))
    site.partner.save()
    where = Site.objects.get()
    SiteSettings.objects.update_or_create(site=where, defaults={"name": "Us", "short_name": "WE"})
    listed = HouseStyleSettings.for_site(where)
    listed.acronyms = "ABC\n DEF \n"
    listed.save()
    names = get_known_names(where)
    assert names.own == "Us"
    assert names.members == (
        (site.partner.title, "PRT", "The Partner of Old", "Society for Parts"),
    )
    assert names.known_acronyms >= {"WE", "ABC", "DEF", "PRT"}
    assert "NHS" not in names.known_acronyms


def test_usual_acronyms_are_on_the_list_from_the_start(home: Page) -> None:
    assert {"NHS", "UK", "PDF"} <= get_known_names(Site.objects.get()).known_acronyms


def test_the_site_is_checked_as_last_saved(faulty: NewsPage) -> None:
    names = get_known_names(Site.objects.get())
    everything = list_keys()
    assert [(one.page.pk, one.finding.text) for one in check_pages(everything, names)] == [
        (faulty.pk, "due to open in 2022")
    ]
    faulty.body = [("paragraph", "<p>It has opened.</p>")]
    faulty.save_revision()
    assert list(check_pages(everything, names)) == []
    assert [one.code for one in check_page(NewsPage.objects.get(), names)] == ["stale-promise"]


def test_a_page_the_product_writes_is_left_out(site: SimpleNamespace) -> None:
    site.quote.words = "It is the the end"
    site.quote.save()
    assert list(check_pages(list_keys(), get_known_names(Site.objects.get()))) == []


def test_a_larger_site_takes_no_more_queries(site: SimpleNamespace) -> None:
    names = get_known_names(Site.objects.get())
    counts = []
    for more in (2, 40):
        site.news_index.refresh_from_db()
        NewsPageFactory.create_batch(more, parent=site.news_index)
        with CaptureQueriesContext(connection) as captured:
            list(check_pages(list_keys(), names))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_links_that_were_stored_before_they_were_cleaned_are_found(news_index: Page) -> None:
    page = NewsPageFactory(parent=news_index)
    html = '<p>See <a href="https://a.example/?a=1&amp;b=2"><b>the</b> plan</a>.</p>'
    page.body = [("paragraph", html)]
    (block,) = [block for block in extract_text_blocks(page) if block.links]
    assert block.links == (("the plan", "https://a.example/?a=1&b=2"),)


def test_links_in_fields_of_their_own_are_checked(site: SimpleNamespace) -> None:
    names = get_known_names(Site.objects.get())
    site.partner.website = "https://bit.ly/3abc"
    video = {"title": "The film", "url": "https://www.facebook.com/l.php?u=https://example.org/"}
    site.standard.body = [("video", video)]
    for page, label in ((site.partner, "Website"), (site.standard, "Body, part 1: Video, address")):
        (finding,) = [
            one
            for one in check_text_blocks(list(extract_text_blocks(page)), names)
            if one.code == "link-target"
        ]
        assert finding.where == label
