"""The screens on which editors share a draft and read comments."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from bhp_site.core.models import User
from bhp_site.core.text.dates import UK
from bhp_site.draft_links.links import create_link, list_links
from bhp_site.draft_links.models import DraftLink

from ..page_states import publish


@pytest.fixture
def url(shared: SimpleNamespace) -> str:
    return reverse("share-draft", args=[shared.page.pk])


def build_form_data(days: int = 7, **values: str) -> dict[str, str]:
    moment = timezone.now().astimezone(UK) + datetime.timedelta(days=days)
    return {"label": "The university", "expires_at": f"{moment:%d/%m/%Y %H:%M}"} | values


def test_an_editor_shares_a_draft(
    shared: SimpleNamespace, url: str, editor_client: Client, reader: Client
) -> None:
    edit = editor_client.get(reverse("wagtailadmin_pages:edit", args=[shared.page.pk])).text
    assert url in edit
    response = editor_client.post(url, build_form_data(password="correct horse"))
    (address,) = re.findall(r'id="new-link" value="http://[^/]+(/drafts/[^"]+)"', response.text)
    assert reader.get(address).status_code == 403
    link = list_links(shared.page)[0]
    assert (link.label, link.has_ended) == ("The university", False)
    token = address.split("/")[2]
    assert token not in editor_client.get(url).text
    assert token not in str([entry.data for entry in PageLogEntry.objects.all()])
    history = reverse("wagtailadmin_pages:history", args=[shared.page.pk])
    assert "Made the link “The university”" in editor_client.get(history).text
    response = editor_client.post(reverse("draft-link-end", args=[link.pk]))
    assert response.url == url
    assert reader.get(address).status_code == 410
    assert "Ended the link “The university”" in editor_client.get(history).text


def test_an_editor_does_not_end_the_personal_link_of_somebody(
    shared: SimpleNamespace, editor_client: Client
) -> None:
    link, _ = create_link(shared.page, "Embargo", user=None, recipient="Jo Outlet")
    assert editor_client.post(reverse("draft-link-end", args=[link.pk])).status_code == 404
    link.refresh_from_db()
    assert not link.has_ended


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (build_form_data(days=-1), "Enter a time in the future."),
        (build_form_data(days=400), "within the next 180 days"),
        (build_form_data() | {"label": ""}, "This field is required."),
        (build_form_data(password="short"), "at least 8 characters"),
    ],
)
def test_wrong_values_make_no_link(
    url: str, editor_client: Client, data: dict[str, str], message: str
) -> None:
    before = DraftLink.objects.count()
    assert message in editor_client.post(url, data).text
    assert DraftLink.objects.count() == before


def test_only_people_who_may_edit_the_page_share_it(
    shared: SimpleNamespace, url: str, guest_client: Client
) -> None:
    link = DraftLink.objects.get()
    comment = link.comments.create(name="Jo", text="Text", fingerprint="1")
    assert guest_client.get(reverse("reader-comment-export", args=[comment.pk])).status_code == 302
    for address in (
        url,
        reverse("draft-link-end", args=[link.pk]),
        reverse("reader-comment-done", args=[comment.pk]),
        reverse("reader-comment-delete", args=[comment.pk]),
    ):
        assert guest_client.post(address, build_form_data()).status_code == 302
    link.refresh_from_db()
    comment.refresh_from_db()
    assert (DraftLink.objects.count(), link.has_ended, comment.resolved_at) == (1, False, None)


def test_a_published_page_has_nothing_to_share(
    shared: SimpleNamespace, url: str, publisher_client: Client
) -> None:
    publish(shared.page)
    response = publisher_client.post(url, build_form_data())
    assert "No link was made" in response.text
    assert DraftLink.objects.count() == 1


def test_comments_of_readers_reach_editors(
    shared: SimpleNamespace, editor_client: Client, editor: User
) -> None:
    edit_url = reverse("wagtailadmin_pages:edit", args=[shared.page.pk])
    assert "Comments from readers" not in editor_client.get(edit_url).text
    link = DraftLink.objects.get()
    comment = link.comments.create(name="Jo <b>", text="Page 3 is wrong.", fingerprint="1")
    dashboard = reverse("wagtailadmin_home")
    for address in (edit_url, reverse("share-draft", args=[shared.page.pk])):
        html = editor_client.get(address).text
        assert "Page 3 is wrong." in html
        assert "Jo &lt;b&gt;" in html
    assert "Comments from readers of drafts" in editor_client.get(dashboard).text
    done = reverse("reader-comment-done", args=[comment.pk])
    assert editor_client.post(done, {"next": edit_url}).url == edit_url
    assert editor_client.post(done, {"next": "https://example.org/"}).url != "https://example.org/"
    assert "Page 3 is wrong." not in editor_client.get(edit_url).text
    assert "Comments from readers of drafts" not in editor_client.get(dashboard).text
    assert (
        "Page 3 is wrong." in editor_client.get(reverse("share-draft", args=[shared.page.pk])).text
    )
    editor_client.post(reverse("reader-comment-delete", args=[comment.pk]))
    assert not link.comments.exists()


def test_what_is_stored_about_a_reader_is_exported(
    shared: SimpleNamespace, editor_client: Client
) -> None:
    link = DraftLink.objects.get()
    comment = link.comments.create(name="Jo", text="Page 3 is wrong.", fingerprint="1")
    link.comments.create(name="Jo", text="So is page 4.", fingerprint="2")
    link.comments.create(name="Kim", text="I agree.", fingerprint="3")
    address = reverse("reader-comment-export", args=[comment.pk])
    assert address in editor_client.get(reverse("share-draft", args=[shared.page.pk])).text
    response = editor_client.get(address)
    assert "attachment" in response.headers["Content-Disposition"]
    data = response.json()
    assert data["name"] == "Jo"
    assert [row["text"] for row in data["comments"]] == ["Page 3 is wrong.", "So is page 4."]
