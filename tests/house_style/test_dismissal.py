"""Saying that a finding is none: who may, with what reason, and for how long it holds."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from wagtail.models import Page, PageLogEntry, Site

from bhp_site.house_style.models import Dismissal
from bhp_site.house_style.page_checks import check_page, get_known_names
from news.models import NewsPage
from tests.admin_forms import get_messages
from tests.conftest import signed_in
from tests.factories import NewsPageFactory, UserFactory

FAULT = {"code": "stale-promise", "text": "due to open in 2022"}


def send(client: Client, page: Page, **data: str) -> Any:
    return client.post(
        f"/admin/pages/{page.pk}/house-style/", FAULT | {"reason": "So it was"} | data
    )


def list_findings(page: Page) -> list[str]:
    draft = Page.objects.get(pk=page.pk).get_latest_revision_as_object()
    return [one.text for one in check_page(draft, get_known_names(Site.objects.get()))]


def test_a_dismissed_finding_is_not_shown_again(faulty: NewsPage, editor_client: Client) -> None:
    response = send(editor_client, faulty)
    assert response["Location"] == f"/admin/pages/{faulty.pk}/edit/"
    assert "has been dismissed" in get_messages(response)
    assert list_findings(faulty) == []


def test_its_reason_and_author_are_kept_and_logged(faulty: NewsPage, editor_client: Client) -> None:
    send(editor_client, faulty)
    kept = Dismissal.objects.get()
    assert (kept.reason, kept.page_id) == ("So it was", faulty.pk)
    entry = PageLogEntry.objects.get(action="house_style.dismiss")
    assert entry.user == kept.user
    assert entry.message == (
        "Dismissed “A promised date has passed: due to open in 2022”: So it was"
    )


def test_other_words_are_found_again(faulty: NewsPage, editor_client: Client) -> None:
    send(editor_client, faulty)
    faulty.body = [("paragraph", "<p>It is due to open in 2023.</p>")]
    faulty.save_revision()
    assert list_findings(faulty) == ["due to open in 2023"]


def test_it_holds_on_its_own_page_alone(
    faulty: NewsPage, news_index: Page, editor_client: Client
) -> None:
    other = NewsPageFactory(parent=news_index, summary="It is due to open in 2022.")
    send(editor_client, faulty)
    assert list_findings(other) == ["due to open in 2022"]


def test_what_is_dismissed_already_stays_so(faulty: NewsPage, editor_client: Client) -> None:
    Dismissal.objects.create(page=faulty, reason="Before", **FAULT)
    send(editor_client, faulty)
    assert [one.reason for one in Dismissal.objects.all()] == ["Before"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 251])
def test_without_a_reason_nothing_is_dismissed(
    faulty: NewsPage, editor_client: Client, reason: str
) -> None:
    response = send(editor_client, faulty, reason=reason)
    assert response.status_code == 302
    assert "Enter the reason" in get_messages(response)
    assert not Dismissal.objects.exists()


@pytest.mark.parametrize("wrong", [{"text": "other words"}, {"code": "acronym"}])
def test_a_finding_that_is_not_on_the_page_cannot_be_dismissed(
    faulty: NewsPage, editor_client: Client, wrong: dict[str, str]
) -> None:
    assert "no longer on the page" in get_messages(send(editor_client, faulty, **wrong))
    assert not Dismissal.objects.exists()


@pytest.mark.parametrize("wrong", [{"code": "nothing"}, {"text": ""}, {"text": "\0"}])
def test_nonsense_is_refused(
    faulty: NewsPage, editor_client: Client, wrong: dict[str, str]
) -> None:
    assert send(editor_client, faulty, **wrong).status_code == 302
    assert not Dismissal.objects.exists()


def test_it_wants_the_right_to_edit_the_page(faulty: NewsPage) -> None:
    user = UserFactory()
    group = Group.objects.create(name="Elsewhere")
    group.permissions.set(Group.objects.get(name="Writers").permissions.all())
    user.groups.add(group)
    response = send(signed_in(user), faulty)
    assert response["Location"] == "/admin/"
    assert not Dismissal.objects.exists()


def test_visitors_are_asked_to_sign_in(faulty: NewsPage, client: Client) -> None:
    assert send(client, faulty)["Location"].startswith("/admin/login/")


def test_it_wants_a_token(faulty: NewsPage, editor: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    assert send(client, faulty).status_code == 403


def test_it_is_never_done_by_a_link(faulty: NewsPage, editor_client: Client) -> None:
    assert editor_client.get(f"/admin/pages/{faulty.pk}/house-style/").status_code == 405


def test_a_page_that_is_not_there(home: Page, editor_client: Client) -> None:
    assert editor_client.post("/admin/pages/99999/house-style/").status_code == 404


def test_it_can_be_taken_back(faulty: NewsPage, editor_client: Client) -> None:
    send(editor_client, faulty)
    kept = Dismissal.objects.get()
    response = editor_client.post(f"/admin/pages/{faulty.pk}/house-style/{kept.pk}/")
    assert "reported again" in get_messages(response)
    assert list_findings(faulty) == ["due to open in 2022"]
    assert PageLogEntry.objects.get(action="house_style.restore").message == (
        "Reports again “A promised date has passed: due to open in 2022”"
    )


def test_it_is_taken_back_on_its_own_page_alone(
    faulty: NewsPage, news_index: Page, editor_client: Client
) -> None:
    send(editor_client, faulty)
    kept = Dismissal.objects.get()
    address = f"/admin/pages/{news_index.pk}/house-style/{kept.pk}/"
    assert editor_client.post(address).status_code == 404
    assert Dismissal.objects.exists()
