"""People whom editors have made public, in their order, with their roles over time."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client

from news.models import NewsPage, QuotePage
from partners.models import Person, PersonPage, Role
from tests.factories import (
    PersonFactory,
    PersonPageFactory,
    QuotePageFactory,
    SiteImageFactory,
)
from tests.page_states import publish


def make_role(person: Person, title: str, begin: int, end: int | None = None) -> None:
    """Somebody was something from 1 January of a year to 31 December of another."""
    last = datetime.date(end, 12, 31) if end else None
    first = datetime.date(begin, 1, 1)
    dates = {"start_earliest": first, "start_latest": first}
    person.roles.add(Role(title=title, **dates, end_earliest=last, end_latest=last))
    person.save()


def list_names(text: str) -> list[int]:
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
    found = list_names(client.get(site.people.url).text)
    assert found == sorted(found)
    three[2].move(site.people, pos="first-child")
    zoe, amy, bob = list_names(client.get(site.people.url).text)
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
    make_role(person, "Chair", 2015, 2018)
    make_role(person, "Adviser", 2019)
    for address in (site.people.url, site.person.url):
        text = client.get(address).text.replace("\xa0", " ")
        assert "Adviser since 1 January 2019</p>" in text


def test_a_role_that_is_over_is_told_as_over(site: SimpleNamespace, client: Client) -> None:
    make_role(site.person.person, "Chair", 2015, 2018)
    text = client.get(site.people.url).text
    assert "Chair from 1 January 2015 to 31 December 2018</p>" in text


def test_a_role_that_may_be_over_is_told_with_what_is_known(
    site: SimpleNamespace, client: Client
) -> None:
    person = site.person.person
    first = datetime.date(2018, 1, 1)
    known = {"start_latest": first, "end_earliest": datetime.date(2022, 9, 1)}
    person.roles.add(Role(title="Director", **known))
    person.save()
    text = client.get(site.person.url).text
    assert "Director until at least 2022</p>" in text
    assert '"jobTitle"' not in text


def test_roles_stand_the_latest_first(site: SimpleNamespace, client: Client) -> None:
    person = site.person.person
    make_role(person, "Second", 2016, 2018)
    make_role(person, "Third", 2019)
    make_role(person, "First", 2010, 2015)
    text = client.get(site.person.url).text
    lines = ("Third since", "Second, BHP, from 1 January 2016", "First, BHP, from 1 January 2010")
    order = [text.index(f">{line}") for line in lines]
    assert order == sorted(order)


def test_a_person_of_no_known_role_has_a_page(site: SimpleNamespace, client: Client) -> None:
    assert client.get(site.person.url).status_code == 200


@pytest.fixture
def officers(site: SimpleNamespace) -> dict[str, PersonPage]:
    """People in every state, named after it, former officers first in the editors’ order."""
    soon = datetime.date.today() + datetime.timedelta(days=30)
    long_ago, past = datetime.date(2010, 1, 1), datetime.date(2020, 12, 31)
    ended = {"end_earliest": past, "end_latest": past}
    roles = {
        "Left": [{"title": "Chair"} | ended],
        "Moved": [{"title": "Chair"} | ended, {"title": "Dean", "organisation": "Aston"}],
        "Gone": [{"title": "Dean", "organisation": "Aston"} | ended],
        "Leads": [{"title": "Dean", "organisation": "Aston"}, {"title": "Director"}],
        "Also": [{"title": "Chair", "start_latest": long_ago}],
        "Term": [{"title": "Chair", "start_earliest": past, "end_latest": soon}],
        "Next": [{"title": "Chair", "start_earliest": soon}],
        "Guest": [{"title": "Dean", "organisation": "Aston"}],
        "Unknown": [],
    }
    site.person.unpublish()
    pages = {}
    for name, rows in roles.items():
        person = PersonFactory(name=name)
        person.roles = [Role(sort_order=place, **row) for place, row in enumerate(rows)]
        person.save()
        pages[name] = PersonPageFactory(parent=site.people, title=name, person=person)
    return pages


def test_leaders_stand_before_former_officers(
    site: SimpleNamespace, officers: dict[str, PersonPage], client: Client
) -> None:
    main = client.get(site.people.url).text.partition("</h1>")[2].partition("</main>")[0]
    found = re.findall(r"<h2[^>]*>([^<]+)</h2>|<h3><a[^>]*>([^<]+)</a></h3>", main)
    assert [heading or name for heading, name in found] == [
        "Leading the partnership", "Leads", "Also", "Term",
        "Working with us", "Next", "Guest", "Unknown",
        "Before", "Left", "Moved", "Gone",
    ]  # fmt: skip


def test_the_list_of_people_has_the_role_at_the_partnership(
    site: SimpleNamespace, officers: dict[str, PersonPage], client: Client
) -> None:
    text = client.get(site.people.url).text
    for role in ("Chair until 31 December 2020", "Director", "Chair since 2010 at the latest"):
        assert f'<p class="meta">{role}</p>' in text
    assert text.count('<svg class="portrait"') == 3


def test_a_persons_page_leads_with_the_present_role_and_lists_the_others(
    officers: dict[str, PersonPage], client: Client
) -> None:
    moved = client.get(officers["Moved"].url).text
    assert '<p class="lead">Dean, Aston</p>' in moved
    assert 'aria-label="Other roles"' in moved
    assert "<li>Chair, BHP, until 31 December 2020</li>" in moved
    assert '<meta name="description" content="Moved, Dean, Aston">' in moved
    leads = client.get(officers["Leads"].url).text
    assert '<p class="lead">Director</p>' in leads
    assert '<meta name="description" content="Leads, Director, BHP">' in leads
    assert "Other roles" not in client.get(officers["Left"].url).text


def test_the_picture_comes_before_the_name(officers: dict[str, PersonPage], client: Client) -> None:
    text = client.get(officers["Left"].url).text
    assert text.index('class="portrait"') < text.index("<h1>Left</h1>")
    person = officers["Left"].person
    person.portrait = SiteImageFactory()
    person.save()
    text = client.get(officers["Left"].url).text
    portrait = re.search(r'<img class="portrait"[^>]*>', text)
    assert portrait is not None
    assert 'fetchpriority="high"' in portrait[0]
    assert portrait.start() < text.index("<h1>Left</h1>")


def test_a_persons_page_has_no_empty_sections(
    officers: dict[str, PersonPage], client: Client
) -> None:
    main = client.get(officers["Left"].url).text.partition("<main")[2].partition("</main>")[0]
    assert "<h2" not in main
    assert f'<a href="{officers["Left"].get_parent().url}">All people</a>' in main


def test_a_persons_words_and_announcements_are_listed(
    site: SimpleNamespace, release: NewsPage, chair: Person, client: Client
) -> None:
    page = PersonPageFactory(parent=site.people, person=chair)
    assert "Related news" not in client.get(page.url).text
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
    make_role(person, "Chair", 2015, 2018)
    make_role(person, "Adviser", 2019)
    text = client.get(site.person.url).text
    assert '"honorificPrefix": "Dame"' in text
    assert '"jobTitle": ["Adviser"]' in text


def test_a_person_has_one_page(site: SimpleNamespace) -> None:
    with pytest.raises(ValidationError, match="already exists"):
        PersonPageFactory(parent=site.people, person=site.person.person)


def test_a_person_with_a_page_is_not_deleted(site: SimpleNamespace) -> None:
    with pytest.raises(ProtectedError):
        site.person.person.delete()
