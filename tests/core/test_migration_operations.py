"""Texts of fields are changed without new classes of models."""

import pytest
from django.db import models
from django.db.migrations.state import ModelState, ProjectState

from bhp_site.core.migration_operations import AlterFieldTexts


@pytest.fixture
def state() -> ProjectState:
    """Return a state with a model, whose classes have been made."""
    state = ProjectState()
    fields = [
        ("id", models.AutoField(primary_key=True)),
        ("title", models.CharField(max_length=80, help_text="Old")),
    ]
    state.add_model(ModelState("news", "Page", fields))
    assert state.apps.get_model("news", "Page")
    return state


def test_the_state_has_the_new_texts_and_keeps_its_classes(state: ProjectState) -> None:
    before = state.apps.get_model("news", "Page")
    field = models.CharField("heading", max_length=80, help_text="New")
    AlterFieldTexts("page", "title", field).state_forwards("news", state)
    changed = state.models["news", "page"].fields["title"]
    assert (changed.verbose_name, changed.help_text) == ("heading", "New")
    assert state.apps.get_model("news", "Page") is before


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=90),
        models.CharField(max_length=80, null=True),
        models.TextField(),
    ],
)
def test_nothing_else_is_changed(state: ProjectState, field: models.Field) -> None:
    with pytest.raises(ValueError, match=r"page\.title"):
        AlterFieldTexts("page", "title", field).state_forwards("news", state)
