"""A date with one side open is asked about: exact, or not sure."""

import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page

from partners.models import MembershipEvent, PartnerPage
from partners.roles import Role
from partners.uncertain_dates import ONE_DATE_MISSING, Certainty

from ..admin_forms import read_form
from ..factories import PartnerPageFactory, PersonFactory

DAY = datetime.date(2022, 11, 24)
LATER = datetime.date(2023, 1, 1)

FIELDS: list[tuple[type[Any], str, str, str]] = [
    (MembershipEvent, "certainty", "earliest", "latest"),
    (Role, "start_certainty", "start_earliest", "start_latest"),
    (Role, "end_certainty", "end_earliest", "end_latest"),
]
every_date = pytest.mark.parametrize(("model", "certainty", "earliest", "latest"), FIELDS)


@every_date
@pytest.mark.parametrize(
    ("sure", "dates", "result"),
    [
        ("", (DAY, None), ONE_DATE_MISSING),
        ("", (None, DAY), ONE_DATE_MISSING),
        ("", (None, None), (None, None)),
        ("", (DAY, LATER), (DAY, LATER)),
        (Certainty.EXACT, (DAY, None), (DAY, DAY)),
        (Certainty.EXACT, (None, DAY), (DAY, DAY)),
        (Certainty.EXACT, (DAY, DAY), (DAY, DAY)),
        (Certainty.EXACT, (None, None), "You chose “Exact date”. Enter the date."),
        (Certainty.EXACT, (DAY, LATER), "You chose “Exact date” but entered two dates."),
        (Certainty.NOT_SURE, (DAY, None), (DAY, None)),
        (Certainty.NOT_SURE, (None, DAY), (None, DAY)),
        (Certainty.NOT_SURE, (DAY, LATER), (DAY, LATER)),
    ],
)
def test_a_date_is_complete_or_asked_about(
    model: type[Any],
    certainty: str,
    earliest: str,
    latest: str,
    sure: str,
    dates: tuple[Any, Any],
    result: Any,
) -> None:
    row = model(**{certainty: sure, earliest: dates[0], latest: dates[1]})
    if isinstance(result, str):
        with pytest.raises(ValidationError) as refusal:
            row.clean()
        (message,) = refusal.value.message_dict[certainty]
        assert message.startswith(result)
    else:
        row.clean()
        assert (getattr(row, earliest), getattr(row, latest)) == result


def publish(client: Client, partner: PartnerPage, **event: str) -> Any:
    """Publish the form of `partner` with one new event in its membership."""
    address = f"/admin/pages/{partner.pk}/edit/"
    fields = {"kind": "joined", "order": "", "former_name": "", "note": "", "ORDER": "1", "id": ""}
    fields |= {"DELETE": "", "certainty": "", "earliest": "", "latest": ""} | event
    data = read_form(client, address) | {"action-publish": "1", "events-TOTAL_FORMS": "1"}
    data |= {f"events-0-{name}": value for name, value in fields.items()} | {"story-count": "0"}
    return client.post(address, data)


def test_the_form_asks_and_the_register_is_certain(
    partner_index: Page, publisher_client: Client, client: Client
) -> None:
    partner = PartnerPageFactory(parent=partner_index, title="Aston", slug="aston")
    asked = publish(publisher_client, partner, earliest="24/11/2022")
    assert asked.status_code == 200
    assert "If it is the exact date, choose “Exact date”" in asked.text
    assert not partner.events.exists()
    done = publish(publisher_client, partner, earliest="24/11/2022", certainty="exact")
    assert done.status_code == 302
    (event,) = PartnerPage.objects.get(pk=partner.pk).events.all()
    assert (event.earliest, event.latest) == (DAY, DAY)
    text = client.get(partner_index.get_url()).text
    assert "at least" not in text
    assert "at most" not in text


def test_code_that_leaves_a_side_open_means_it(site: SimpleNamespace) -> None:
    site.partner.events.add(MembershipEvent(latest=DAY))
    site.partner.save()
    person = PersonFactory()
    person.roles.add(Role(title="Chair", start_earliest=DAY, start_latest=DAY, end_earliest=LATER))
    person.save()
    assert MembershipEvent.objects.get().certainty == Certainty.NOT_SURE
    role = Role.objects.get()
    assert (role.start_certainty, role.end_certainty) == ("", Certainty.NOT_SURE)
    role.clean()
