"""Search over all public pages."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from bhp_site.search.query import MAX_QUERY_CHARACTERS, parse_terms
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    QuotePageFactory,
    ReportPageFactory,
    StandardPageFactory,
)
from tests.hostile_strings import HOSTILE_STRINGS
from tests.page_states import HIDDEN


def look(client: Client, query: str, **more: str) -> str:
    response = client.get("/search/", {"q": query} | more)
    assert response.status_code == 200
    return response.text


def list_titles(text: str) -> list[str]:
    """Titles of the results, without marks."""
    titles = re.findall(r'<h2><a href="[^"]+">(.*?)</a></h2>', text)
    return [re.sub(r"</?mark>", "", title) for title in titles]


@pytest.mark.parametrize("name", ["home", "news", "report", "partner", "standard"])
def test_it_finds_pages_of_every_type(site: SimpleNamespace, client: Client, name: str) -> None:
    page = getattr(site, name)
    page.title = f"Zebrafish {name}"
    page.save()
    assert list_titles(look(client, "zebrafish")) == [f"Zebrafish {name}"]


@pytest.mark.parametrize("name", ["news_index", "report_index", "partner_index"])
def test_it_finds_indexes_by_their_summary(
    site: SimpleNamespace, client: Client, name: str
) -> None:
    page = getattr(site, name)
    page.summary = "All about zebrafish."
    page.save()
    assert list_titles(look(client, "zebrafish")) == [page.title]


def test_it_finds_words_of_the_body(news_index: Any, client: Client) -> None:
    NewsPageFactory(
        parent=news_index, title="Fish", body=[("paragraph", "<p>Swimming zebrafish.</p>")]
    )
    assert list_titles(look(client, "zebrafish")) == ["Fish"]


def test_it_finds_a_quote_by_its_words(site: SimpleNamespace, client: Client) -> None:
    QuotePageFactory(parent=site.news, title="Jo: “Fish”", words="We love zebrafish.")
    assert list_titles(look(client, "zebrafish")) == ["Jo: “Fish”"]


def test_every_result_has_all_words(site: SimpleNamespace, client: Client) -> None:
    for title in ("Red zebrafish", "Blue zebrafish"):
        StandardPageFactory(parent=site.home, title=title)
    assert list_titles(look(client, "zebrafish blue")) == ["Blue zebrafish"]


def test_a_result_says_kind_and_marks_words(site: SimpleNamespace, client: Client) -> None:
    NewsPageFactory(parent=site.news_index, title="Zebrafish", summary="A zebrafish swims.")
    text = look(client, "zebraFISH")
    assert "<mark>Zebrafish</mark></a>" in text
    assert "A <mark>zebrafish</mark> swims." in text
    assert '<span class="tag">Announcement</span>' in text
    assert "1 result for “zebraFISH”" in text


def test_marks_in_what_is_found_are_escaped(site: SimpleNamespace, client: Client) -> None:
    summary = "<script>alert(1)</script> & zebrafish"
    StandardPageFactory(parent=site.home, title="<b>Zebrafish</b>", summary=summary)
    text = look(client, "zebrafish")
    assert "&lt;b&gt;<mark>Zebrafish</mark>&lt;/b&gt;" in text
    assert "<script>alert" not in text


def test_marks_in_what_is_looked_for_are_escaped(site: SimpleNamespace, client: Client) -> None:
    text = look(client, '"><script>alert(1)</script>')
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_search_without_results_says_so_and_links_to_other_pages(
    site: SimpleNamespace, client: Client
) -> None:
    text = look(client, "zebrafish")
    assert "0 results for “zebrafish”" in text
    assert "No results for “zebrafish”." in text


def test_without_words_there_is_only_the_form(site: SimpleNamespace, client: Client) -> None:
    text = client.get("/search/").text
    assert 'role="search"' in text
    assert "Enter one or more words." in text
    assert list_titles(text) == []


@pytest.mark.parametrize("query", ["", "   ", "\t"])
def test_blank_words_are_none(site: SimpleNamespace, client: Client, query: str) -> None:
    assert "Enter one or more words." in look(client, query)


@pytest.mark.parametrize("query", ["?!", "%", "🙂", "—", "''"])
def test_signs_alone_ask_for_a_word(site: SimpleNamespace, client: Client, query: str) -> None:
    assert "Enter at least one word" in look(client, query)


@pytest.mark.parametrize(
    "query",
    [
        "word " * 600,
        "x" * 10_000,
        "AND OR NOT",
        "zebrafish AND",
        'NEAR("a" "b", 5)',
        '"unclosed',
        "''; DROP TABLE core_user; --",
        "1' OR '1'='1",
        "a* b^2 c:d {e} [f] (g",
        "100% _under_ \\back\\slash\\",
        "🙂 zebrafish 👩🏽‍⚕️",
        "مستشفى برمنغهام",
        "\u202ezebrafish\u202c",
        "café naïve Ünïcödé ß ﬁ",
        "!|&<->:*",
        "a:b:c & !d",
        "\ud83d\ude42".encode("utf-16", "surrogatepass").decode("utf-16"),
    ],
)
def test_odd_words_are_no_error(site: SimpleNamespace, client: Client, query: str) -> None:
    assert 'role="search"' in look(client, query)


def test_no_string_is_an_error(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory(parent=site.home, title="Test", body=[("paragraph", "<p>test</p>")])
    for string in HOSTILE_STRINGS:
        assert 'role="search"' in look(client, string)
        assert 'role="search"' in look(client, f"test {string}", kind=string, theme=string)
        assert 'role="search"' in look(client, f"{string[:20]} tset", year=string)


def test_bytes_that_are_no_text_are_no_error(site: SimpleNamespace, client: Client) -> None:
    assert client.get("/search/?q=%ff%fe%c3").status_code == 200


def test_a_nul_byte_is_refused(site: SimpleNamespace, client: Client) -> None:
    assert client.get("/search/?q=zebra%00fish").status_code == 400


def test_long_words_are_cut(site: SimpleNamespace, client: Client) -> None:
    text = look(client, "a" * 300)
    assert "a" * MAX_QUERY_CHARACTERS in text
    assert "a" * (MAX_QUERY_CHARACTERS + 1) not in text


@pytest.mark.parametrize("state", HIDDEN)
def test_hidden_pages_are_never_found(site: SimpleNamespace, client: Client, state: str) -> None:
    pages = [
        NewsPageFactory(parent=site.news_index, title="Zebrafish news", live=False),
        ReportPageFactory(parent=site.report_index, title="Zebrafish report", live=False),
        PartnerPageFactory(parent=site.partner_index, title="Zebrafish partner", live=False),
        StandardPageFactory(parent=site.standard, title="Zebrafish page", live=False),
        QuotePageFactory(parent=site.news, title="Zebrafish quote", live=False),
    ]
    for page in pages:
        HIDDEN[state](page)
    assert list_titles(look(client, "zebrafish")) == []


@pytest.mark.parametrize("state", HIDDEN)
def test_what_visitors_may_not_read_is_not_counted(
    site: SimpleNamespace, client: Client, state: str
) -> None:
    StandardPageFactory.create_batch(7, parent=site.home, summary="zebrafish")
    public = get_facets(look(client, "zebrafish"))
    hidden = NewsPageFactory(
        parent=site.news_index, title="Zebrafish quokka", date="1999-01-01", live=False
    )
    hidden.partners.add(site.partner)
    hidden.themes.add(site.theme)
    HIDDEN[state](hidden)
    assert get_facets(look(client, "zebrafish")) == public
    for name, value in {"kind": "news", "year": "1999", "partner": site.partner.slug}.items():
        assert "0 results" in look(client, "zebrafish", **{name: value})
    assert "Did you mean" not in look(client, "quoka")


def get_facets(text: str) -> list[str]:
    """How many results there are, and what they can be narrowed down by."""
    facets = re.search(r'<details class="facets.*?</details>', text, re.DOTALL)
    assert "results for" in text
    return [*re.findall(r"\d+ results for", text), facets[0] if facets else ""]


def test_many_results_are_parted_and_keep_the_words(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory.create_batch(12, parent=site.home, summary="zebrafish")
    first, second = look(client, "zebrafish"), look(client, "zebrafish", page="2")
    assert '<a href="?q=zebrafish&amp;page=2" rel="next">' in first
    assert "12 results for “zebrafish”, page 1 of 2" in first
    assert "<title>Search: zebrafish – " in first
    assert "<title>Search: zebrafish, page 2 – " in second
    assert (len(list_titles(first)), len(list_titles(second))) == (10, 2)
    assert not set(list_titles(first)) & set(list_titles(second))


@pytest.mark.parametrize("page", ["abc", "-1", "0", "999"])
def test_a_part_that_is_not_there_is_404(site: SimpleNamespace, client: Client, page: str) -> None:
    assert client.get("/search/", {"q": "partner", "page": page}).status_code == 404


def test_it_asks_not_to_be_indexed(site: SimpleNamespace, client: Client) -> None:
    assert '<meta name="robots" content="noindex">' in look(client, "zebrafish")


def test_it_takes_no_post(site: SimpleNamespace, client: Client) -> None:
    assert client.post("/search/", {"q": "zebrafish"}).status_code == 405


def test_words_are_letters_and_digits() -> None:
    assert parse_terms("Covid-19, “long” O'Neil_x") == ["Covid", "19", "long", "O", "Neil", "x"]


def test_no_more_than_twenty_words_count() -> None:
    assert len(parse_terms("a b " * 40)) == 20


def test_many_results_can_be_narrowed_down(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory.create_batch(6, parent=site.home, summary="zebrafish")
    for page in (site.report, site.news):
        page.summary = "A zebrafish."
        page.save()
    text = re.sub(r"\s+", " ", look(client, "zebrafish"))
    assert "<summary>Filter by kind, year or partner</summary>" in text
    assert (
        '<a href="?q=zebrafish&amp;kind=report">Reports <span class="meta">(1)</span></a>' in text
    )
    assert '<a href="?q=zebrafish&amp;year=2022">2022 <span class="meta">(2)</span></a>' in text
    narrowed = re.sub(r"\s+", " ", look(client, "zebrafish", kind="report"))
    assert list_titles(narrowed) == [site.report.title]
    assert '<a href="?q=zebrafish&amp;kind=" aria-current="true">Reports' in narrowed
    assert '<input type="hidden" name="kind" value="report">' in narrowed
    assert '<details class="facets" open>' in narrowed


def test_few_results_need_no_narrowing(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory(parent=site.home, summary="zebrafish")
    assert "<summary>Filter by" not in look(client, "zebrafish")


@pytest.mark.parametrize("name", ["kind", "year", "partner", "theme"])
def test_a_choice_that_is_none_finds_nothing(
    site: SimpleNamespace, client: Client, name: str
) -> None:
    StandardPageFactory(parent=site.home, summary="zebrafish")
    text = look(client, "zebrafish", **{name: "<b>nonsense"})
    assert "0 results" in text
    assert "Search without filters" in text
    assert "<b>nonsense" not in text


def test_a_wrong_letter_is_guessed(site: SimpleNamespace, client: Client) -> None:
    StandardPageFactory(parent=site.home, title="Zebrafish tank")
    text = look(client, "zebrafsh tank")
    assert 'Did you mean <a href="?q=zebrafish%20tank">zebrafish tank</a>?' in text


def test_each_search_asks_the_database_little(
    site: SimpleNamespace, client: Client, django_assert_max_num_queries: Any
) -> None:
    StandardPageFactory.create_batch(12, parent=site.home, summary="zebrafish")
    look(client, "zebrafish")
    with django_assert_max_num_queries(14):
        look(client, "zebrafish")
