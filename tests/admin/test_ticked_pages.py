"""Partners and themes in the editor: ticked in a list, however many there are."""

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.forms.models import ModelChoiceIterator
from django.test import Client

from news.models import NewsPage
from partners.models import PartnerPage
from tests.admin_forms import send
from tests.factories import PartnerPageFactory


def get_choices(client: Client, news: NewsPage) -> list[tuple[str, bool]]:
    """The partners offered, and whether each is ticked."""
    soup = BeautifulSoup(client.get(f"/admin/pages/{news.pk}/edit/").text, "html.parser")
    rows = soup.select('.bhp-ticked input[name="partners"]')
    return [(row.parent.text.strip(), row.has_attr("checked")) for row in rows if row.parent]


def test_what_is_ticked_is_kept_and_comes_first(
    site: SimpleNamespace, admin_client: Client
) -> None:
    news = site.news
    PartnerPage.objects.all().delete()
    names = ("Zeta", "Alpha", "Mu & Nu")
    pages = {name: PartnerPageFactory(parent=site.partner_index, title=name) for name in names}
    assert get_choices(admin_client, news) == [
        ("Alpha", False),
        ("Mu & Nu", False),
        ("Zeta", False),
    ]
    chosen = [str(pages["Zeta"].pk), str(pages["Mu & Nu"].pk)]
    assert send(admin_client, news, "action-publish", partners=chosen).status_code == 302
    news.refresh_from_db()
    assert {one.title for one in news.partners.all()} == {"Zeta", "Mu & Nu"}
    assert get_choices(admin_client, news) == [("Mu & Nu", True), ("Zeta", True), ("Alpha", False)]


def test_no_page_is_read_whole_for_its_title(
    site: SimpleNamespace, admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        PartnerPageFactory(parent=site.partner_index, title=f"Member {number}")
    made: list[Any] = []
    monkeypatch.setattr(ModelChoiceIterator, "choice", lambda self, page: made.append(page))
    assert len(get_choices(admin_client, site.news)) == 21
    assert made == []


@pytest.mark.parametrize(("number", "narrowed"), [(11, False), (12, True)])
def test_many_can_be_narrowed_down(
    site: SimpleNamespace, admin_client: Client, number: int, narrowed: bool
) -> None:
    # Beside the one there is.
    for each in range(number - 1):
        PartnerPageFactory(parent=site.partner_index, title=f"Member {each}")
    assert (
        "data-narrow" in admin_client.get(f"/admin/pages/{site.news.pk}/edit/").text
    ) is narrowed
