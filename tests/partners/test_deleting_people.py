"""Deleting people who have pages says which of them, and why nothing was deleted."""

import pytest
from django.test import Client
from wagtail.models import Page

from partners.models import PeoplePage, Person, PersonPage

from ..factories import PersonFactory


@pytest.fixture
def person_with_page(home: Page) -> Person:
    person = PersonFactory(name="Ada Example")
    people = home.add_child(instance=PeoplePage(title="People"))
    people.add_child(instance=PersonPage(title="Ada Example", person=person))
    return person


def delete_several(client: Client, *people: Person) -> str:
    keys = "&".join(f"id={person.pk}" for person in people)
    return str(client.post(f"/admin/bulk/partners/person/delete/?{keys}", follow=True).text)


def test_bulk_deletion_names_the_person_whose_page_needs_them(
    person_with_page: Person, admin_client: Client
) -> None:
    other = PersonFactory(name="Bob Example")
    text = delete_several(admin_client, person_with_page, other)
    assert "Nothing was deleted. “Ada Example” has a public page." in text
    assert "“Bob Example”" not in text
    assert Person.objects.count() == 2


def test_bulk_deletion_of_people_without_pages_deletes_them(
    home: Page, admin_client: Client
) -> None:
    delete_several(admin_client, PersonFactory(), PersonFactory())
    assert not Person.objects.exists()


def test_the_confirmation_of_one_deletion_is_not_shown(
    person_with_page: Person, admin_client: Client
) -> None:
    address = f"/admin/snippets/partners/person/delete/{person_with_page.pk}/"
    assert "has a public page" in admin_client.get(address, follow=True).text
