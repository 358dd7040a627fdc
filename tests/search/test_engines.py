"""What both databases' indexes find, alike."""

from types import SimpleNamespace
from typing import Any

import pytest
from wagtail.models import Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.search.engine import END, START, get_engine
from bhp_site.search.matching import find
from bhp_site.search.models import Entry
from bhp_site.search.query import parse_terms
from bhp_site.search.suggestions import suggest_spelling

from ..factories import NewsPageFactory, PartnerPageFactory, StandardPageFactory


def list_titles(query: str, **chosen: str) -> list[str]:
    """Titles of what is found, in its order."""
    cache_version.advance()
    found = find(parse_terms(query), chosen)
    pages = Page.objects.in_bulk(filter(None, found.visible.pages))
    return [pages[found.visible.pages[number]].title for number in found.ranked]


@pytest.mark.parametrize(
    "said, looked_for",
    [
        ("Research", "researching"),
        ("Researching", "research"),
        ("Universities", "university"),
        ("Café Zoë", "cafe zoe"),
        ("Cafe", "café"),
        ("Don’t panic", "don't"),
        ("Don't panic", "don’t"),
        ("COVID-19 trials", "covid 19"),
        ("COVID-19 trials", "covid-19"),
        ("COVID-19 trials", "covid19"),
        ("COVID–19 trials", "trial covid19"),
        ("Professor O'Neill", "oneill"),
        ("Professor O’Neill", "Oneill professor"),
        ("The D’Arcy lecture", "darcy"),
        ("Co-production", "coproduction"),
        ("X-ray", "xray"),
        ("3D printing", "3d"),
        ("Health and/or care", "or care"),
        ("NHS_trust", "trust"),
        ("Genomics", "genom"),
        ("Long-term conditions", "term condition"),
        ("A <b>bold</b> R&D plan", "bold d"),
        ("See bhp.example.org/about", "example about"),
        ("ask@example.org", "ask example"),
        ("Iechyd da: Ŵyr a chŵn", "wyr chwn"),
        ("مستشفى برمنغهام", "مستشفى"),
        ("2022 and 3.5 million", "2022 3 5"),
        ("İstanbul ﬁnds", "finds"),
    ],
)
def test_words_match_whatever_their_form(home: Page, said: str, looked_for: str) -> None:
    StandardPageFactory(parent=home, title="Other")
    StandardPageFactory(parent=home, title="This", body=[("paragraph", f"<p>{said}</p>")])
    StandardPageFactory(parent=home, title=said, slug="said")
    assert list_titles(looked_for) == [said, "This"]


@pytest.mark.parametrize("query", ["covid19", "oneill", "covid19 oneill"])
def test_words_in_a_row_are_marked_and_others_not_found(home: Page, query: str) -> None:
    text = "<p>Dr O’Neill on COVID-19</p>"
    page = StandardPageFactory(parent=home, title="This", body=[("paragraph", text)])
    StandardPageFactory(parent=home, title="19 covid", body=[("paragraph", "<p>neill o</p>")])
    assert list_titles(query) == ["This"]
    terms = parse_terms(query)
    (entry,) = Entry.objects.filter(page=page)
    line = get_engine().highlight(terms, [entry.pk])[entry.pk].text
    for word in ("COVID", "19") if "covid19" in terms else ():
        assert f"{START}{word}" in line or f"{START}COVID-{word}" in line
    assert START in line


@pytest.mark.parametrize(
    "query, words",
    [("FFH1", "News 10"), ("open", "The pen of the nurse"), ("covid19", "Covid in 1999")],
)
def test_a_part_of_a_word_is_not_marked_alone(home: Page, query: str, words: str) -> None:
    page = StandardPageFactory(parent=home, title=words, summary="Open: Covid-19, FFH1.")
    (entry,) = Entry.objects.filter(page=page)
    marked = get_engine().highlight(parse_terms(query), [entry.pk])[entry.pk]
    assert marked.title == words
    assert START in marked.summary


@pytest.mark.parametrize("query", ["and", "the of", "not zebrafish", "or"])
def test_little_words_and_operators_are_words(home: Page, query: str) -> None:
    StandardPageFactory(parent=home, title="Zebrafish")
    assert list_titles(query) == []
    StandardPageFactory(parent=home, title=f"{query} everything")
    assert list_titles(query) == [f"{query} everything"]


def test_title_comes_before_summary_and_text(home: Page) -> None:
    for name, values in {
        "In the text": {"body": [("paragraph", "<p>The zebrafish.</p>")]},
        "In the summary": {"summary": "The zebrafish."},
        "A zebrafish": {},
    }.items():
        StandardPageFactory(parent=home, title=name, **values)
    assert list_titles("zebrafish") == ["A zebrafish", "In the summary", "In the text"]


def test_names_count_as_much_as_the_title(partner_index: Page) -> None:
    PartnerPageFactory(parent=partner_index, title="Other", summary="It works with the QEH.")
    partner = PartnerPageFactory(parent=partner_index, title="University Hospitals")
    partner.short_name = "QEH"
    partner.save()
    assert list_titles("qeh") == ["University Hospitals", "Other"]


def test_of_equals_the_latest_comes_first(news_index: Page) -> None:
    for year in (2020, 2022, 2021):
        NewsPageFactory(parent=news_index, title="Zebrafish", date=f"{year}-01-01", slug=f"{year}")
    cache_version.advance()
    found = find(["zebrafish"], {})
    slugs = [Page.objects.get(pk=found.visible.pages[n]).slug for n in found.ranked]
    assert slugs == ["2022", "2021", "2020"]


def test_many_are_found_as_well(home: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bhp_site.search.matching.MAX_SCORED_ENTRIES", 1)
    StandardPageFactory(parent=home, title="Other", summary="A zebrafish")
    StandardPageFactory(parent=home, title="Zebrafish")
    assert list_titles("zebrafish") == ["Zebrafish", "Other"]


def test_lines_show_where_the_words_stand(home: Page) -> None:
    words = f"{'before ' * 60}zebrafish {'after ' * 60}"
    StandardPageFactory(parent=home, title="Fish-tank", body=[("paragraph", f"<p>{words}</p>")])
    entry = Entry.objects.get(title="Fish-tank")
    marked = get_engine().highlight(["fish", "zebrafish"], [entry.pk])[entry.pk]
    assert marked.title == f"{START}Fish{END}-tank"
    assert f"before {START}zebrafish{END} after" in marked.text
    assert marked.text.startswith("…")
    assert marked.text.endswith("…")
    assert len(marked.text) < 300


def test_results_can_be_narrowed_down_by_facets(site: SimpleNamespace) -> None:
    site.news.title = site.report.title = site.standard.title = "Zebrafish"
    for page in (site.news, site.report, site.standard):
        page.save()
    cache_version.advance()
    found = find(["zebrafish"], {})
    assert len(found.ranked) == 3
    assert {(value, count) for value, _, count in found.get_facet_values("kind")} == {
        ("news", 1),
        ("report", 1),
        ("page", 1),
    }
    assert found.get_facet_values("year") == [("2022", "2022", 2)]
    assert found.get_facet_values("partner") == [(site.partner.slug, site.partner.title, 2)]
    narrowed = find(["zebrafish"], {"kind": "news"})
    assert len(narrowed.ranked) == 1
    # Another kind can be chosen instead; the other choices count what is left.
    assert len(narrowed.get_facet_values("kind")) == 3
    assert narrowed.get_facet_values("year") == [("2022", "2022", 1)]
    assert find(["zebrafish"], {"kind": "nonsense"}).ranked == []


@pytest.mark.parametrize(
    "typed, guess",
    [
        ("zebrafsh", ["zebrafish"]),
        ("zebrafihs tank", ["zebrafish", "tank"]),
        ("genomiks", ["genomics"]),
        ("xqwzk", []),
        ("12", []),
        ("zebrafish", []),
    ],
)
def test_a_similar_spelling_is_suggested(home: Page, typed: str, guess: list[str]) -> None:
    StandardPageFactory(parent=home, title="Zebrafish tank", summary="Genomics of fish.")
    cache_version.advance()
    assert suggest_spelling(parse_terms(typed)) == guess


def test_words_of_hidden_pages_are_not_suggested(home: Page) -> None:
    page: Any = StandardPageFactory(parent=home, title="Zebrafish")
    page.unpublish()
    cache_version.advance()
    assert suggest_spelling(["zebrafsh"]) == []
