"""Private addresses of people in the register, who are asked to sign off quotations."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import Revision

from bhp_site.core.personal_data import PersonalDataSource

from .people import Person

FIELD = "sign_off_email"


def _find_revisions(address: str) -> QuerySet[Revision]:
    """Return the revisions of people whose private address this is."""
    of_people = Revision.objects.filter(content_type=ContentType.objects.get_for_model(Person))
    revisions: QuerySet[Revision] = of_people.filter(**{f"content__{FIELD}__iexact": address})
    return revisions


def collect(address: str) -> list[dict[str, Any]]:
    """Return the people with a private address, also in earlier versions."""
    keys = {*_find_revisions(address).values_list("object_id", flat=True)}
    people = Person.objects.filter(Q(pk__in=keys) | Q(sign_off_email__iexact=address))
    return [{"name": str(person), "private e-mail address": address} for person in people]


def delete(address: str) -> int:
    """Delete the address, in earlier versions too; return the number of rows."""
    revisions = [*_find_revisions(address)]
    for revision in revisions:
        revision.content[FIELD] = ""
        revision.save(update_fields=["content"])
    count: int = Person.objects.filter(sign_off_email__iexact=address).update(sign_off_email="")
    return count + len(revisions)


PEOPLE = PersonalDataSource("Private addresses of people", collect, delete)
