"""People and the roles they held, as far as the dates are known."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from partners.models import Person, Role
from tests.factories import PartnerPageFactory, PersonFactory, with_role

SPAN = ("start_earliest", "start_latest", "end_earliest", "end_latest")


def make_day(year: int) -> datetime.date:
    """The middle of a year."""
    return datetime.date(year, 7, 1)


def make_role(*years: int | None) -> Role:
    """A role with these four dates: began at earliest, at latest, ended at earliest, at latest."""
    dates = (make_day(year) if year else None for year in years)
    return Role(title="Chair", **dict(zip(SPAN, dates, strict=True)))


@pytest.mark.parametrize(
    "years, asked, possible, certain",
    [
        # Both ends open: all can be, nothing is certain.
        ((None, None, None, None), 2020, True, False),
        # Began between 2015 and 2017, goes on.
        ((2015, 2017, None, None), 2014, False, False),
        ((2015, 2017, None, None), 2015, True, False),
        ((2015, 2017, None, None), 2016, True, False),
        ((2015, 2017, None, None), 2017, True, True),
        ((2015, 2017, None, None), 2030, True, True),
        # Began by 2017, nobody knows since when.
        ((None, 2017, None, None), 2010, True, False),
        ((None, 2017, None, None), 2018, True, True),
        # Began in or after 2015.
        ((2015, None, None, None), 2014, False, False),
        ((2015, None, None, None), 2020, True, False),
        # Ended between 2020 and 2022.
        ((2015, 2017, 2020, 2022), 2019, True, True),
        ((2015, 2017, 2020, 2022), 2021, True, False),
        ((2015, 2017, 2020, 2022), 2022, True, False),
        ((2015, 2017, 2020, 2022), 2023, False, False),
        # Ended in or after 2020.
        ((2015, 2017, 2020, None), 2019, True, True),
        ((2015, 2017, 2020, None), 2025, True, False),
        # Ended by 2022, nobody knows when.
        ((2015, 2017, None, 2022), 2023, False, False),
        ((2015, 2017, None, 2022), 2021, True, False),
    ],
)
def test_what_is_possible_and_certain_on_a_day(
    years: tuple[int | None, ...], asked: int, possible: bool, certain: bool
) -> None:
    role = make_role(*years)
    assert (role.is_possible_on(make_day(asked)), role.is_certain_on(make_day(asked))) == (
        possible,
        certain,
    )


def test_the_last_day_it_can_have_ended_on_belongs_to_it() -> None:
    assert make_role(2015, 2015, 2020, 2020).is_possible_on(make_day(2020))


@pytest.mark.parametrize(
    "years, field",
    [
        ((2017, 2015, None, None), "start_latest"),
        ((None, None, 2022, 2020), "end_latest"),
        ((2022, 2022, 2020, 2020), "end_latest"),
    ],
)
def test_dates_in_the_wrong_order_are_refused_at_the_later_one(
    years: tuple[int | None, ...], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_role(*years).clean()
    assert list(refusal.value.message_dict) == [field]


@pytest.mark.parametrize("years", [(None,) * 4, (2015, 2015, 2020, 2020), (2015, 2017, 2016, 2022)])
def test_dates_that_can_be_are_accepted(years: tuple[int | None, ...]) -> None:
    make_role(*years).clean()


def test_the_role_on_a_day_is_the_one_held_then(chair: Person) -> None:
    role = chair.get_role_on(make_day(2022))
    assert role is not None
    assert str(role) == "Chair, BHP"


def test_a_certain_role_comes_before_a_possible_one(db: None) -> None:
    person = with_role(PersonFactory(), "Perhaps", start_earliest=make_day(2010))
    with_role(person, "Certainly", start_latest=make_day(2015))
    assert person.get_role_on(make_day(2022)).title == "Certainly"
    assert person.get_role_on(make_day(2012)).title == "Perhaps"


def test_of_two_certain_roles_the_editors_first_counts(db: None) -> None:
    person = PersonFactory()
    for title in ("Chair", "Professor"):
        with_role(person, title)
    assert person.get_role_on(make_day(2022)).title == "Chair"


def test_nobody_has_a_role_before_it_began(db: None) -> None:
    person = with_role(PersonFactory(), "Chair", start_earliest=make_day(2023))
    assert person.get_role_on(make_day(2022)) is None


def test_a_role_is_at_a_member(partner_index: Any) -> None:
    partner = PartnerPageFactory(parent=partner_index, title="Aston")
    assert (
        Role(title="Dean", partner=partner, organisation="Elsewhere").organisation_name == "Aston"
    )


def test_a_role_stays_where_it_was_when_the_partner_is_deleted(partner_index: Any) -> None:
    partner = PartnerPageFactory(parent=partner_index, title="Aston")
    person = with_role(PersonFactory(), "Dean", partner=partner)
    partner_index.specific.delete()
    assert str(Person.objects.get(pk=person.pk).roles.get()) == "Dean, Aston"


def test_a_role_is_elsewhere() -> None:
    assert str(Role(title="Dean", organisation="Elsewhere")) == "Dean, Elsewhere"


def test_a_person_is_named_with_the_honorific(db: None) -> None:
    assert str(Person(name="Jo Lee", honorific="Dame")) == "Dame Jo Lee"
    assert str(Person(name="Jo Lee")) == "Jo Lee"


def test_a_listing_tells_all_roles(chair: Person) -> None:
    with_role(chair, "Dean", organisation="Aston")
    since = "since 2010 at the latest"
    assert chair.roles_text == f"Chair {since}; Dean, Aston"
