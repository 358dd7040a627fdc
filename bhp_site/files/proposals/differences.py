"""What a proposal would change, field by field."""

from dataclasses import dataclass
from typing import Any

from wagtail.models import Collection

from bhp_site.core.models import SiteImage

from .models import VERSION_FIELDS, Proposal

FIELD_LABELS = {
    "note": "What has changed",
    "version_reason": "Reason for publishing this version",
    "tags": "Tags",
}


@dataclass(frozen=True)
class Difference:
    """One field of a proposal: its label, its current value and the proposed one, as text."""

    label: str
    now: str
    proposed: str


def get_differences(proposal: Proposal) -> list[Difference]:
    """Return a Difference for each proposed value."""
    target = proposal.target
    fields = {field.name: field for field in target._meta.get_fields()}
    rows = []
    for name, value in proposal.values.items():
        field = fields.get(name)
        label = FIELD_LABELS.get(name) or str(getattr(field, "verbose_name", name)).capitalize()
        now = "" if name in VERSION_FIELDS else getattr(target, name, "")
        rows.append(Difference(label, _format_value(name, now), _format_value(name, value)))
    return rows


def _format_value(name: str, value: Any) -> str:
    """Return a stored or proposed `value` of a field as it is shown."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name == "tags":
        tags = value if isinstance(value, list) else value.names()
        return ", ".join(sorted(tags))
    models: dict[str, Any] = {"collection": Collection, "cover": SiteImage}
    if name in models and isinstance(value, int):
        return str(models[name].objects.filter(pk=value).first() or "It has been deleted")
    return "" if value is None else str(value)
