"""A chart on a page: its drawing, its table and its figures as CSV."""

import re
import uuid
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.models import Page

from bhp_site.core.blocks import StoryBlock, get_plain_text
from bhp_site.core.charts.blocks import ChartBlock
from bhp_site.home.models import StandardPage
from bhp_site.server.page_cache.content_encoding import encode_body
from bhp_site.settings import BASE_DIR
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonPageFactory,
    ReportPageFactory,
    StandardPageFactory,
    ThemePageFactory,
    write_chapter,
)
from tests.page_states import publish, restrict
from tests.pages import get_html

KEY = str(uuid.UUID(int=7))
CHART = {
    "title": "People recruited at Good Hope Hospital",
    "kind": "bar",
    "figures": "Period; People\n2019; 50\n2024–25; 573",
    "unit": "",
    "text": "More than eleven times as many took part.",
    "source": "Good Hope Hospital",
}


def build_body(**changes: Any) -> list[dict[str, Any]]:
    return [{"type": "chart", "id": KEY, "value": CHART | changes}]


@pytest.fixture
def chart_page(home: Page) -> StandardPage:
    """A page with a chart."""
    made: StandardPage = StandardPageFactory(parent=home, title="Charts", body=build_body())
    return made


def change(page: StandardPage, **changes: Any) -> None:
    page.body = build_body(**changes)
    page.save()


def get_drawing(html: str) -> Any:
    (found,) = re.findall(r'<svg class="plot.*?</svg>(?=\s*<details)', html, re.DOTALL)
    return ET.fromstring(found)


def get_address(page: Page) -> str:
    return f"/charts/{page.pk}/{KEY}.csv"


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
def test_a_chart_says_what_it_shows_without_being_seen(
    chart_page: StandardPage, client: Client, kind: str
) -> None:
    change(chart_page, kind=kind)
    html = get_html(client, chart_page)
    drawing = get_drawing(html)
    assert drawing.get("role") == "img"
    title, description = (
        drawing.find(f"*[@id='{key}']") for key in drawing.get("aria-labelledby").split()
    )
    assert title.text == CHART["title"]
    assert description.text == (
        f"{kind.capitalize()} chart with 2 rows, from 50 (2019) to 573 (2024–25)."
    )
    assert CHART["text"] in html
    assert "Source: Good Hope Hospital" in html


@pytest.mark.parametrize("kind", ["bar", "column", "line"])
def test_a_chart_needs_neither_style_nor_script(
    chart_page: StandardPage, client: Client, kind: str
) -> None:
    change(chart_page, kind=kind, figures="Year, A, B\n2019, 1, -2\n2020, 3, 4\n2021, 5, ")
    for element in get_drawing(get_html(client, chart_page)).iter():
        assert element.tag in {"svg", "title", "desc", "line", "rect", "polyline", "circle", "text"}
        assert not {name for name in element.attrib if name.startswith("on") or name == "style"}


def test_its_classes_are_in_the_style_sheet(chart_page: StandardPage, client: Client) -> None:
    sheet = (BASE_DIR / "static/css/site.css").read_text()
    used = set()
    for kind in ("bar", "column", "line"):
        change(
            chart_page,
            kind=kind,
            figures="Year, A, B, C, D\n2019, 1, -2000, 3, 9\n2020, 3, 4, 5, 6",
        )
        for element in get_drawing(get_html(client, chart_page)).iter():
            used |= {*element.get("class", "").split()}
    assert {name for name in used if f".{name} " not in sheet and f".{name}:" not in sheet} == {
        # Plain text needs no rule of its own.
        "label"
    }


def test_the_figures_are_a_table_too(chart_page: StandardPage, client: Client) -> None:
    change(chart_page, figures="Year; A; B\n2019; 1250; -2\n2020; ; 3", unit="£")
    html = " ".join(get_html(client, chart_page).split())
    assert '<th scope="col">Year</th>' in html
    assert (
        '<th scope="row">2019</th> <td class="number">£1,250</td><td class="number">−£2</td>'
        in html
    )
    assert '<th scope="row">2020</th> <td class="number">no figure</td><td' in html


def test_a_unit_in_words_is_stated_once(chart_page: StandardPage, client: Client) -> None:
    change(chart_page, unit="patients a year")
    html = get_html(client, chart_page)
    assert "Unit: patients a year" in html
    assert "573 patients" not in html


def test_what_an_editor_types_is_escaped(chart_page: StandardPage, client: Client) -> None:
    change(chart_page, title='"><script>x</script>', figures="A\t<b>B</b>\n<i>\t1\n&amp;\t2")
    html = get_html(client, chart_page)
    assert "<script>x" not in html
    assert "<b>B" not in html
    assert "<i>" not in html
    assert get_drawing(html).find("*").text == '"><script>x</script>'


def test_a_stored_chart_that_cannot_be_drawn_leaves_no_hole(
    chart_page: StandardPage, client: Client
) -> None:
    change(chart_page, figures="nothing")
    assert "<figure" not in get_html(client, chart_page)
    assert client.get(get_address(chart_page)).status_code == 404


def test_two_charts_on_a_page_have_ids_of_their_own(
    chart_page: StandardPage, client: Client
) -> None:
    second = {"type": "chart", "id": str(uuid.UUID(int=8)), "value": CHART}
    chart_page.body = [*build_body(), second]
    chart_page.save()
    ids = re.findall(r' id="([^"]+)"', get_html(client, chart_page))
    assert len(ids) == len({*ids})


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"figures": "Year, A\n2019, many"}, "“many” is not a number"),
        ({"kind": "line", "figures": "Year, A\n2019, 1"}, "at least two rows"),
        ({"figures": ""}, "This field is required"),
    ],
)
def test_an_editor_is_told_beside_the_table_what_to_change(
    changes: dict[str, str], message: str
) -> None:
    block = ChartBlock()
    with pytest.raises(StructBlockValidationError) as refusal:
        block.clean(block.to_python(CHART | changes))
    (error,) = refusal.value.block_errors["figures"].messages
    assert message in error


def test_a_valid_chart_is_kept_as_it_was_typed() -> None:
    block = ChartBlock()
    assert dict(block.clean(block.to_python(CHART))) == CHART


def test_a_body_with_a_bad_chart_is_refused() -> None:
    block = StoryBlock()
    with pytest.raises(StreamBlockValidationError):
        block.clean(block.to_python(build_body(figures="Year, A\n2019, many")))


def test_a_chart_is_searched_by_its_words_and_figures(chart_page: StandardPage) -> None:
    text = get_plain_text(chart_page.body)
    assert text == (
        "People recruited at Good Hope Hospital. More than eleven times as many took part. "
        "Period, People. 2019, 50. 2024–25, 573"
    )


def test_its_preview_in_the_chooser_is_a_chart() -> None:
    block = ChartBlock()
    html = block.render(block.get_preview_value())
    assert get_drawing(html).find("*").text == "People recruited to research"
    # There is no page yet whose figures could be downloaded.
    assert "/charts/" not in html


def test_the_figures_are_downloaded_as_csv(chart_page: StandardPage, client: Client) -> None:
    change(chart_page, figures="Year; A; B\n2019; 1250; -2\n2020; ; 3.50", unit="%")
    html = get_html(client, chart_page)
    found = re.search(rf'<a href="{get_address(chart_page)}">(.*?)</a>', html)
    assert found is not None
    response = client.get(get_address(chart_page))
    assert response.content.decode("utf-8-sig").splitlines() == [
        *("Year,A (%),B (%)", "2019,1250,-2", "2020,,3.50")
    ]
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    name = "people-recruited-at-good-hope-hospital.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == client.get(chart_page.url).headers["Cache-Control"]
    assert "(CSV, 1 KB)" in found[1]


def test_text_in_the_csv_is_no_formula(chart_page: StandardPage, client: Client) -> None:
    change(chart_page, figures="Year; A\n=1+1; 5")
    assert "'=1+1,5" in client.get(get_address(chart_page)).text


def test_the_address_stays_when_the_page_is_renamed(
    chart_page: StandardPage, client: Client
) -> None:
    address = get_address(chart_page)
    chart_page.slug = "renamed"
    publish(chart_page)
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in get_html(client, StandardPage.objects.get(pk=chart_page.pk))


@pytest.mark.parametrize("what", ["page", "large page", "block"])
def test_what_names_no_chart_is_not_found(
    chart_page: StandardPage, client: Client, what: str
) -> None:
    page_key = {"page": chart_page.pk + 1000, "large page": 10**30}.get(what, chart_page.pk)
    key = uuid.UUID(int=9) if what == "block" else KEY
    assert client.get(f"/charts/{page_key}/{key}.csv").status_code == 404


def test_the_figures_of_a_hidden_page_are_hidden(chart_page: StandardPage, client: Client) -> None:
    chart_page.unpublish()
    assert client.get(get_address(chart_page)).status_code == 404


def test_the_figures_of_a_draft_are_hidden(chart_page: StandardPage, client: Client) -> None:
    chart_page.body = build_body(figures="Year, A\n2019, 4711")
    chart_page.save_revision()
    assert "4711" not in client.get(get_address(chart_page)).text


def test_the_figures_of_a_restricted_page_follow_its_restriction(
    chart_page: StandardPage, client: Client, editor_client: Client
) -> None:
    restrict(chart_page)
    assert client.get(get_address(chart_page)).status_code == 404
    response = editor_client.get(get_address(chart_page))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"


def test_figures_may_not_be_posted_to(chart_page: StandardPage, client: Client) -> None:
    assert client.post(get_address(chart_page)).status_code == 405


def test_every_page_with_a_body_offers_the_figures(site: Any, client: Client) -> None:
    report = ReportPageFactory(parent=site.report_index, body=build_body())
    pages = [
        NewsPageFactory(parent=site.news_index, body=build_body()),
        StandardPageFactory(parent=site.home, body=build_body()),
        PartnerPageFactory(parent=site.partner_index, story=build_body()),
        PersonPageFactory(parent=site.people, story=build_body()),
        ThemePageFactory(parent=site.themes, story=build_body()),
        report,
    ]
    for page in pages:
        assert f'href="{get_address(page)}"' in get_html(client, page), type(page)
        assert client.get(get_address(page)).status_code == 200


def test_a_chapter_has_charts_too(report_index: Any, client: Client) -> None:
    report = ReportPageFactory(parent=report_index)
    write_chapter(report, "Figures", [("chart", CHART)])
    (block,) = report.chapters.first().body
    address = f"/charts/{report.pk}/{block.id}.csv"
    for path in ("figures", "all"):
        assert f'href="{address}"' in get_html(client, report.get_edition_url(path=path))
    assert client.get(address).status_code == 200


def test_the_largest_chart_is_few_bytes(chart_page: StandardPage, client: Client) -> None:
    before = client.get(chart_page.url).content
    rows = "\n".join(f"Row {n}, 1{n}, 2{n}, 3{n}, 4{n}" for n in range(30))
    change(chart_page, figures=f"Row, A, B, C, D\n{rows}")
    after = client.get(chart_page.url).content
    sizes = [len(encode_body(body, "text/html")["br"]) for body in (before, after)]
    assert sizes[1] - sizes[0] < 4 * 1024
