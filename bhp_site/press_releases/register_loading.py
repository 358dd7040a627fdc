"""Reads from the database what a press release can mention."""

import datetime
from typing import Any

from bhp_site.core.confidential.rules import hide_pages
from bhp_site.core.models import SiteSettings
from bhp_site.themes.models import ThemePage
from partners.models import PartnerPage, Person
from partners.people import may_see_people
from reports.models import ReportPage

from .reading.register import Register, RegisteredName, RegisteredPerson, RegisteredRole


def load_register(date: datetime.date, user: Any) -> Register:
    """Return the register as it is on `date`, without people and drafts hidden from `user`."""
    settings = SiteSettings.get_default()
    reports = hide_pages(ReportPage.objects.order_by("-date"), user)
    return Register(
        people=_load_people(date) if may_see_people(user) else (),
        partners=_load_partners(user),
        themes=_load_themes(user),
        reports=[RegisteredName(pk, (title,)) for pk, title in reports.values_list("pk", "title")],
        own_names=(settings.name, settings.short_name),
    )


def _load_people(date: datetime.date) -> list[RegisteredPerson]:
    people = []
    for person in Person.objects.prefetch_related("roles__partner"):
        role = person.get_role_on(date, list(person.roles.all()))
        registered = RegisteredRole(role.title, role.organisation_name) if role else None
        people.append(RegisteredPerson(person.pk, str(person), registered))
    return people


def _load_partners(user: Any) -> list[RegisteredName]:
    pages = hide_pages(PartnerPage.objects.all(), user)
    partners = pages.prefetch_related("other_names", "events")
    return [
        RegisteredName(
            page.pk,
            (
                page.title,
                page.short_name,
                *(other.name for other in page.other_names.all()),
                *(event.former_name for event in page.events.all() if event.former_name),
            ),
        )
        for page in partners
    ]


def _load_themes(user: Any) -> list[RegisteredName]:
    themes = hide_pages(ThemePage.objects.all(), user).prefetch_related("former_names")
    return [
        RegisteredName(
            page.pk, (page.title, *(former_name.name for former_name in page.former_names.all()))
        )
        for page in themes
    ]
