"""Editors are told on how many pages a name stands, and what a new one changes there."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from news.models import NewsPage
from partners.models import PartnerPage, Person, PersonPage, Role
from tests.admin_forms import get_messages, read_form, send
from tests.factories import PersonFactory, PersonPageFactory
from tests.page_states import publish


def get_usage(response: Any) -> str:
    return " ".join(strip_tags(get_messages(response)).split())


def find_shown(client: Client, address: str) -> str:
    text = client.get(address).text
    start = text.index('<div class="bhp-name-usage">')
    return " ".join(strip_tags(text[start : text.index("</details>", start)]).split())


@pytest.fixture
def known(site: SimpleNamespace, release: NewsPage) -> SimpleNamespace:
    """The small site; a person with a page who works at its partner, and has been quoted."""
    person = PersonFactory(name="Jo Dean")
    dean, adviser = Role(title="Dean", partner=site.partner), Role(title="Adviser")
    adviser.organisation = "Aston"
    person.roles = [dean, adviser]
    person.save()
    PersonPageFactory(parent=site.people, title="Jo Dean", slug="jo-dean", person=person)
    release.body[1].value["speaker"] = person
    release.body[1].value["organisation"] = site.partner.title
    release.body[1].value["role"] = "Dean"
    publish(release)
    site.said = person
    return site


def test_a_partners_form_says_where_its_name_stands(
    known: SimpleNamespace, editor_client: Client
) -> None:
    words = find_shown(editor_client, f"/admin/pages/{known.partner.pk}/edit/")
    # The front page, the list, its own, the report, its person's and the list of people; the
    # announcement it is tagged in, the one it is quoted in, and the quote's own page.
    assert "This name appears on 9 live pages." in words
    assert "Published announcements and quotes keep the name" in words
    follow, keep = words.split("These pages keep the old name:")
    for page in (known.home, known.partner_index, known.partner, known.report, known.people):
        assert page.title in follow
    assert known.news.title in keep
    assert "Report published" in keep


def test_only_what_visitors_see_counts(known: SimpleNamespace, editor_client: Client) -> None:
    known.report.unpublish()
    PersonPage.objects.get(slug="jo-dean").unpublish()
    words = find_shown(editor_client, f"/admin/pages/{known.partner.pk}/edit/")
    assert "This name appears on 6 live pages." in words


def test_a_theme_stands_on_whatever_is_tagged(site: SimpleNamespace, editor_client: Client) -> None:
    for page in (site.news, site.report, site.partner):
        page.themes.add(site.theme)
        publish(page)
    words = find_shown(editor_client, f"/admin/pages/{site.theme.pk}/edit/")
    assert "This name appears on 5 live pages." in words
    assert "keep the name" not in words


def test_a_person_stands_on_pages_of_partners(
    known: SimpleNamespace, editor_client: Client
) -> None:
    words = find_shown(editor_client, f"/admin/snippets/partners/person/edit/{known.said.pk}/")
    # Its own, the list of people and the partner's; the announcement and the quote's page.
    assert "This name appears on 5 live pages." in words


def test_new_ones_say_nothing(site: SimpleNamespace, editor_client: Client) -> None:
    address = f"/admin/pages/add/partners/partnerpage/{site.partner_index.pk}/"
    for form in (address, "/admin/snippets/partners/person/add/"):
        assert "bhp-name-usage" not in editor_client.get(form).text


def test_a_draft_with_a_new_name_tells_what_it_will_change(
    known: SimpleNamespace, publisher_client: Client
) -> None:
    before = known.partner.title
    response = send(publisher_client, known.partner, title="The New Name")
    words = get_usage(response)
    assert f"Once published, this name will appear on 6 live pages instead of “{before}”" in words
    assert f"3 live pages keep “{before}”, as published." in words
    assert f'href="/admin/pages/{known.partner.pk}/usage/"' in get_messages(response)


def test_publishing_a_new_name_tells_what_it_has_changed(
    known: SimpleNamespace, publisher_client: Client
) -> None:
    before = known.partner.title
    response = send(publisher_client, known.partner, "action-publish", title="The New Name")
    assert f"This name now appears on 6 live pages instead of “{before}”: “" in get_usage(response)
    assert PartnerPage.objects.get(pk=known.partner.pk).title == "The New Name"


@pytest.mark.parametrize("act", ["", "action-publish"])
def test_the_same_name_tells_nothing(
    known: SimpleNamespace, publisher_client: Client, act: str
) -> None:
    response = send(publisher_client, known.partner, act, summary="Something else.")
    assert "this name" not in get_usage(response).lower()


def test_a_page_that_was_never_public_tells_nothing(
    site: SimpleNamespace, publisher_client: Client
) -> None:
    site.theme.unpublish()
    response = send(publisher_client, site.theme, "action-publish", title="Another")
    assert "this name" not in get_usage(response).lower()


def test_what_is_saved_by_itself_tells_nothing(
    known: SimpleNamespace, publisher_client: Client
) -> None:
    address = f"/admin/pages/{known.theme.pk}/edit/"
    data = read_form(publisher_client, address) | {"title": "Another"}
    publisher_client.post(address, data, headers={"accept": "application/json"})
    assert "this name" not in publisher_client.get("/admin/").text.lower()


def rename(client: Client, person: Person, name: str, act: str = "action-publish") -> Any:
    address = f"/admin/snippets/partners/person/edit/{person.pk}/"
    data = {
        "name": name,
        "honorific": "",
        "portrait": "",
        "biography": "",
        "roles-TOTAL_FORMS": "0",
        "roles-INITIAL_FORMS": "0",
        "roles-MIN_NUM_FORMS": "0",
        "roles-MAX_NUM_FORMS": "1000",
    }
    return client.post(address, data | ({act: "1"} if act else {}))


def test_a_renamed_person_tells_it_too(known: SimpleNamespace, publisher_client: Client) -> None:
    response = rename(publisher_client, known.said, "Jo Lee")
    words = get_usage(response)
    usage = f"/admin/snippets/partners/person/usage/{known.said.pk}/"
    assert f'href="{usage}"' in get_messages(response)
    assert publisher_client.get(usage).status_code == 200
    assert "This name now appears on 3 live pages instead of “Jo Dean”" in words
    assert "2 live pages keep “Jo Dean”, as published." in words


def test_a_draft_of_a_new_name_tells_where_it_will_stand(
    known: SimpleNamespace, editor_client: Client
) -> None:
    words = get_usage(rename(editor_client, known.said, "Jo Lee", act=""))
    assert "Once published, this name will appear on 3 live pages" in words
    assert Person.objects.get(pk=known.said.pk).name == "Jo Dean"


def test_a_person_saved_under_the_same_name_tells_nothing(
    known: SimpleNamespace, publisher_client: Client
) -> None:
    assert "this name" not in get_usage(rename(publisher_client, known.said, "Jo Dean")).lower()


def test_a_renamed_persons_page_is_renamed_along(known: SimpleNamespace, client: Client) -> None:
    page = PersonPage.objects.get(slug="jo-dean")
    known.said.name = "Jo Lee"
    known.said.save()
    page.refresh_from_db()
    assert page.title == page.get_latest_revision_as_object().title == "Jo Lee"
    assert "Jo Dean" not in client.get(page.url).text.split("<main")[1].split("Quotes</h2>")[0]


def test_its_draft_is_renamed_and_stays_a_draft(known: SimpleNamespace) -> None:
    page = PersonPage.objects.get(slug="jo-dean")
    page.seo_title = "In the draft alone"
    page.save_revision()
    known.said.name = "Jo Lee"
    known.said.save()
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert (page.title, page.seo_title) == ("Jo Lee", "")
    assert (draft.title, draft.seo_title) == ("Jo Lee", "In the draft alone")


def test_a_title_of_its_own_stays(known: SimpleNamespace) -> None:
    page = PersonPage.objects.get(slug="jo-dean")
    page.title = "Our dean"
    publish(page)
    known.said.name = "Jo Lee"
    known.said.save()
    page.refresh_from_db()
    assert page.title == "Our dean"
