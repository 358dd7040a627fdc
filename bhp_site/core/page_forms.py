from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm


class SitePageForm(WagtailAdminPageForm):
    """Tells what an editor has changed from what only looks so.

    For a date that is today's by default Django expects a hidden field that the admin does not
    send; every form would count as changed, and an approval would ask for another.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = False
