"""A schedule is entered and shown in UK time, in one step, and never for the past."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.admin.localization import get_available_admin_time_zones
from wagtail.models import Page
from wagtail.users.models import UserProfile

from bhp_site.core.admin.uk_times import UKDateTimeField
from bhp_site.core.models import User
from news.models import NewsPage
from tests.factories import NewsPageFactory

from ..admin_forms import get_messages, send

FORMATS = ["%d/%m/%Y %H:%M"]


@pytest.fixture
def draft(news_index: Page) -> NewsPage:
    page = NewsPageFactory(parent=news_index, live=False, title="A draft")
    page.save_revision()
    return page


def get_time(page: NewsPage) -> datetime.datetime | None:
    revision = page.revisions.filter(approved_go_live_at__isnull=False).first()
    return revision.approved_go_live_at if revision else None


@pytest.mark.parametrize(
    "entered, reason",
    [
        (
            "25/10/2026 01:30",
            "01:30 comes twice on 25 October 2026, because the clocks go back from 02:00 to 01:00.",
        ),
        (
            "28/03/2027 01:30",
            "There is no 01:30 on 28 March 2027, because the clocks go forward from 01:00 to "
            "02:00.",
        ),
    ],
)
def test_an_hour_of_a_clock_change_is_explained(entered: str, reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        UKDateTimeField(input_formats=FORMATS).clean(entered)
    assert refused.value.messages == [f"{reason} Choose a time before 01:00, or 02:00 or later."]


@pytest.mark.parametrize(
    "entered, utc_hour",
    [("25/10/2026 00:59", 23), ("25/10/2026 02:00", 2), ("28/03/2027 02:00", 1)],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_time_is_uk_time_for_everybody(entered: str, utc_hour: int, zone: str) -> None:
    field = UKDateTimeField(input_formats=FORMATS)
    with timezone.override(zone):
        moment = field.clean(entered)
        assert f"{field.prepare_value(moment):%d/%m/%Y %H:%M}" == entered
    assert moment.astimezone(datetime.UTC).hour == utc_hour


def test_no_account_has_another_time_zone() -> None:
    assert get_available_admin_time_zones() == ["Europe/London"]


def test_one_button_saves_and_schedules(draft: NewsPage, publisher_client: Client) -> None:
    response = send(
        publisher_client,
        draft,
        **{"action-publish": "schedule"},
        go_live_at="01/06/2030 13:00",
        summary="Changed.",
    )
    assert get_time(draft) == datetime.datetime(2030, 6, 1, 12, tzinfo=datetime.UTC)
    assert "goes live on 1 June 2030 at 13:00 UK time" in get_messages(response)
    assert NewsPage.objects.get(pk=draft.pk).get_latest_revision().content["summary"] == "Changed."


@pytest.mark.parametrize("entered", ["", "01/06/2020 13:00"])
def test_that_button_never_publishes_at_once(
    draft: NewsPage, publisher_client: Client, entered: str
) -> None:
    response = send(
        publisher_client, draft, **{"action-publish": "schedule"}, go_live_at=entered, summary="S"
    )
    words = "This time has passed: 1 June 2020 at 13:00" if entered else "Enter when the page"
    assert words in response.text
    assert not NewsPage.objects.get(pk=draft.pk).live
    assert get_time(draft) is None


def test_that_button_sets_the_expiry_of_a_live_page(
    news_index: Page, publisher_client: Client
) -> None:
    page = NewsPageFactory(parent=news_index)
    page.save_revision().publish()
    send(publisher_client, page, **{"action-publish": "schedule"}, expire_at="01/06/2030 13:00")
    page.refresh_from_db()
    assert page.live
    assert page.expire_at == datetime.datetime(2030, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize("action", ["", "action-publish"])
def test_a_past_time_is_refused_however_it_is_saved(
    draft: NewsPage, publisher_client: Client, action: str
) -> None:
    response = send(publisher_client, draft, action, go_live_at="01/06/2020 13:00")
    assert "Schedule: This time has passed: 1 June 2020 at 13:00 UK time." in response.text
    assert not NewsPage.objects.get(pk=draft.pk).live


def test_the_time_at_which_a_page_went_live_may_stay(
    draft: NewsPage, publisher_client: Client
) -> None:
    with time_machine.travel(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)):
        draft.go_live_at = datetime.datetime(2025, 12, 31, 9, 0, 5, tzinfo=datetime.UTC)
        draft.save_revision().publish()
    send(publisher_client, draft, "action-publish", summary="Corrected.")
    draft.refresh_from_db()
    assert draft.summary == "Corrected."


def test_the_editor_names_the_time_zone_and_offers_one_step(
    draft: NewsPage, publisher_client: Client, editor_client: Client
) -> None:
    address = f"/admin/pages/{draft.pk}/edit/"
    text = publisher_client.get(address).text
    assert text.count("UK time, for example") == 2
    assert 'name="action-publish" value="schedule"' in text
    text = editor_client.get(address).text
    assert 'value="schedule"' not in text
    assert "takes effect when a publisher approves" in text


def test_a_new_page_is_scheduled_in_one_step_too(
    news_index: Page, publisher_client: Client, editor_client: Client
) -> None:
    address = f"/admin/pages/add/news/newspage/{news_index.pk}/"
    assert 'value="schedule"' in publisher_client.get(address).text
    assert 'value="schedule"' not in editor_client.get(address).text


def test_the_status_names_the_time_zone(
    draft: NewsPage, publisher: User, publisher_client: Client
) -> None:
    UserProfile.objects.update_or_create(user=publisher)
    draft.go_live_at = datetime.datetime(2030, 6, 1, 12, tzinfo=datetime.UTC)
    draft.save_revision().publish(user=publisher)
    text = publisher_client.get(f"/admin/pages/{draft.pk}/edit/").text
    assert text.count("1 June 2030, 13:00 UK time") >= 2
    assert "scheduled by" in _get_panel(publisher_client)


def _get_panel(client: Client) -> Any:
    text = client.get("/admin/").text
    assert "1 June 2030 at 13:00 UK time" in text
    return text
