"""A public file to ask for, and forms as somebody sends them who has taken their time."""

import datetime
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Site

from bhp_site.core.models import SiteSettings
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import SiteDocument

from . import ADDRESS, WORDS, get_stamp

# A Tuesday; its fifteenth working day after is 22 September.
NOW = datetime.datetime(2026, 9, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def file(site: SimpleNamespace, clock: time_machine.Traveller) -> SiteDocument:
    settings = SiteSettings.for_site(Site.objects.get())
    settings.access_email = "access@example.org"
    settings.save()
    return site.document


@pytest.fixture
def enquiry(file: SiteDocument) -> Enquiry:
    """A request for a copy of the file, as it stands after it has come."""
    return Enquiry.objects.create(
        kind="copy",
        document=file,
        document_title=file.title,
        version_number=1,
        format="large-print",
        name="Jo Lee",
        email=ADDRESS,
        message="All of it.",
    )


@pytest.fixture
def send(
    client: Client, clock: time_machine.Traveller, django_capture_on_commit_callbacks: Any
) -> Callable[..., HttpResponse]:
    """Opens the form at an address, takes ten seconds, and sends it with `changes`."""

    def act(address: str, words: dict[str, str] = WORDS, **changes: str) -> HttpResponse:
        stamp = get_stamp(client.get(address))
        clock.shift(10)
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, {"stamp": stamp, **words, **changes})

    return act
