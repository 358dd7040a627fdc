"""Control characters are removed from every form and every row."""

import json
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from taggit.models import Tag
from wagtail.blocks import StreamValue
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.core.text.characters import clean_form_value, clean_line, clean_text, is_invisible
from bhp_site.home.models import HomePage
from news.models import NewsPage

from ..admin_forms import build_body, send
from ..factories import NewsPageFactory, PersonFactory, SiteDocumentFactory, SiteImageFactory

VT = "\x0b"
ALL = [chr(number) for number in range(0xFFFF + 1) if chr(number) not in "\t\n\r"]


def test_what_xml_cannot_hold_is_removed() -> None:
    """Every character of XML 1.0 (2.2) but control characters stays; no other does."""
    allowed = {chr(n) for n in (*range(0x20, 0x7F), *range(0xA0, 0xD800), *range(0xE000, 0xFFFE))}
    allowed -= {chr(number) for number in range(0xFDD0, 0xFDF0)}
    assert {sign for sign in ALL if clean_text(sign) == sign} == allowed
    assert clean_text("Tab\tand\r\nlines 😀") == "Tab\tand\r\nlines 😀"


@pytest.mark.parametrize(
    ("given", "text", "line"),
    [
        ("Three\x0bmembers", "Three\nmembers", "Three members"),
        ("Three \x0c members", "Three \n members", "Three members"),
        ("a\x00b\x1bc\x7fd\x93e", "abcde", "abcde"),
        ("a\ud83d b", "a b", "a b"),
        ("one\r\n two\tthree", "one\r\n two\tthree", "one two three"),
        ("Zoë’s 👩‍🔬 \u202eabc", "Zoë’s 👩‍🔬 \u202eabc", "Zoë’s 👩‍🔬 \u202eabc"),
    ],
)
def test_what_divides_text_still_does(given: str, text: str, line: str) -> None:
    assert clean_text(given) == text
    assert clean_line(given) == line


def test_the_text_of_the_rich_text_editor_is_cleaned_within_its_json() -> None:
    content = {"blocks": [{"text": "a\x0bb\ud800😀", "key": "k"}], "entityMap": {}}
    cleaned = json.loads(clean_form_value(json.dumps(content)))
    assert cleaned["blocks"][0]["text"] == "a\nb😀"
    for value in ("{\\u0041 is no JSON", '["\\u00e9"]', "plain"):
        assert clean_form_value(value) == value


@pytest.mark.parametrize(
    ("text", "invisible"), [("", True), ("\u200b\ufeff \u202e\x0b", True), ("\u200ba", False)]
)
def test_what_shows_nothing_is_known(text: str, invisible: bool) -> None:
    assert is_invisible(text) == invisible


def test_a_row_is_cleaned_however_it_is_saved(news_index: Page) -> None:
    raw = [{"type": "heading", "value": f"A{VT}B", "id": "5a0a0f6c-45ff-4f0c-9a58-dd6f3f1c5d5e"}]
    stream = StreamValue(NewsPage.body.field.stream_block, raw, is_lazy=True)
    page = NewsPageFactory(
        parent=news_index,
        title=f"T{VT}x",
        summary=f"S{VT}x",
        search_description="d\x00",
        body=stream,
    )
    page.save_revision()
    found = NewsPage.objects.get(pk=page.pk)
    assert (found.title, found.summary, found.search_description) == ("T x", "S\nx", "d")
    (block,) = found.body.raw_data
    assert (block["value"], block["id"]) == ("A\nB", raw[0]["id"])
    revision = Revision.objects.filter(
        object_id=str(page.pk), content_type=ContentType.objects.get_for_model(NewsPage)
    ).get()
    assert VT not in json.dumps(revision.content, ensure_ascii=False)


def test_rows_that_are_no_pages_are_cleaned(home: HomePage) -> None:
    person = PersonFactory(name=f"Ada{VT}Chair")
    image = SiteImageFactory(title=f"I{VT}x", description=f"D{VT}x")
    document = SiteDocumentFactory(title=f"F{VT}x", outline=[{"title": f"B{VT}x", "page": 1}])
    tag = Tag.objects.create(name=f"t{VT}x")
    redirect = Redirect.objects.create(old_path=f"/old{VT}", redirect_link="/new/")
    for row, name, wanted in [
        (person, "name", "Ada Chair"),
        (image, "title", "I x"),
        (image, "description", "D x"),
        (document, "title", "F x"),
        (tag, "name", "t x"),
        (redirect, "old_path", "/old"),
    ]:
        row.refresh_from_db()
        assert " ".join(getattr(row, name).split()) == wanted
    document.refresh_from_db()
    assert VT not in json.dumps(document.outline, ensure_ascii=False)


def test_the_editor_s_form_is_cleaned(news_index: Page, publisher_client: Client) -> None:
    page = NewsPageFactory(parent=news_index)
    text = json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "text": "x\x0by",
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": [],
                }
            ],
            "entityMap": {},
        }
    )
    changes: dict[str, Any] = build_body([("heading", f"H{VT}x"), ("paragraph", text)])
    response = send(
        publisher_client, page, "action-publish", title=f"T{VT}x", summary=f"S{VT}x", **changes
    )
    assert response.status_code == 302
    page.refresh_from_db()
    assert (page.title, page.summary) == ("T x", "S\nx")
    stored = json.dumps([*page.body.raw_data], ensure_ascii=False)
    assert "x" in stored
    assert VT not in stored


def test_a_title_that_shows_nothing_is_refused(news_index: Page, publisher_client: Client) -> None:
    page = NewsPageFactory(parent=news_index)
    response = send(publisher_client, page, "action-publish", title="\u200b\u200d")
    assert "The title has no visible characters" in response.text


def test_a_long_title_is_seen_whole_and_stays_one_line(
    news_index: Page, publisher_client: Client
) -> None:
    page = NewsPageFactory(parent=news_index)
    form = publisher_client.get(f"/admin/pages/{page.pk}/edit/").text
    assert '<textarea name="title"' in form
    send(publisher_client, page, "action-publish", title="A title\r\non two lines")
    assert Page.objects.get(pk=page.pk).title == "A title on two lines"


def test_settings_and_tags_are_cleaned_in_their_forms(home: HomePage, admin_client: Client) -> None:
    settings = SiteSettings.get_default()
    address = f"/admin/settings/core/sitesettings/{settings.site_id}/"
    data = {"name": "Partners", "short_name": "P", "strapline": f"One{VT}two"}
    data["second_person"] = settings.second_person
    assert admin_client.post(address, data).status_code == 302
    settings.refresh_from_db()
    assert settings.strapline == "One two"
    Tag.objects.create(name="ab")
    image = SiteImageFactory()
    data = {"title": "Image", "description": "A disc.", "tags": "a\x01b"}
    assert admin_client.post(f"/admin/images/{image.pk}/", data).status_code == 302
    assert [tag.name for tag in SiteImage.objects.get(pk=image.pk).tags.all()] == ["ab"]
