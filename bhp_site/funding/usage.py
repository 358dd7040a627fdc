"""Which pages name a funder or an award."""

from typing import Any


def find_pages(**keys: Any) -> list[Any]:
    """Return the pages, live or not, whose rows of `Funding` match `keys`, such as `funder`."""
    # The models need the form, which needs this.
    from .models import list_funding_models

    rows = [
        row
        for model in list_funding_models()
        for row in model._default_manager.filter(**keys).select_related("page").order_by("page")  # type: ignore[misc]
    ]
    return list({row.page_id: row.page for row in rows}.values())
