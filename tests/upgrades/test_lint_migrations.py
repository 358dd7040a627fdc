"""Only changes of tables that the code of the previous release can work with pass the check."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from ..lint_migrations import find_alterations, find_problems, lint, list_migrations, read_released

TEXT = models.TextField()
REMOVE = migrations.RemoveField("page", "title")


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (REMOVE, "drops page.title"),
        (migrations.DeleteModel("Page"), "drops Page"),
        (migrations.RenameField("page", "title", "name"), "renames"),
        (migrations.RenameModel("Page", "Leaf"), "renames"),
        (migrations.AddField("page", "text", TEXT), "db_default"),
        (migrations.AddField("page", "text", models.TextField(default="")), "db_default"),
        (migrations.SeparateDatabaseAndState(database_operations=[REMOVE]), "drops"),
    ],
)
def test_what_breaks_the_earlier_code_is_refused(operation: Any, words: str) -> None:
    assert words in " ".join(find_problems(operation))


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("page", "text", models.TextField(db_default="")),
        migrations.AddField("page", "text", models.TextField(null=True)),
        migrations.AddField("page", "themes", models.ManyToManyField("news.Page")),
        migrations.CreateModel("Page", [("text", TEXT)]),
        migrations.SeparateDatabaseAndState(state_operations=[REMOVE]),
    ],
)
def test_what_the_earlier_code_can_work_with_is_accepted(operation: Any) -> None:
    assert [*find_problems(operation)] == []


def find_in(operation: Any) -> list[str]:
    """Return what is found in a migration that alters a model with a nullable title."""
    state = migrations.state.ProjectState()
    fields = [("title", models.TextField(null=True)), ("year", models.IntegerField())]
    state.add_model(migrations.state.ModelState("news", "Page", fields))
    migration: Any = SimpleNamespace(app_label="news", operations=[operation])
    return [*find_alterations(migration, state)]


def test_a_column_does_not_become_not_null() -> None:
    [text] = find_in(migrations.AlterField("page", "title", TEXT))
    assert "makes page.title NOT NULL" in text
    assert not find_in(migrations.AlterField("page", "title", models.TextField(db_default="")))
    assert not find_in(migrations.AlterField("page", "year", models.BigIntegerField()))


def test_a_constraint_on_columns_that_exist_waits() -> None:
    constraint = models.UniqueConstraint(fields=["year"], name="one_a_year")
    [text] = find_in(migrations.AddConstraint("page", constraint))
    assert "one_a_year" in text


def test_our_migrations_are_looked_at() -> None:
    loader = MigrationLoader(None)
    known = read_released()
    assert known <= list_migrations(loader).keys()
    assert lint(loader, known) == []
    assert any("news." in problem for problem in lint(loader, set()))
