"""What the holder of a link to a draft gets, and what not."""

import datetime
import logging
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from bhp_site.core.models import User
from bhp_site.core.monitoring.logs import JsonFormatter, TextFormatter
from bhp_site.core.url_prefixes import UNCACHEABLE_PREFIXES
from bhp_site.draft_links.links import (
    create_link,
    delete_outdated_links,
    end_links,
    find_link,
    list_links,
)
from bhp_site.draft_links.models import DraftComment, DraftLink

from ..conftest import signed_in
from ..page_states import publish
from .conftest import make_link


def get_addresses(html: str) -> set[str]:
    """Return every address in the attributes of a page."""
    values = re.findall(r'\s(?:href|src|srcset)="([^"]*)"', html)
    return {part.split()[0] for value in values for part in value.split(",") if part.strip()}


def test_a_link_shows_the_latest_draft(shared: SimpleNamespace, reader: Client) -> None:
    response = reader.get(shared.path)
    assert response.status_code == 200
    assert "Title as drafted last" in response.text
    assert "Report as drafted last" in response.text
    assert "Draft, not published." in response.text


def test_a_draft_is_neither_stored_nor_indexed_nor_named(
    shared: SimpleNamespace, reader: Client
) -> None:
    for path in get_addresses(reader.get(shared.path).text) | {shared.path}:
        if path.startswith(shared.path):
            headers = reader.get(path).headers
            assert "no-store" in headers["Cache-Control"], path
            assert headers["Referrer-Policy"] == "no-referrer"
            assert "noindex" in headers["X-Robots-Tag"]
            assert "Set-Cookie" not in headers
    assert shared.path.startswith(UNCACHEABLE_PREFIXES)
    html = reader.get(shared.path).text
    assert '<meta name="robots" content="noindex">' in html
    assert "canonical" not in html
    assert "Share this page" not in html


def test_everything_that_the_draft_offers_is_served_below_the_link(
    shared: SimpleNamespace, reader: Client
) -> None:
    page = reader.get(shared.path).text
    own = {path for path in get_addresses(page) if path.startswith(shared.path)}
    report_path = f"{shared.path}pages/{shared.report.pk}/"
    assert report_path in own
    assert f"{report_path}read/" in own
    own |= {p for p in get_addresses(reader.get(report_path).text) if p.startswith(shared.path)}
    own |= {
        p
        for p in get_addresses(reader.get(f"{report_path}read/").text)
        if p.startswith(shared.path)
    }
    assert f"{report_path}read/the-first-chapter/" in own
    assert "Chapter text" in reader.get(f"{report_path}read/the-first-chapter/").text
    for expected in (shared.document.url, shared.in_text.url, "/pictures/", "/charts/"):
        assert any(expected in path for path in own), expected
    for path in own:
        assert reader.get(path).status_code == 200, path
        public = "/" + path.removeprefix(shared.path)
        if public.startswith(("/documents/", "/pictures/", "/charts/")):
            assert reader.get(public).status_code == 404, public


def test_documents_of_a_draft_resume(shared: SimpleNamespace, reader: Client) -> None:
    path = f"{shared.path}documents/{shared.in_text.slug}.pdf"
    part = reader.get(path, headers={"Range": "bytes=5-9"})
    assert part.status_code == 206
    assert b"".join(part) == b"".join(reader.get(path))[5:10]
    assert reader.head(path).status_code == 200
    assert reader.post(path).status_code == 405


def test_links_lead_to_public_pages_only(shared: SimpleNamespace, reader: Client) -> None:
    html = reader.get(shared.path).text
    assert "another draft" in html
    assert shared.other.url not in get_addresses(html)
    assert shared.page.get_parent().url in get_addresses(html)
    assert shared.page.url not in get_addresses(html)
    assert not any(address.startswith("/accessible-copy/") for address in get_addresses(html))


def test_nothing_of_another_draft_is_served(shared: SimpleNamespace, reader: Client) -> None:
    name = shared.other_image.sizes["webp"][0][0]
    for path in (
        f"documents/{shared.in_other.slug}.pdf",
        f"documents/{shared.in_other.slug}/v1.pdf",
        f"pictures/{name}",
        f"pages/{shared.other.pk}/",
        f"pages/{shared.other.pk}/read/",
        f"pages/{shared.page.pk}/read/",
        f"charts/{shared.other.pk}/00000000-0000-0000-0000-000000000000.csv",
    ):
        response = reader.get(f"{shared.path}{path}")
        assert response.status_code == 404, path
        # Error pages link to the address they are about.
        assert shared.path not in response.text


def test_a_withdrawn_report_is_not_shown(shared: SimpleNamespace, reader: Client) -> None:
    publish(shared.report)
    shared.report.unpublish()
    assert reader.get(f"{shared.path}pages/{shared.report.pk}/").status_code == 404
    assert "Report as drafted last" not in reader.get(shared.path).text


def test_unknown_and_ended_links_name_no_page(
    shared: SimpleNamespace, reader: Client, editor: User
) -> None:
    assert reader.get("/drafts/an-invented-token-of-many-letters/").status_code == 404
    expired = make_link(shared.page, editor, expires_at=timezone.now())
    end_links(list_links(shared.page).filter(expires_at__gt=timezone.now()))
    for path in (expired, shared.path, f"{shared.path}documents/{shared.in_text.slug}.pdf"):
        response = reader.get(path)
        assert response.status_code == 410
        assert "Title as" not in response.text
        assert shared.page.slug not in response.text


def test_a_link_leads_to_the_page_once_it_is_published(
    shared: SimpleNamespace, reader: Client
) -> None:
    publish(shared.page)
    response = reader.get(shared.path)
    assert (response.status_code, response.url) == (302, shared.page.url)
    shared.page.title = "A later draft"
    shared.page.save_revision()
    assert reader.get(shared.path).status_code == 302
    shared.page.unpublish()
    assert reader.get(shared.path).status_code == 410


def test_the_draft_of_a_live_page_can_be_shared(
    shared: SimpleNamespace, reader: Client, editor: User
) -> None:
    publish(shared.page)
    shared.page.title = "A later draft"
    shared.page.save_revision()
    path = make_link(shared.page, editor)
    assert "A later draft" in reader.get(path).text
    publish(shared.page)
    assert reader.get(path).status_code == 302


def test_a_password_is_asked_for_and_limited(
    shared: SimpleNamespace, reader: Client, editor: User
) -> None:
    path = make_link(shared.page, editor, password="correct horse")
    for address in (path, f"{path}documents/{shared.in_text.slug}.pdf"):
        response = reader.get(address)
        assert response.status_code == 403
        assert "Title as" not in response.text
    assert reader.post(path, {"password": "wrong"}).status_code == 403
    response = reader.post(path, {"password": "correct horse"}, headers={"Origin": "null"})
    assert response.status_code == 303
    assert response.cookies["draft"]["path"] == path
    assert "Title as drafted last" in reader.get(path).text
    assert reader.get(f"{path}documents/{shared.in_text.slug}.pdf").status_code == 200
    # The cookie of one link opens no other.
    other = make_link(shared.page, editor, password="correct horse")
    reader.cookies["draft"]["path"] = "/"
    assert reader.get(other).status_code == 403
    limited = Client()
    statuses = [limited.post(path, {"password": "wrong"}).status_code for _ in range(6)]
    assert statuses[-1] == 429
    assert limited.post(path, {"password": "correct horse"}).status_code == 429
    assert limited.get(path).status_code == 403


def test_only_the_hash_of_a_token_is_stored(shared: SimpleNamespace, editor: User) -> None:
    link, url = create_link(shared.page, "A partner", user=editor, password="correct horse")
    token = url.rstrip("/").rpartition("/")[2]
    # 43 characters of 6 bits.
    assert len(token) == 43
    row = DraftLink.objects.filter(pk=link.pk).values()[0]
    assert not any(secret in str(row) for secret in (token, "correct horse"))
    assert find_link(token) == link
    assert find_link(row["token_hash"]) is None


def test_openings_are_counted_and_nothing_else(shared: SimpleNamespace, reader: Client) -> None:
    for _ in range(2):
        reader.get(shared.path)
    reader.head(shared.path)
    link = DraftLink.objects.get()
    assert link.open_count == 2
    assert link.last_opened_at is not None
    assert {field.name for field in DraftLink._meta.concrete_fields} == {
        *("id", "page", "label", "recipient", "token_hash", "password", "created_by"),
        *("created_at", "expires_at", "revoked_at", "open_count", "last_opened_at"),
    }


def test_an_editor_sees_what_readers_see(
    shared: SimpleNamespace, reader: Client, admin: User
) -> None:
    mine, theirs = (client.get(shared.path).text for client in (signed_in(admin), reader))
    assert re.sub(r'value="[^"]*"', "", mine) == re.sub(r'value="[^"]*"', "", theirs)


def test_logs_show_no_token(shared: SimpleNamespace, reader: Client, caplog: Any) -> None:
    caplog.set_level(logging.INFO)
    reader.get(f"{shared.path}documents/missing.pdf")
    token = shared.path.split("/")[2]
    records = [*caplog.records]
    error = logging.LogRecord("x", logging.ERROR, "", 1, "Error at %s", (shared.path,), None)
    for formatter in (TextFormatter(), JsonFormatter()):
        for record in [*records, error]:
            assert token not in formatter.format(record)
        assert "/drafts/…/" in formatter.format(error)


def build_comment_data(html: str, **values: str) -> dict[str, str]:
    """Return what a browser sends of the form on a page."""
    (stamp,) = re.findall(r'name="stamp" value="([^"]+)"', html)
    return {"stamp": stamp, "leave_empty": ""} | values


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bhp_site.enquiries.spam_protection.is_too_fast", lambda stamp: False)


@pytest.mark.usefixtures("_patient")
def test_readers_comment_without_a_cookie(shared: SimpleNamespace, reader: Client) -> None:
    data = build_comment_data(
        reader.get(shared.path).text, name="Jo Reader", text="Page 3 is wrong."
    )
    for _ in range(2):
        response = reader.post(shared.path, data, headers={"Origin": "null"})
        assert (response.status_code, response.url) == (303, f"{shared.path}?sent#comments")
    comment = DraftComment.objects.get()
    assert (comment.name, comment.text) == ("Jo Reader", "Page 3 is wrong.")
    html = reader.get(f"{shared.path}?sent").text
    assert "The editors have your comment." in html
    assert "Page 3 is wrong." not in html


@pytest.mark.usefixtures("_patient")
def test_comments_are_protected_like_other_forms(
    shared: SimpleNamespace, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    html = reader.get(shared.path).text
    for bad in ({"leave_empty": "x"}, {"name": ""}, {"stamp": "forged"}):
        data = build_comment_data(html, name="Jo", text="Text") | bad
        assert "There is a problem" in reader.post(shared.path, data).text
    monkeypatch.setattr("bhp_site.draft_links.comments.MAX_PER_LINK", 0)
    response = reader.post(shared.path, build_comment_data(html, name="Jo", text="My words"))
    assert response.status_code == 429
    assert "My words" in response.text
    assert not DraftComment.objects.exists()


def test_ended_links_are_deleted_with_their_comments(
    shared: SimpleNamespace, editor: User, settings: Any
) -> None:
    settings.DRAFT_LINKS_KEPT_DAYS = 30
    make_link(shared.page, editor)
    link = DraftLink.objects.latest("pk")
    link.comments.create(name="Jo", text="Text", fingerprint="1")
    link.revoked_at = timezone.now() - datetime.timedelta(days=29)
    link.save()
    assert delete_outdated_links() == 0
    link.revoked_at = timezone.now() - datetime.timedelta(days=31)
    link.save()
    assert delete_outdated_links() == 1
    assert DraftLink.objects.count() == 1
    assert not DraftComment.objects.exists()


def test_anonymous_requests_stay_anonymous(shared: SimpleNamespace, admin: User) -> None:
    response = signed_in(admin).get(shared.path)
    assert response.wsgi_request.user != AnonymousUser()
    assert "wagtail-userbar" not in response.text
