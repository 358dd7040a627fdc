"""Databases of version 1 are refused, and migrations hold no definitions of blocks."""

from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from wagtail.models import Page

from bhp_site.core.database_version import VERSION_1_MIGRATION, DatabaseTooOld
from bhp_site.core.fields import ContentStreamField
from bhp_site.launcher import preparation

from ..factories import StandardPageFactory

SENTENCE = r"^This database was made by version 1 of the site, .* Start with a new DATA_DIR"
STREAM_FIELDS = [
    field
    for model in apps.get_models()
    for field in model._meta.local_fields
    if isinstance(field, ContentStreamField)
]


@pytest.fixture
def version_1_database(db: None) -> None:
    MigrationRecorder(connection).record_applied(*VERSION_1_MIGRATION)


def test_migrate_refuses_a_database_of_version_1(version_1_database: None) -> None:
    with pytest.raises(DatabaseTooOld, match=SENTENCE):
        call_command("migrate", verbosity=0)


def test_the_launcher_refuses_a_database_of_version_1(version_1_database: None) -> None:
    with pytest.raises(SystemExit, match=SENTENCE):
        preparation.prepare()


def test_no_current_migration_is_taken_for_one_of_version_1() -> None:
    assert VERSION_1_MIGRATION not in MigrationLoader(None).disk_migrations


def test_migrations_leave_out_blocks() -> None:
    assert STREAM_FIELDS
    for field in STREAM_FIELDS:
        _, path, args, kwargs = field.deconstruct()
        assert path == "bhp_site.core.fields.ContentStreamField"
        assert args == []
        assert "block_lookup" not in kwargs
    for app in {field.model._meta.app_config.path for field in STREAM_FIELDS}:
        for file in Path(app).glob("migrations/0*.py"):
            assert "wagtail.blocks" not in file.read_text()


def test_a_data_migration_reads_and_writes_stored_blocks(home: Page) -> None:
    stored = [{"type": "of_a_later_version", "value": "Text", "id": "1"}]
    page = StandardPageFactory(parent=home)
    model = MigrationLoader(connection).project_state().apps.get_model("home", "StandardPage")
    old: models.Model = model.objects.get(pk=page.pk)
    old.body = stored
    old.save()
    assert model.objects.get(pk=page.pk).body == stored
