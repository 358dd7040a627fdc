"""What is live stays live, as it is, until a scheduled change to it is due."""

import datetime
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bhp_site.core.models import User
from bhp_site.core.publishing import publish_due
from tests.factories import PartnerPageFactory, PersonFactory

ROWS: dict[str, tuple[Any, str]] = {
    "a page": (PartnerPageFactory, "title"),
    "a person": (PersonFactory, "name"),
}


@pytest.mark.parametrize("kind", ROWS)
def test_a_live_row_without_revisions_stays_until_its_change_is_due(
    kind: str, publisher: User, partner_index: Any
) -> None:
    factory, field = ROWS[kind]
    more = {"parent": partner_index} if kind == "a page" else {}
    row = factory(**more, **{field: "Old name"})
    model = type(row)
    draft = model.objects.get(pk=row.pk)
    assert draft.live
    assert draft.live_revision is None
    setattr(draft, field, "New name")
    draft.go_live_at = timezone.now() + datetime.timedelta(days=1)
    draft.save_revision(user=publisher).publish(user=publisher)

    now = model.objects.get(pk=row.pk)
    assert (now.live, getattr(now, field)) == (True, "Old name")
    assert getattr(now.live_revision.as_object(), field) == "Old name"
    assert getattr(now.get_latest_revision_as_object(), field) == "New name"

    with time_machine.travel(draft.go_live_at):
        assert publish_due() == 1
    then = model.objects.get(pk=row.pk)
    assert (then.live, getattr(then, field)) == (True, "New name")
    assert not then.has_unpublished_changes
