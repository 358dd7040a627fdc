"""The form of a funder, which keeps awards that pages name."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminModelForm

from .usage import find_pages


class FunderForm(WagtailAdminModelForm):
    """Refuses to delete an award that a page names."""

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; raise ValidationError for the deletion of an award in use."""
        cleaned: dict[str, Any] = super().clean()
        # The chooser's form for a new funder has no awards.
        deleted = self.formsets["awards"].deleted_forms if "awards" in self.formsets else ()
        for form in deleted:
            if pages := form.instance.pk and find_pages(award=form.instance.pk):
                raise ValidationError(
                    f"The award “{form.instance.label}” cannot be deleted, because “{pages[0]}” "
                    "names it. Remove it there first."
                )
        return cleaned
