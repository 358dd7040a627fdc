"""Words somebody said: their marks, and what the register fills in."""

import datetime
from typing import Any

import pytest

from news.models import QuotePage
from news.quotations.parser import parse_quotation
from news.quotes import fill_in_speaker
from partners.models import Person
from tests.factories import PartnerPageFactory, PersonFactory, SiteImageFactory, with_role

DAY = datetime.date(2022, 11, 24)


def make_filled_block(
    speaker: Person | None, date: datetime.date = DAY, **given: Any
) -> dict[str, Any]:
    quote = {"speaker": speaker, **given}
    fill_in_speaker(quote, date)
    return quote


def test_each_paragraph_is_opened_and_only_the_last_is_closed() -> None:
    assert parse_quotation("One.\n\nTwo.\n\nThree.").marked_paragraphs == [
        "“One.",
        "“Two.",
        "“Three.”",
    ]


def test_one_paragraph_is_opened_and_closed() -> None:
    assert parse_quotation("One.").marked_paragraphs == ["“One.”"]


def test_no_words_have_no_marks() -> None:
    assert parse_quotation(" \n\n ").marked_paragraphs == []


@pytest.mark.parametrize(
    "typed", ["“One.”", '"One."', "«One.»", "„One.“", "”One.", "« One. »", '“"One."”']
)
def test_typed_marks_are_replaced(typed: str) -> None:
    assert parse_quotation(typed).marked_paragraphs == ["“One.”"]


def test_typed_marks_around_every_paragraph_are_replaced() -> None:
    assert parse_quotation("“One.\n\n“Two.”").marked_paragraphs == ["“One.", "“Two.”"]


@pytest.mark.parametrize(
    "words",
    ["We say “yes” today.", "We say “yes”", "“Yes” is what we say", "“Yes,” we say, “today.”"],
)
def test_marks_within_the_words_are_single(words: str) -> None:
    within = words.replace("“", "‘").replace("”", "’")
    assert parse_quotation(words).marked_paragraphs == [f"“{within}”"]
    assert parse_quotation(f"“{words}”").marked_paragraphs == [f"“{within}”"]
    assert parse_quotation(f"“{words}\n\nMore.").marked_paragraphs[0] == f"“{within}"


def test_marks_within_marks_are_double_again() -> None:
    assert parse_quotation("They say “it’s ‘fine’” here.").marked_paragraphs == [
        "“They say ‘it’s “fine”’ here.”"
    ]


@pytest.mark.parametrize("words", ["It goes “on and on.", "A ‘b’ c"])
def test_marks_that_are_right_or_have_no_partner_are_left(words: str) -> None:
    assert parse_quotation(words).marked_paragraphs == [f"“{words}”"]


def test_an_apostrophe_within_marks_is_no_mark() -> None:
    assert parse_quotation("We say “it’s ours” today.").marked_paragraphs == [
        "“We say ‘it’s ours’ today.”"
    ]


def test_typewriters_marks_are_set_as_a_printer_would() -> None:
    typed = "\"We say \"yes\" and ('no'): it's the trusts' day.\""
    assert parse_quotation(typed).marked_paragraphs == [
        "“We say ‘yes’ and (‘no’): it’s the trusts’ day.”"
    ]


def test_an_apostrophe_at_the_end_stays() -> None:
    assert parse_quotation("It is the trusts’").marked_paragraphs == ["“It is the trusts’”"]


@pytest.mark.parametrize("gap", ["\n\n", "\n \t \n", "\r\n\r\n", "\r\n  \r\n", "\n\n\n\n"])
def test_a_blank_line_parts_paragraphs(gap: str) -> None:
    assert list(parse_quotation(f"One.{gap}Two.").paragraphs) == ["One.", "Two."]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_break_within_a_sentence_is_a_space(end: str) -> None:
    assert list(parse_quotation(f"One,{end}still one.").paragraphs) == ["One, still one."]


def test_a_paragraph_of_marks_alone_is_none() -> None:
    assert list(parse_quotation("One.\n\n”").paragraphs) == ["One."]


def test_role_and_organisation_come_from_the_register(chair: Person) -> None:
    quote = make_filled_block(chair)
    assert (quote["name"], quote["role"], quote["organisation"]) == ("Ada Chair", "Chair", "BHP")


def test_the_role_is_the_one_held_on_the_day(db: None) -> None:
    person = with_role(
        PersonFactory(),
        "Chair",
        start_latest=datetime.date(2015, 1, 1),
        end_earliest=datetime.date(2021, 1, 1),
        end_latest=datetime.date(2021, 12, 31),
    )
    with_role(person, "Adviser", start_latest=datetime.date(2022, 1, 1))
    assert make_filled_block(person, datetime.date(2020, 6, 1))["role"] == "Chair"
    assert make_filled_block(person, DAY)["role"] == "Adviser"


def test_a_role_of_unknown_dates_is_better_than_none(db: None) -> None:
    person = with_role(PersonFactory(), "Adviser", start_earliest=None)
    assert make_filled_block(person)["role"] == "Adviser"


def test_no_role_is_made_up(db: None) -> None:
    person = with_role(PersonFactory(), "Chair", start_earliest=datetime.date(2023, 1, 1))
    quote = make_filled_block(person)
    assert quote["name"] == person.name
    assert not quote.get("role")
    assert not quote.get("organisation")


def test_the_organisation_is_the_member_of_the_role(partner_index: Any) -> None:
    partner = PartnerPageFactory(parent=partner_index, title="Aston")
    person = with_role(PersonFactory(), "Dean", partner=partner)
    assert make_filled_block(person)["organisation"] == "Aston"


def test_the_name_has_its_honorific(db: None) -> None:
    assert (
        make_filled_block(PersonFactory(name="Jo Lee", honorific="Dame"))["name"] == "Dame Jo Lee"
    )


@pytest.mark.parametrize("field", ["name", "role", "organisation"])
def test_what_the_editor_gave_is_kept(chair: Person, field: str) -> None:
    assert make_filled_block(chair, **{field: "As given"})[field] == "As given"


def test_a_role_given_alone_takes_no_organisation_of_another_role(chair: Person) -> None:
    assert not make_filled_block(chair, role="Lead author").get("organisation")


def test_a_missing_role_is_filled_in_beside_a_given_organisation(chair: Person) -> None:
    quote = make_filled_block(chair, organisation="The Panel")
    assert (quote["role"], quote["organisation"]) == ("Chair", "The Panel")


def test_the_portrait_is_the_speakers(chair: Person) -> None:
    chair.portrait = SiteImageFactory()
    assert make_filled_block(chair)["portrait"] == chair.portrait


def test_a_portrait_the_editor_chose_is_kept(chair: Person) -> None:
    chair.portrait, chosen = SiteImageFactory(), SiteImageFactory()
    assert make_filled_block(chair, portrait=chosen)["portrait"] == chosen


def test_words_without_a_speaker_stay_as_they_are() -> None:
    assert make_filled_block(None, words="Some words.") == {"speaker": None, "words": "Some words."}


def test_a_stored_inner_quotation_keeps_its_marks(db: None) -> None:
    paragraphs = parse_quotation("“‘Never give up.’”").paragraphs
    page = QuotePage(name="Ada Chair", words="\n\n".join(paragraphs))
    assert page.paragraphs == ["“‘Never give up.’”"]
    assert page.text == "“‘Never give up.’” (Ada Chair)"
    assert page.get_single_line() == "“‘Never give up.’”"
