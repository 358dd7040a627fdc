"""Who the members were on any day, told no more exactly than the dates prove."""

import csv
import datetime
import io
import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bhp_site.core.caching import process_cache
from bhp_site.core.caching.cache_version import cache_version
from news.models import QuotePage
from partners.growth import get_growth_steps
from partners.membership import (
    Kind,
    Member,
    MembersOnDate,
    format_ordinal,
    get_members,
    get_members_on,
)
from partners.models import MembershipEvent, OtherName, PartnerPage, Person, Role
from tests.factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PeoplePageFactory,
    PersonFactory,
    PersonPageFactory,
    QuotePageFactory,
    ReportPageFactory,
    with_role,
)
from tests.page_states import publish


def make_day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def build_event(
    kind: str, earliest: str = "", latest: str = "", order: int | None = None
) -> MembershipEvent:
    return MembershipEvent(
        kind=kind, earliest=make_day(earliest), latest=make_day(latest), order=order
    )


def make_member(*events: MembershipEvent) -> Member:
    return Member(1, "A trust", "nhs_trust", "", "", "/partners/a/", events=events)


JOINED = build_event(Kind.JOINED, "2020-09-01", "2022-08-31")
LEFT = build_event(Kind.LEFT, "2023-01-01", "2023-12-31")
BACK = build_event(Kind.JOINED, "2024-05-01", "2024-05-01")


@pytest.mark.parametrize(
    "events, on, certain, possible",
    [
        ([JOINED], "2020-08-31", False, False),
        ([JOINED], "2020-09-01", False, True),
        ([JOINED], "2022-08-30", False, True),
        ([JOINED], "2022-08-31", True, True),
        ([JOINED, LEFT], "2022-12-31", True, True),
        ([JOINED, LEFT], "2023-01-01", False, True),
        ([JOINED, LEFT], "2023-12-30", False, True),
        ([JOINED, LEFT], "2023-12-31", False, False),
        ([JOINED, LEFT, BACK], "2024-04-30", False, False),
        ([JOINED, LEFT, BACK], "2024-05-01", True, True),
        ([build_event(Kind.JOINED, "", "2021-01-01")], "1990-01-01", False, True),
        ([build_event(Kind.JOINED, "2021-01-01", "")], "2050-01-01", False, True),
        (
            [build_event(Kind.JOINED, "", "2021-01-01"), build_event(Kind.LEFT)],
            "2022-01-01",
            False,
            True,
        ),
        ([build_event(Kind.RENAMED, "2021-01-01", "2021-01-01")], "2022-01-01", False, True),
        ([], "2022-01-01", False, True),
    ],
)
def test_the_dates_prove_what_they_can(
    events: list[MembershipEvent], on: str, certain: bool, possible: bool
) -> None:
    assert make_member(*events).get_membership_on(datetime.date.fromisoformat(on)) == (
        certain,
        possible,
    )


@pytest.mark.parametrize(
    "certain, possible, words",
    [
        (0, 0, "0 members"),
        (1, 0, "1 member"),
        (7, 0, "7 members"),
        (6, 2, "between 6 and 8 members"),
        (0, 1, "at most 1 member"),
        (0, 2, "at most 2 members"),
    ],
)
def test_a_count_is_no_more_exact_than_known(certain: int, possible: int, words: str) -> None:
    one = make_member()
    assert MembersOnDate([one] * (certain + possible), [one] * certain).count == words


@pytest.mark.parametrize(
    "number, words", [(1, "first"), (7, "seventh"), (12, "twelfth"), (13, "13th"), (21, "21st"),
                      (22, "22nd"), (33, "33rd"), (111, "111th")],
)  # fmt: skip
def test_places_are_in_words(number: int, words: str) -> None:
    assert format_ordinal(number) == words


def make_event(partner: Any, kind: str, earliest: str, latest: str, **more: Any) -> None:
    dates = {"earliest": make_day(earliest), "latest": make_day(latest)}
    partner.events.add(MembershipEvent(kind=kind, **dates, **more))
    partner.save()


@pytest.fixture
def three(partner_index: Any) -> list[Any]:
    """A founder, one that joined on a day not known exactly, and one that has left."""
    founder, later, former = (
        PartnerPageFactory(parent=partner_index, title=title, kind=kind)
        for title, kind in (("Zeta", "nhs_trust"), ("Later", "university"), ("Former", "network"))
    )
    make_event(founder, Kind.JOINED, "2011-12-01", "2011-12-31", order=1)
    make_event(later, Kind.JOINED, "2020-09-01", "2022-08-31", order=2)
    make_event(former, Kind.JOINED, "2012-01-01", "2012-01-01", order=3)
    make_event(former, Kind.LEFT, "2015-05-01", "2015-05-01")
    return [founder, later, former]


def list_names(client: Client, query: str = "") -> list[str]:
    return re.findall(r'<span class="name">([^<]+)<', client.get(f"/partners/{query}").text)


def get_status(client: Client, query: str = "") -> str:
    text = client.get(f"/partners/{query}").text
    found = re.search(r'role="status">([^<]+)<', text)
    assert found is not None
    return found[1]


def test_the_list_has_todays_members(three: list[Any], client: Client) -> None:
    assert list_names(client) == ["Zeta", "Later"]
    assert get_status(client) == "2 members: 1 NHS trust and 1 university"


@pytest.mark.parametrize(
    "on, found, words",
    [
        (
            "2022-08-31",
            ["Zeta", "Later"],
            "On 31 August 2022 the partnership had 2 members: 1 NHS trust and 1 university",
        ),
        (
            "31/08/2022",
            ["Zeta", "Later"],
            "On 31 August 2022 the partnership had 2 members: 1 NHS trust and 1 university",
        ),
        (
            "2021-01-01",
            ["Zeta", "Later"],
            "On 1 January 2021 the partnership had between 1 and 2 members",
        ),
        (
            "2014-01-01",
            ["Zeta", "Former"],
            "On 1 January 2014 the partnership had 2 members: 1 NHS trust and 1 health innovation "
            "network",
        ),
        ("2011-12-15", ["Zeta"], "On 15 December 2011 the partnership had at most 1 member"),
        ("2011-11-30", [], "Birmingham Health Partners was founded in December 2011."),
        ("1999-01-01", [], "Birmingham Health Partners was founded in December 2011."),
    ],
)
def test_it_has_the_members_of_any_day(
    three: list[Any], client: Client, on: str, found: list[str], words: str
) -> None:
    assert list_names(client, f"?on={on}") == found
    assert get_status(client, f"?on={on}") == words
    text = client.get(f"/partners/?on={on}").text
    assert text.count("May have been a member then") == ("between" in words or "at most" in words)


def test_the_list_says_what_leaves_a_membership_open(three: list[Any], client: Client) -> None:
    PartnerPageFactory(parent=three[0].get_parent(), title="Undated")
    for on, words in (
        ("2021-01-01", "joined between 2020 and 2022"),
        ("2011-12-15", "joined in December 2011"),
    ):
        assert f"May have been a member then: {words}" in client.get(f"/partners/?on={on}").text
    assert ("May have been a member then: dates not known") in client.get(
        "/partners/?on=2021-01-01"
    ).text
    assert "May have been a member then" not in client.get("/partners/").text


@pytest.mark.parametrize(
    "earliest, latest, words",
    [
        ("2011-12-01", "2011-12-01", "was founded on 1 December 2011"),
        ("2011-01-01", "2013-12-31", "was founded between 2011 and 2013"),
        ("2011-01-01", "", "was founded in 2011 or later"),
        ("", "2011-12-31", ""),
    ],
)
def test_a_date_before_the_foundation_says_when_that_was(
    partner_index: Any, client: Client, earliest: str, latest: str, words: str
) -> None:
    first, second = (PartnerPageFactory(parent=partner_index, title=title) for title in "AB")
    make_event(second, Kind.JOINED, "1990-01-01", "1990-01-01")
    make_event(first, Kind.JOINED, earliest, latest, order=1)
    text = client.get("/partners/?on=1985-01-01").text
    assert ("was founded" in text) == bool(words)
    assert words in text


def test_without_a_first_member_no_foundation_is_stated(partner_index: Any, client: Client) -> None:
    make_event(PartnerPageFactory(parent=partner_index), Kind.JOINED, "1990-01-01", "1990-01-01")
    assert get_status(client, "?on=1985-01-01") == "On 1 January 1985 the partnership had 0 members"


def test_a_coming_day_is_told_as_far_as_is_known(three: list[Any], client: Client) -> None:
    words = "will have 2 members: 1 NHS trust and 1 university on 1 January 2999"
    assert get_status(client, "?on=2999-01-01") == f"As far as we know, the partnership {words}"


@pytest.mark.parametrize("on", ["yesterday", "2022-02-31", "0000-00-00", "9999999-01-01", "<b>"])
def test_nonsense_is_told_beside_its_field(three: list[Any], client: Client, on: str) -> None:
    response = client.get("/partners/", {"on": on})
    assert response.status_code == 200
    assert "Enter a date like 31/08/2022." in response.text
    assert get_status(client).startswith("2 members")


def test_it_is_ordered_by_kind_when_asked(three: list[Any], client: Client) -> None:
    PartnerPageFactory(parent=three[0].get_parent(), title="Alpha", kind="university")
    assert list_names(client, "?order=kind&on=2021-01-01") == ["Zeta", "Alpha", "Later"]
    text = client.get("/partners/?order=kind").text
    assert text.index(">NHS trust</h2>") < text.index(">Universities</h2>")


def test_a_long_list_is_parted(partner_index: Any, client: Client) -> None:
    for number in range(26):
        PartnerPageFactory(parent=partner_index, title=f"Trust {number:02}")
    assert len(list_names(client)) == 24
    assert list_names(client, "?page=2") == ["Trust 24", "Trust 25"]
    assert client.get("/partners/?page=3").status_code == 404


def test_the_list_tells_how_the_partnership_grew(
    partner_index: Any, three: list[Any], client: Client
) -> None:
    make_event(
        PartnerPageFactory(parent=partner_index, title="Soon"), Kind.JOINED, "", "2022-12-31"
    )
    make_event(
        PartnerPageFactory(parent=partner_index, title="May"),
        Kind.JOINED,
        "2012-05-01",
        "2012-05-31",
    )
    grew = client.get("/partners/").text.partition("How we grew")[2]
    steps = re.findall(r"<li>\s*<h3>(.*?)</h3>\s*(.*?)\s*</li>", grew, re.DOTALL)
    assert [(year, re.findall("<p>(.*?)</p>", text)) for year, text in steps] == [
        ("2011", ["Zeta joined in December 2011."]),
        ("2012", ["Former joined on 1 January 2012.", "May joined in May 2012."]),
        ("By 2022", ["Later joined between 2020 and 2022.", "Soon joined."]),
    ]


def test_the_front_page_names_todays_members(home: Any, three: list[Any], client: Client) -> None:
    text = client.get("/").text
    assert '<span class="name">Zeta</span>' in text
    assert '<span class="name">Former</span>' not in text


def test_the_front_page_names_some_of_many_and_leads_to_all(
    home: Any, partner_index: Any, client: Client
) -> None:
    for number in range(14):
        PartnerPageFactory(parent=partner_index, title=f"Trust {number:02}")
    text = client.get("/").text
    assert '<span class="name">Trust 11</span>' in text
    assert "Trust 12" not in text
    assert '<a href="/partners/">and 2 more partners</a>' in text


def test_a_long_story_of_growth_is_told_in_few_steps(partner_index: Any, client: Client) -> None:
    for number in range(30):
        partner = PartnerPageFactory(parent=partner_index, title=f"Trust {number:02}")
        year = 2001 + min(number, 15)
        make_event(partner, Kind.JOINED, f"{year}-01-01", f"{year}-12-31", order=number)
    steps = get_growth_steps()
    assert len(steps) == 8
    earlier = "Trust 00, Trust 01, Trust 02, Trust 03 and 5 more joined."
    assert (steps[0].year, steps[0].sentences) == ("by 2009", (earlier,))
    assert steps[1].year == "2010"
    latest = "Trust 15, Trust 16, Trust 17, Trust 18 and 11 more joined."
    assert (steps[-1].year, steps[-1].sentences) == ("2016", (latest,))
    assert latest in client.get("/partners/").text


@pytest.mark.parametrize(("days", "sentences"), [(6, 6), (7, 1)])
def test_a_year_of_many_days_is_told_in_one_sentence(
    partner_index: Any, days: int, sentences: int
) -> None:
    for day in range(1, days + 1):
        partner = PartnerPageFactory(parent=partner_index, title=f"Trust {day}")
        make_event(partner, Kind.JOINED, f"2012-03-0{day}", f"2012-03-0{day}", order=day)
    (step,) = get_growth_steps()
    assert (step.year, len(step.sentences)) == ("2012", sentences)
    if sentences == 1:
        assert step.sentences == ("Trust 1, Trust 2, Trust 3, Trust 4 and 3 more joined.",)


def test_growth_is_put_into_words_once_until_a_change(
    three: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_cache, "is_in_transaction", lambda: False)
    monkeypatch.setattr(process_cache, "_values", {})
    steps = get_growth_steps()
    assert steps
    with monkeypatch.context() as patch:
        patch.setattr("partners.growth.get_members", None)
        assert get_growth_steps() == steps
    three[0].events.all().delete()
    cache_version.advance()
    assert get_growth_steps() != steps


def test_the_members_on_a_day_are_found_once_until_a_change(
    three: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_cache, "is_in_transaction", lambda: False)
    cache_version.advance()
    day = datetime.date(2024, 1, 1)
    members = get_members_on(day)
    assert members.possible
    assert get_members_on(day) is members
    assert get_members_on(day.replace(year=1990)) != members
    PartnerPage.objects.all().delete()
    cache_version.advance()
    assert get_members_on(day) == MembersOnDate([], [])


def test_a_partners_page_tells_its_place_and_its_former_names(
    three: list[Any], client: Client
) -> None:
    founder, later, _ = three
    make_event(later, Kind.RENAMED, "2023-01-01", "2023-12-31", former_name="The Old College")
    text = client.get(later.url).text
    assert "Between 2020 and 2022, as the second member" in text
    assert "The Old College (until 2023)" in text
    assert "Formerly" not in client.get(founder.url).text


def test_its_data_bear_the_dates_that_are_known(three: list[Any], client: Client) -> None:
    founder, later, former = (client.get(page.url).text for page in three)
    assert '"startDate": "2011-12"' in founder
    assert "startDate" not in later
    assert '"startDate": "2012-01-01"' in former
    assert '"endDate": "2015-05-01"' in former


def test_a_partners_page_names_its_people(home: Any, three: list[Any], client: Client) -> None:
    person = PersonFactory(name="Jo Dean", honorific="Dr")
    dates = {"start_earliest": make_day("2018-01-01"), "start_latest": make_day("2018-12-31")}
    person.roles.add(Role(title="Dean", partner=three[0], **dates))
    person.save()
    text = " ".join(client.get(three[0].url).text.split())
    assert '<h3>Dr Jo Dean</h3> <p class="meta">Dean since 2018</p>' in text
    page = PersonPageFactory(parent=PeoplePageFactory(parent=home, slug="people"), person=person)
    assert f'<h3><a href="{page.url}">Dr Jo Dean</a></h3>' in client.get(three[0].url).text
    page.unpublish()
    assert page.url not in client.get(three[0].url).text


def test_a_partners_news_are_parted(site: SimpleNamespace, client: Client) -> None:
    for _ in range(12):
        page = NewsPageFactory(parent=site.news_index)
        page.partners.add(site.partner)
        page.save()
    assert client.get(f"{site.partner.url}?page=2").status_code == 200
    assert client.get(f"{site.partner.url}?page=3").status_code == 404


def test_its_reports_and_quotes_are_parted_each_by_itself(
    site: SimpleNamespace, client: Client
) -> None:
    for number in range(11):
        page = ReportPageFactory(parent=site.report_index, title=f"Report of {2000 + number}")
        page.partners.add(site.partner)
        page.save()
    news = NewsPageFactory(parent=site.news_index)
    for number in range(6):
        QuotePageFactory(parent=news, words=f"Quote {number}.", partner=site.partner)
    first = client.get(site.partner.url).text
    assert "Quote 0." not in first
    assert "Report of 2000" not in first
    assert 'href="?quotes=2#quotes"' in first
    both = client.get(f"{site.partner.url}?quotes=2&reports=2").text
    assert "Quote 0." in both
    assert "Quote 5." not in both
    assert "Report of 2000" in both
    assert 'href="?reports=2#quotes"' in both
    assert client.get(f"{site.partner.url}?quotes=3").status_code == 404


def say(news_index: Any, chair: Person, organisation: str) -> QuotePage:
    """A published quote of somebody speaking for `organisation`."""
    page = NewsPageFactory(parent=news_index, live=False)
    words = {"speaker": chair, "words": "Some words.", "role": "Dean", "organisation": organisation}
    page.body = [("quote", words)]
    page.save()
    publish(page)
    return QuotePage.objects.child_of(page).get()


@pytest.mark.parametrize("name", ["Later", "LTR", "The Late Trust", "The Old College", "later"])
def test_a_partners_page_has_what_was_said_for_it(
    three: list[Any], news_index: Any, chair: Person, client: Client, name: str
) -> None:
    later = three[1]
    later.short_name = "LTR"
    later.other_names = [OtherName(name="The Late Trust")]
    make_event(later, Kind.RENAMED, "2023-01-01", "2023-12-31", former_name="The Old College")
    quote = say(news_index, chair, name)
    assert quote.partner == later
    assert quote.url in client.get(later.url).text


def test_a_name_that_two_bear_leads_to_neither(
    three: list[Any], news_index: Any, chair: Person
) -> None:
    for page in three[:2]:
        page.other_names = [OtherName(name="The Trust")]
        page.save()
    assert say(news_index, chair, "The Trust").partner is None


def test_a_renamed_partner_keeps_what_was_said_for_it(
    three: list[Any], news_index: Any, chair: Person
) -> None:
    quote = say(news_index, chair, "Later")
    three[1].title = "Something new"
    three[1].save()
    announcement = quote.get_parent().specific
    publish(announcement)
    quote.refresh_from_db()
    assert (quote.partner_id, quote.organisation) == (three[1].pk, "Later")


@pytest.mark.parametrize("name", ["The Old College", "LTR", "Late Trust"])
def test_search_finds_a_partner_by_every_name(three: list[Any], client: Client, name: str) -> None:
    later = three[1]
    later.short_name = "LTR"
    later.other_names = [OtherName(name="The Late Trust")]
    make_event(later, Kind.RENAMED, "2023-01-01", "2023-12-31", former_name="The Old College")
    publish(later)
    assert f'href="{later.url}"' in client.get("/search/", {"q": name}).text


def test_a_partner_has_a_feed_of_its_own(site: SimpleNamespace, client: Client) -> None:
    NewsPageFactory(parent=site.news_index, title="Another matter")
    feed = client.get(f"{site.partner.url}feed.json").json()
    assert [item["title"] for item in feed["items"]] == [site.news.title]
    assert feed["title"] == f"News about {site.partner.title}"
    assert feed["home_page_url"] == site.partner.full_url
    atom = client.get(f"{site.partner.url}feed.xml")
    assert site.news.title in atom.text
    assert "Another matter" not in atom.text
    assert f'href="{site.partner.url}feed.xml"' in client.get(site.partner.url).text


def test_a_feed_is_found_at_its_former_address(
    site: SimpleNamespace, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    before = site.partner.url
    site.partner.slug = "another"
    with django_capture_on_commit_callbacks(execute=True):
        publish(site.partner)
    feed = client.get(f"{before}feed.json").json()
    assert feed["home_page_url"] == "http://testserver/partners/another/"
    text = client.get(f"{before}feed.xml").text
    assert site.news.title in text
    assert 'href="http://testserver/partners/another/feed.xml"' in text
    site.partner.unpublish()
    assert client.get(f"{before}feed.xml").status_code == 404


@pytest.mark.parametrize("kind", ["xml", "json"])
def test_a_partner_that_is_not_public_has_none(
    site: SimpleNamespace, client: Client, kind: str
) -> None:
    site.partner.unpublish()
    assert client.get(f"{site.partner.url}feed.{kind}").status_code == 404
    assert client.get(f"/partners/nobody/feed.{kind}").status_code == 404
    assert client.post(f"{site.partner.url}feed.{kind}").status_code == 405


def test_the_register_is_given_as_data(three: list[Any], client: Client) -> None:
    later = three[1]
    later.other_names = [OtherName(name="The Late Trust"), OtherName(name="=1+1")]
    later.website = "https://example.org/"
    make_event(later, Kind.RENAMED, "2023-01-01", "2023-12-31", former_name="The Old College")
    response = client.get("/partners/register.csv")
    assert response.headers["Cache-Control"] == "public, no-cache"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Zeta", "Later", "Former"]
    row = rows[1]
    assert row["other_names"] == "The Late Trust; =1+1"
    assert row["former_names"] == "The Old College"
    assert (row["joined_earliest"], row["joined_latest"]) == ("2020-09-01", "2022-08-31")
    assert rows[2]["left_earliest"] == "2015-05-01"
    data = json.loads(client.get("/partners/register.json").content)["members"]
    assert data[1]["other_names"] == ["The Late Trust", "=1+1"]
    until = {"until_earliest": "2023-01-01", "until_latest": "2023-12-31"}
    assert data[1]["former_names"] == [{"name": "The Old College"} | until]
    assert data[1]["joined_latest"] == "2022-08-31"
    assert data[0]["left_latest"] is None


def test_a_member_that_came_back_has_not_left(three: list[Any], client: Client) -> None:
    make_event(three[2], Kind.JOINED, "2020-01-01", "2020-12-31")
    data = client.get("/partners/register.json").json()["members"][2]
    assert (data["joined_latest"], data["left_latest"]) == ("2012-01-01", None)


def test_a_name_is_no_formula(partner_index: Any, client: Client) -> None:
    PartnerPageFactory(parent=partner_index, title="=HYPERLINK(1)")
    assert "'=HYPERLINK(1)" in client.get("/partners/register.csv").text


def test_the_data_name_no_draft(three: list[Any], client: Client) -> None:
    three[0].unpublish()
    for kind in ("csv", "json"):
        assert "Zeta" not in client.get(f"/partners/register.{kind}").text


def test_the_register_asks_no_more_of_many(site: SimpleNamespace, client: Client) -> None:
    partner_index = site.partner_index
    first = PartnerPageFactory(parent=partner_index, title="First", slug="first")
    with_role(site.person.person, "Dean", partner=first)
    addresses = ("/", "/partners/", "/partners/?on=2024-01-01&order=kind", "/partners/first/")
    addresses += ("/people/", "/partners/register.csv", "/partners/register.json")

    def queries() -> dict[str, int]:
        found = {}
        for address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            found[address] = len(asked)
        return found

    def add(count: int) -> None:
        for number in range(count):
            partner = PartnerPageFactory(parent=partner_index)
            make_event(partner, Kind.JOINED, "2011-01-01", "2011-12-31", order=number)
        cache_version.advance()

    add(9)
    few = queries()
    # More than any list shows at once.
    add(41)
    assert queries() == few


def test_a_transaction_sees_members_that_it_has_changed(partner_index: Any) -> None:
    partner = PartnerPageFactory(parent=partner_index)
    assert [member.name for member in get_members()] == [partner.title]
    partner.title = "Another name"
    partner.save()
    assert [member.name for member in get_members()] == ["Another name"]


def test_a_later_change_alters_no_byte_of_what_was_published(
    site: SimpleNamespace, client: Client
) -> None:
    person = with_role(PersonFactory(name="Ada Chair"), "Chair", partner=site.partner)
    announcement = NewsPageFactory(parent=site.news_index, live=False, title="Said then")
    announcement.body = [("quote", {"speaker": person, "words": "First.\n\nSecond."})]
    announcement.save()
    publish(announcement)
    quote = QuotePage.objects.child_of(announcement).get()
    before = [client.get(page.url).content for page in (announcement, quote)]
    person.name, person.honorific = "Ada Other", "Dame"
    person.roles.first().title = "Nobody"
    person.roles.all().delete()
    person.save()
    site.partner.title, site.partner.short_name = "Another name", "AN"
    publish(site.partner)
    assert [client.get(page.url).content for page in (announcement, quote)] == before
