from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from .aliases import REFUSAL


class SitePageForm(WagtailAdminPageForm):
    """Tells what an editor has changed from what only looks so.

    For a date that is today's by default Django expects a hidden field that the admin does not
    send; every form would count as changed, and an approval would ask for another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = False


class CopyPageForm(CopyForm):
    """Wagtail's form for copying a page, without aliases."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("alias", None)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; refuse a form that asks for an alias all the same."""
        cleaned: dict[str, Any] = super().clean()
        if self.data.get(self.add_prefix("alias")) not in (None, "", "false", "False"):
            # Wagtail's template shows errors beside fields only.
            self.add_error("new_title", REFUSAL)
        return cleaned
