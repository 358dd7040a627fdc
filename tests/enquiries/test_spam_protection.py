"""What keeps programs out, and what it costs people: nothing but saying so."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from bhp_site.core.rate_limits import get_client_network
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument

from . import ADDRESS, COPY_FORM, PROBLEM, PROBLEM_FORM, WORDS, get_stamp
from .test_forms import get_error_summary

Send = Callable[..., HttpResponse]


def test_a_filled_trap_is_told_and_emptied(file: SiteDocument, send: Send) -> None:
    response = send(COPY_FORM, leave_empty="https://spam.example")
    assert get_error_summary(response)[0].startswith("We could not send your form.")
    assert "spam.example" not in response.text
    assert not Enquiry.objects.exists()


def test_the_trap_is_shown_to_nobody(file: SiteDocument, client: Client) -> None:
    assert '<div hidden>\n    <label for="id_leave_empty">' in client.get(COPY_FORM).text


def test_a_form_sent_at_once_is_taken_a_little_later(
    file: SiteDocument, client: Client, clock: time_machine.Traveller
) -> None:
    words = WORDS | {"stamp": get_stamp(client.get(COPY_FORM))}
    clock.shift(1)
    response = client.post(COPY_FORM, words)
    assert get_error_summary(response) == [
        "The form was sent very quickly, so we did not accept it. Please check it and send it "
        "again."
    ]
    clock.shift(4)
    again = client.post(COPY_FORM, words | {"stamp": get_stamp(response)})
    assert again.status_code == 302


def test_a_form_may_be_open_for_days_but_not_for_ever(
    file: SiteDocument, client: Client, clock: time_machine.Traveller
) -> None:
    words = WORDS | {"stamp": get_stamp(client.get(COPY_FORM))}
    clock.shift(datetime.timedelta(hours=73))
    response = client.post(COPY_FORM, words)
    assert get_error_summary(response)[0].startswith("The form was open for more than three days")
    clock.shift(10)
    again = client.post(COPY_FORM, words | {"stamp": get_stamp(response)})
    assert again.status_code == 302


def test_a_stamp_that_is_not_ours_is_refused(file: SiteDocument, send: Send) -> None:
    response = send(COPY_FORM, stamp="a:b:c")
    assert get_error_summary(response) == [
        "Part of the form was missing, so we did not send it. Please send it again."
    ]


def test_the_same_form_sent_twice_is_one_request(
    file: SiteDocument, client: Client, clock: time_machine.Traveller
) -> None:
    words = WORDS | {"stamp": get_stamp(client.get(COPY_FORM))}
    clock.shift(10)
    places = {client.post(COPY_FORM, words)["Location"] for _ in range(2)}
    assert len(places) == Enquiry.objects.count() == 1
    # Whoever goes back and changes something has something else to say.
    client.post(COPY_FORM, words | {"message": "Page 4 first."})
    assert Enquiry.objects.count() == 2


def test_one_address_gets_an_hour_of_rest(file: SiteDocument, send: Send, client: Client) -> None:
    for number in range(10):
        assert send(COPY_FORM, email=f"jo{number}@example.com").status_code == 302
    response = send(PROBLEM_FORM, PROBLEM)
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert (
        "so we did not send yours. What you wrote is still below" in get_error_summary(response)[0]
    )
    assert "The menu cannot be reached." in response.text
    assert client.get(PROBLEM_FORM).status_code == 200


def test_it_may_ask_again_in_the_next_hour(
    file: SiteDocument, send: Send, clock: time_machine.Traveller
) -> None:
    for number in range(11):
        send(COPY_FORM, email=f"jo{number}@example.com")
    clock.shift(datetime.timedelta(hours=1))
    assert send(COPY_FORM).status_code == 302


def test_enquiries_for_one_email_address_are_limited(
    file: SiteDocument, send: Send, client: Client
) -> None:
    answers = []
    for number in range(6):
        client.defaults["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers.append(send(COPY_FORM, email=ADDRESS.upper(), message=str(number)).status_code)
    assert answers == [302] * 5 + [429]


def test_no_address_can_be_read_in_the_cache(file: SiteDocument, send: Send) -> None:
    send(COPY_FORM)
    keys = [key for key in cache._cache if "enquiries" in key]
    assert len(keys) == 3
    assert not any("127.0.0.1" in key or "jo@" in key for key in keys)


@pytest.mark.parametrize(
    "proxy, said, forwarded, address",
    [
        (False, "192.0.2.7", "198.51.100.1", "192.0.2.7"),
        (True, "10.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        # A proxy that does not say so: all would share the address of the proxy.
        (True, "10.0.0.1", "", ""),
        (True, "10.0.0.1", "unknown", ""),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (False, "::ffff:192.0.2.7", "", "192.0.2.7"),
    ],
)
def test_the_address_is_the_visitors_own(
    proxy: bool, said: str, forwarded: str, address: str
) -> None:
    request = RequestFactory().get(
        "/", REMOTE_ADDR=said, headers={"x-forwarded-for": forwarded} if forwarded else {}
    )
    with override_settings(BEHIND_PROXY=proxy):
        assert get_client_network(request) == address


def test_the_cookie_protects_the_form_and_nothing_else(file: SiteDocument, client: Client) -> None:
    response = client.get(COPY_FORM)
    assert [*response.cookies] == ["csrftoken"]
    cookie = response.cookies["csrftoken"]
    assert cookie["samesite"] == "Lax"
    # Gone with the browser.
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    for address in ("/", "/reports/", "/request-sent/22222-22222/"):
        assert not client.get(address).cookies


def test_a_form_without_its_cookie_is_refused(file: SiteDocument) -> None:
    strict = Client(enforce_csrf_checks=True)
    words = WORDS | {"stamp": get_stamp(strict.get(COPY_FORM))}
    response = strict.post(COPY_FORM, words)
    assert response.status_code == 403
    assert "This form has expired" in response.text
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize("address", [COPY_FORM, PROBLEM_FORM])
def test_a_form_is_never_cached(file: SiteDocument, client: Client, address: str) -> None:
    response = client.get(address)
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in response.text


def test_the_confirmation_page_is_never_cached(enquiry: Any, client: Client) -> None:
    assert "no-store" in client.get(f"/request-sent/{enquiry.reference}/")["Cache-Control"]
