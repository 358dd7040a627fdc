"""How names in a release are matched with the register."""

import pytest

from bhp_site.press_releases.reading.proposed import Speech
from bhp_site.press_releases.reading.register import (
    Register,
    RegisteredName,
    RegisteredPerson,
    RegisteredRole,
    find_mentions,
    find_report,
    match_speaker,
)

CHAIR = RegisteredPerson(1, "Sam Fictional", RegisteredRole("Chair", "BHP"))
DIRECTOR = RegisteredPerson(2, "Professor Sample Voice", RegisteredRole("Director", "BHP"))
DEAN = RegisteredPerson(3, "Dr Sample Voice", RegisteredRole("Dean", "Example University"))
FORMER = RegisteredPerson(4, "Jo Invented")
UNIVERSITY = RegisteredName(10, ("Example University", "EU", "University of Example"))
REGISTER = Register(
    people=[CHAIR, DIRECTOR, FORMER],
    partners=[UNIVERSITY, RegisteredName(11, ("Northtown Hospitals NHS Trust", "NHT", ""))],
    own_names=("Birmingham Health Partners", "BHP"),
)


def match(name: str, role: str = "", register: Register = REGISTER):
    return match_speaker(Speech(("Words.",), name, role), register)


@pytest.mark.parametrize(
    ("name", "role", "person"),
    [
        ("Sam Fictional", "BHP’s chair", CHAIR),
        ("Sam Fictional", "chairman of BHP", CHAIR),
        ("Sam Fictional CBE", "Chair, BHP", CHAIR),
        ("Professor Sample Voice", "Director BHP", DIRECTOR),
        ("Sample Voice", "director of BHP", DIRECTOR),
        ("Sam Fictional", "", CHAIR),
    ],
)
def test_a_role_that_the_register_knows_is_left_to_it(
    name: str, role: str, person: RegisteredPerson
) -> None:
    found = match(name, role)
    assert found.person == person
    assert (found.name, found.role, found.organisation, found.reason) == ("", "", "", "")


def test_another_role_is_kept_and_is_a_guess() -> None:
    found = match("Sam Fictional", "vice-chair of Example University")
    assert found.person == CHAIR
    assert (found.role, found.organisation) == ("vice-chair", "Example University")
    assert "Chair, BHP" in found.reason


def test_a_person_without_a_role_on_the_date_keeps_the_role_of_the_text() -> None:
    found = match("Jo Invented", "head of libraries")
    assert found.person == FORMER
    assert found.role == "head of libraries"
    assert "no role" in found.reason


@pytest.mark.parametrize("name", ["S. Fictional", "Ms Fictional"])
def test_part_of_a_name_is_a_guess(name: str) -> None:
    found = match(name, "chair")
    assert found.person == CHAIR
    assert name in found.reason


def test_two_people_of_one_name_are_told_apart_by_their_role() -> None:
    register = Register(people=[DIRECTOR, DEAN])
    assert match("Sample Voice", "Dean, Example University", register).person == DEAN
    unknown = match("Sample Voice", "trustee", register)
    assert unknown.person is None
    assert (unknown.name, unknown.role) == ("Sample Voice", "trustee")


def test_somebody_unknown_keeps_name_role_and_organisation() -> None:
    found = match("Ola Madeup", "chef at Northtown Hospitals NHS Trust")
    assert found.person is None
    assert (found.name, found.role) == ("Ola Madeup", "chef")
    assert found.organisation == "Northtown Hospitals NHS Trust"
    assert "not in “People”" in found.reason


def test_names_are_found_as_whole_words() -> None:
    text = "NHT and the university of example agree; an EUropean nht does not."
    assert [(one.key, one.words) for one in find_mentions(text, REGISTER.partners)] == [
        (10, "university of example"),
        (11, "NHT"),
    ]


def test_a_report_is_found_by_its_title() -> None:
    reports = [RegisteredName(5, ("Report of Activity, 2020 to 2022",))]
    register = Register(reports=reports, own_names=("Birmingham Health Partners", "BHP"))
    assert find_report("The report of activity 2020–2022", register) == 5
    assert find_report("Birmingham Health Partners Report of Activity 2020 to 2022", register) == 5
    assert find_report("BHP’s Report of Activity 2020 to 2022", register) == 5
    assert find_report("Report of Activity 2023", register) is None
    assert find_report("", register) is None
