"""People whom editors have made public, in their order, with their roles over time."""

import datetime
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client

from news.models import NewsPage, QuotePage
from partners.models import Person, Role
from tests.factories import PersonFactory, PersonPageFactory, QuotePageFactory
from tests.page_states import publish


def role(person: Person, title: str, begin: int, end: int | None = None) -> None:
    """Somebody was something from 1 January of a year to 31 December of another."""
    last = datetime.date(end, 12, 31) if end else None
    first = datetime.date(begin, 1, 1)
    dates = {"start_earliest": first, "start_latest": first}
    person.roles.add(Role(title=title, **dates, end_earliest=last, end_latest=last))
    person.save()


def names(text: str) -> list[int]:
    return [text.index(f">{name}<") for name in ("Zoe", "Amy", "Bob")]


@pytest.fixture
def three(site: SimpleNamespace) -> list[PersonPageFactory]:
    return [
        PersonPageFactory(parent=site.people, title=name, person=PersonFactory(name=name))
        for name in ("Zoe", "Amy", "Bob")
    ]


def test_people_stand_in_the_editors_order(
    site: SimpleNamespace, three: list, client: Client
) -> None:
    found = names(client.get(site.people.url).text)
    assert found == sorted(found)
    three[2].move(site.people, pos="first-child")
    zoe, amy, bob = names(client.get(site.people.url).text)
    assert bob < zoe < amy


def test_only_people_made_public_are_named(site: SimpleNamespace, client: Client) -> None:
    PersonFactory(name="Private Person")
    page = PersonPageFactory(parent=site.people, person=PersonFactory(name="No Longer"))
    page.unpublish()
    text = client.get(site.people.url).text
    assert "Private Person" not in text
    assert "No Longer" not in text
    assert client.get(page.url).status_code == 404


def test_the_role_of_today_is_told(site: SimpleNamespace, client: Client) -> None:
    person = site.person.person
    role(person, "Chair", 2015, 2018)
    role(person, "Adviser", 2019)
    for address in (site.people.url, site.person.url):
        assert "Adviser, BHP</p>" in client.get(address).text


def test_a_role_that_is_over_is_told_as_over(site: SimpleNamespace, client: Client) -> None:
    role(site.person.person, "Chair", 2015, 2018)
    text = client.get(site.people.url).text
    assert "Chair, BHP (from 1 January 2015 until 31 December 2018)" in text


def test_a_role_that_may_be_over_is_told_with_what_is_known(
    site: SimpleNamespace, client: Client
) -> None:
    person = site.person.person
    first = datetime.date(2018, 1, 1)
    known = {"start_latest": first, "end_earliest": datetime.date(2022, 9, 1)}
    person.roles.add(Role(title="Director", **known))
    person.save()
    text = client.get(site.person.url).text
    assert "Director, BHP (began by 1 January 2018; ended in or after September 2022)" in text
    assert '"jobTitle"' not in text


def test_roles_stand_the_latest_first(site: SimpleNamespace, client: Client) -> None:
    person = site.person.person
    role(person, "Second", 2016, 2018)
    role(person, "Third", 2019)
    role(person, "First", 2010, 2015)
    text = client.get(site.person.url).text
    order = [text.index(f"<dd>{title}, BHP</dd>") for title in ("Third", "Second", "First")]
    assert order == sorted(order)


def test_a_person_of_no_known_role_has_a_page(site: SimpleNamespace, client: Client) -> None:
    assert client.get(site.person.url).status_code == 200


def test_a_persons_words_and_announcements_are_listed(
    site: SimpleNamespace, release: NewsPage, chair: Person, client: Client
) -> None:
    page = PersonPageFactory(parent=site.people, person=chair)
    assert "There are no quotes yet." in client.get(page.url).text
    publish(release)
    text = client.get(page.url).text
    quote = QuotePage.objects.child_of(release).get()
    for words in ("“First part.", "“Second part.”", quote.url, release.url):
        assert words in text
    release.unpublish()
    text = client.get(page.url).text
    assert "First part." not in text
    assert release.url not in text


def test_many_quotes_of_a_person_are_parted(site: SimpleNamespace, client: Client) -> None:
    QuotePageFactory.create_batch(13, parent=site.news, speaker=site.person.person)
    assert "Page </span>2" in client.get(site.person.url).text
    assert client.get(f"{site.person.url}?page=2").text.count("Link to this quote") == 1
    assert client.get(f"{site.person.url}?page=3").status_code == 404


def test_its_data_say_who_it_is(site: SimpleNamespace, client: Client) -> None:
    person = site.person.person
    person.honorific = "Dame"
    role(person, "Chair", 2015, 2018)
    role(person, "Adviser", 2019)
    text = client.get(site.person.url).text
    assert '"honorificPrefix": "Dame"' in text
    assert '"jobTitle": ["Adviser"]' in text


def test_a_person_has_one_page(site: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        PersonPageFactory(parent=site.people, person=site.person.person)


def test_a_person_with_a_page_is_not_deleted(site: SimpleNamespace) -> None:
    with pytest.raises(ProtectedError):
        site.person.person.delete()
