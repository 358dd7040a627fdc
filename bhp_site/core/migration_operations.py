"""Operations of migrations."""

from typing import Any

from django.db.migrations import AlterField
from django.db.migrations.state import ProjectState

# What only forms and messages use.
TEXTS = {"choices", "error_messages", "help_text", "verbose_name"}


class AlterFieldTexts(AlterField):
    """An operation that changes texts of a field, such as its help text or its choices.

    No database has them, and no data migration needs them. Django makes the classes of all related
    models anew for each `AlterField`: for 128 that changed texts alone it took two fifths of the
    time of an upgrade. Raises ValueError where anything else differs.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Put the field into the state of its model; models that exist keep the former texts."""
        fields = state.models[app_label, self.model_name_lower].fields
        if get_definition(fields[self.name]) != get_definition(self.field):
            raise ValueError(f"More than texts of {self.model_name}.{self.name} differ")
        fields[self.name] = self.field

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Do nothing: a database has no such texts."""

    database_backwards = database_forwards


def get_definition(field: Any) -> tuple[Any, ...]:
    """Return what a migration says of `field`, without texts."""
    _, path, args, kwargs = field.deconstruct()
    return path, args, {name: value for name, value in kwargs.items() if name not in TEXTS}
