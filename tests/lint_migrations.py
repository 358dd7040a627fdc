"""Refuse migrations that break the code of the previous release.

`python -m tests.lint_migrations` checks those that `tests/upgrades/release.txt` does not list;
`… release` lists all, as part of a release. While machines are upgraded one after another, the
earlier code reads and writes the new tables: see `docs/decisions.md`.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.models import NOT_PROVIDED

from .schema_cache import PACKAGES

RELEASE = Path(__file__).resolve().parent / "upgrades" / "release.txt"
HEADER = (
    "# The migrations of the last release. The commit that last changed this file is its code.\n"
)
ADVICE = (
    "Machines of the previous release still use it. Take it out of the state only "
    "(SeparateDatabaseAndState), and drop it in the release after the next."
)


def accepts_missing_value(field: Any) -> bool:
    """Return True if a row can be inserted by code that does not know the column of `field`."""
    has_database_value = field.null or field.primary_key or field.db_default is not NOT_PROVIDED
    return field.many_to_many or has_database_value


def find_problems(operation: Any) -> Iterator[str]:
    """Yield what is wrong with a database operation of a new migration."""
    match operation:
        case operations.SeparateDatabaseAndState():
            for inner in operation.database_operations:
                yield from find_problems(inner)
        case operations.RemoveField():
            yield f"drops {operation.model_name}.{operation.name}. {ADVICE}"
        case operations.DeleteModel():
            yield f"drops {operation.name}. {ADVICE}"
        case operations.RenameField() | operations.RenameModel() | operations.AlterModelTable():
            yield f"renames ({operation.describe()}). {ADVICE}"
        case operations.AddField() if not accepts_missing_value(operation.field):
            yield (
                f"adds {operation.model_name}.{operation.name}, which the earlier code does not "
                "fill in. Give it db_default, or allow null."
            )


def find_alterations(migration: Any, state: Any) -> Iterator[str]:
    """Yield columns that `migration` makes NOT NULL; `state` is the one before it."""
    existing = {key: {*model.fields} for key, model in state.models.items()}
    for operation in migration.operations:
        if isinstance(operation, operations.AlterField):
            before = state.models[migration.app_label, operation.model_name_lower]
            was_null = before.fields[operation.name].null
            if was_null and not accepts_missing_value(operation.field):
                yield f"makes {operation.model_name}.{operation.name} NOT NULL. {ADVICE}"
        if isinstance(operation, operations.AddConstraint) and isinstance(
            operation.constraint, models.UniqueConstraint | models.CheckConstraint
        ):
            columns = existing.get((migration.app_label, operation.model_name_lower))
            if columns and columns.issuperset(getattr(operation.constraint, "fields", ())):
                yield (
                    f"adds the constraint {operation.constraint.name}, which rows of the earlier "
                    "code may break. Add it in the next release."
                )
        operation.state_forwards(migration.app_label, state)


def list_migrations(loader: MigrationLoader) -> dict[str, tuple[str, str]]:
    """Return our migrations by name, such as “news.0001_initial”."""
    return {
        ".".join(key): key
        for key, migration in sorted(loader.disk_migrations.items())
        if type(migration).__module__.startswith(PACKAGES)
    }


def lint(loader: MigrationLoader, released: set[str]) -> list[str]:
    """Return a sentence for each problem of the migrations that are not in `released`."""
    problems = []
    for name, key in list_migrations(loader).items():
        if name in released:
            continue
        migration = loader.disk_migrations[key]
        found = [text for operation in migration.operations for text in find_problems(operation)]
        state = loader.project_state(key, at_end=False)
        problems += [f"{name} {text}" for text in [*found, *find_alterations(migration, state)]]
    return problems


def read_released() -> set[str]:
    """Return the names of the migrations of the last release."""
    return {line for line in RELEASE.read_text().splitlines() if not line.startswith("#")}


def main(arguments: list[str]) -> int:
    """Check the migrations, or list them; return the exit code."""
    loader = MigrationLoader(None)
    if arguments == ["release"]:
        RELEASE.write_text(HEADER + "\n".join(list_migrations(loader)) + "\n")
        return 0
    problems = lint(loader, read_released())
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bhp_site.settings")
    with tempfile.TemporaryDirectory() as data:
        os.environ.setdefault("DATA_DIR", data)
        import django

        django.setup()
        raise SystemExit(main(sys.argv[1:]))
