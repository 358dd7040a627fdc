"""The words and data that templates make of values."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from wagtail.models import Page

from bhp_site.core.blocks import StoryBlock
from bhp_site.core.images.renditions import DEFERRED_FORMATS, make_renditions
from bhp_site.core.page_contents import OWN_ANCHORS
from bhp_site.core.templatetags import site

from ..factories import SiteDocumentFactory, SiteImageFactory, StandardPageFactory, add_update

TEMPLATES = settings.BASE_DIR / "templates"


def test_json_ld_holds_every_node() -> None:
    element = site.json_ld({"@type": "A"}, [{"@type": "B"}, {"@type": "C"}], None)
    data = json.loads(re.sub(r"</?script[^>]*>", "", element))
    assert data["@context"] == "https://schema.org"
    assert [node["@type"] for node in data["@graph"]] == ["A", "B", "C"]


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--", "a & b", "“€” 🎈"])
def test_no_text_breaks_out_of_json_ld(text: str) -> None:
    element = site.json_ld({"name": text})
    inner = element.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&") & set(inner)
    assert json.loads(inner)["@graph"] == [{"name": text}]


@pytest.mark.parametrize(
    "number, words",
    [
        (None, ""),
        (0, ""),
        (1, "1 KB"),
        (1499, "1 KB"),
        (310_400, "310 KB"),
        (1_000_000, "1 MB"),
        (1_234_567, "1.2 MB"),
        (4_000_000, "4 MB"),
    ],
)
def test_a_size_is_said_as_people_do(number: int | None, words: str) -> None:
    assert site.size(number) == words


def test_a_size_never_reaches_a_thousand_kilobytes() -> None:
    assert site.size(999_999) == "1 MB"


@pytest.mark.parametrize(
    "name, letters",
    [
        ("Ed Smith", "ES"),
        ("Professor Jo van der Lee", "JL"),
        ("Professor Dame Jo Lee", "JL"),
        ("Dr. Jo Lee", "JL"),
        ("Cher", "C"),
        ("Dame", "D"),
        ("jo (the) lee", "JL"),
        ("Émile Ångström", "ÉÅ"),
        ("", ""),
        ("123", ""),
    ],
)
def test_initials_leave_titles_out(name: str, letters: str) -> None:
    assert site.initials(name) == letters


def test_text_is_parted_at_blank_lines() -> None:
    assert site.paragraphs("One.\r\n\r\nTwo,\r\nstill two.\n\n\n\n Three. \n") == [
        "One.",
        "Two,\nstill two.",
        "Three.",
    ]


@pytest.mark.parametrize(
    "facts, words",
    [
        ({}, []),
        ({"pages": 1, "is_tagged": True}, ["1 page", "tagged for screen readers"]),
        (
            {"pages": 36, "language": "en-GB", "is_tagged": False},
            ["36 pages", "English", "not tagged for screen readers"],
        ),
        ({"is_tagged": True, "has_faults": True}, ["some accessibility problems"]),
        ({"is_tagged": False, "has_faults": True}, ["not tagged for screen readers"]),
        (
            {"pages": 2, "has_text": False, "is_tagged": True, "has_faults": True},
            ["2 pages", "scanned, without a text layer"],
        ),
        ({"language": "tlh"}, ["tlh"]),
    ],
)
def test_a_file_says_what_is_known_of_it(facts: dict[str, Any], words: list[str]) -> None:
    known = {"pages": None, "language": "", "is_tagged": None, "has_text": None}
    known |= {"has_faults": False} | facts
    language = {"en-GB": "English"}.get(known["language"], known["language"])
    assert site.document_facts(SimpleNamespace(**known, language_name=language)) == words


def test_a_link_to_a_file_says_format_and_size(db: None) -> None:
    document = SiteDocumentFactory(title="Plan")
    html = site.with_document_facts(
        f'<p><a linktype="document" id="{document.pk}">The plan</a></p>'
    )
    assert f'<a href="/documents/plan.pdf">The plan <span class="nb">(PDF, {1} KB)' in html


def test_a_link_to_a_file_that_is_gone_keeps_its_words(db: None) -> None:
    html = site.with_document_facts('<p><a id="99" linktype="document">The plan</a></p>')
    assert "The plan" in html
    assert "PDF" not in html


def test_a_link_elsewhere_is_left_as_it_is(db: None) -> None:
    source = '<p><a href="https://www.example.org/">There</a></p>'
    assert site.with_document_facts(source) == source


def test_a_host_is_named_without_www() -> None:
    assert site.site_name("https://www.bham.ac.uk/about") == "bham.ac.uk"
    assert site.site_name("not an address") == "not an address"


def test_a_section_holds_what_lies_below_it() -> None:
    assert site.within("/news/one/", "/news/")
    assert not site.within("/news/", "/")
    assert not site.within("/newsletter/", "/news/")


def test_a_menu_is_asked_for_an_entry() -> None:
    menu = [{"title": "News", "url": "/news/"}]
    assert site.find_menu_entry(menu, "/news/") == menu[0]
    assert site.find_menu_entry([], "/news/") is None


def test_a_mapping_without_the_key_gives_nothing() -> None:
    assert site.item({"1": "one"}, 1) == "one"
    assert site.item(None, 1) == ""


def test_page_numbers_leave_gaps() -> None:
    assert site.page_numbers(Paginator(range(90), 10).page(5)) == [1, "…", 4, 5, 6, "…", 9]


def find_ids(template: str) -> set[str]:
    """What a template, and what it includes, call their own parts."""
    text = (TEMPLATES / template).read_text()
    included = re.findall(r'include "([a-z_/]+\.html)"', text)
    return set(re.findall(r'\bid="([a-z-]+)"', text)).union(*map(find_ids, included))


@pytest.mark.parametrize(
    "template",
    [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.glob("*/*_page.html")
        if "components/story.html" in path.read_text()
    ],
)
def test_no_heading_takes_the_anchor_of_a_part_of_its_page(template: str) -> None:
    assert find_ids(template) <= {*OWN_ANCHORS}


def test_headings_have_anchors_that_differ_and_are_nobody_elses() -> None:
    words = ["Aims", "Aims", "Aims 2", "Aims", "Press", "…"]
    body = StoryBlock().to_python([{"type": "heading", "value": value} for value in words])
    found = [anchor for _, anchor in site.with_anchors(body)]
    assert found == ["aims", "aims-2", "aims-2-2", "aims-3", "press-2", ""]


@pytest.mark.parametrize(
    "tag, query",
    [
        ("{% query page=2 %}", "?kind=award&amp;page=2"),
        ("{% query kind=None page=None %}", "?"),
        ("{% query kind='' %}", "?page=3"),
    ],
)
def test_a_query_is_changed_in_one_place(tag: str, query: str) -> None:
    request = RequestFactory().get("/?kind=award&page=3")
    html = Template("{% load site %}" + tag).render(Context({"request": request}))
    assert html == query


def test_a_picture_comes_in_those_there_are(db: None) -> None:
    html = Template("{% load site %}{% picture image sizes='100vw' %}").render(
        Context({"image": SiteImageFactory()})
    )
    assert "avif" not in html
    assert 'type="image/webp"' in html


def test_a_picture_comes_in_every_format(db: None) -> None:
    image = SiteImageFactory(description="Two discs.")
    make_renditions(image, DEFERRED_FORMATS)
    html = Template("{% load site %}{% picture image sizes='100vw' %}").render(
        Context({"image": image})
    )
    assert 'type="image/avif"' in html
    assert 'type="image/webp"' in html
    assert 'alt="Two discs."' in html
    assert 'width="40"' in html


def test_a_picture_for_decoration_says_nothing(db: None) -> None:
    html = Template("{% load site %}{% picture image sizes='1px' alt='' %}").render(
        Context({"image": SiteImageFactory()})
    )
    assert 'alt=""' in html


def test_a_page_says_when_and_why_it_was_updated(home: Page, client: Any) -> None:
    page = StandardPageFactory(parent=home)
    add_update(page, "2025-03-12", "Corrected page 4")
    text = client.get(page.get_url()).text
    assert '<time datetime="2025-03-12">12 March 2025</time>' in text
    assert "Corrected page 4" in text
    assert '"dateModified": "2025-03-12"' in text
