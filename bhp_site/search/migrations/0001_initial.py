"""Search entries and the full-text index of each database, which triggers keep up to date.

A migration that alters `search_entry` or `search_word` must create their triggers again on SQLite:
Django copies a table to alter it, and the copy has no triggers.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

# Signs that PostgreSQL takes for parts of one word, as in “covid-19” or “and/or”, and what stands
# for each of them while it looks: characters that no text has, so that they can be put back.
JOINING = "-/@._:+&#=~<>"
PARTING = "".join(chr(0xE000 + place) for place in range(len(JOINING)))
# Around words that match.
START, END = "\ue0f0", "\ue0f1"
MARKS = f"StartSel={START}, StopSel={END}"

POSTGRESQL = f"""
CREATE TEXT SEARCH DICTIONARY search_stem (TEMPLATE = snowball, LANGUAGE = porter);
CREATE TEXT SEARCH CONFIGURATION search_words (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION search_words
    ALTER MAPPING FOR asciiword, word, numword, int, uint, float, sfloat
    WITH unaccent, search_stem;
CREATE FUNCTION search_parted(given text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(given, '{JOINING}', '{PARTING}')
$$;
CREATE FUNCTION search_marked(given text, query tsquery, longest int) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    parted text := search_parted(given);
    marked text;
    plain text;
BEGIN
    IF length(given) <= longest THEN
        marked := ts_headline('search_words', parted, query, '{MARKS}, HighlightAll=true');
    ELSE
        marked := ts_headline('search_words', parted, query, '{MARKS}, MaxFragments=1, MaxWords=32, MinWords=16');
        plain := translate(marked, '{START}{END}', '');
        IF NOT starts_with(parted, plain) THEN marked := '… ' || marked; END IF;
        IF right(parted, length(plain)) <> plain THEN marked := marked || ' …'; END IF;
    END IF;
    RETURN translate(marked, '{PARTING}', '{JOINING}');
END $$;
ALTER TABLE search_entry ADD COLUMN heading tsvector, ADD COLUMN words tsvector;
CREATE FUNCTION search_entry_vectors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.heading := to_tsvector('search_words', search_parted(NEW.title || ' | ' || NEW.names));
    NEW.words := setweight(NEW.heading, 'A')
        || setweight(to_tsvector('search_words', search_parted(NEW.summary)), 'B')
        || setweight(to_tsvector('search_words', search_parted(NEW.text)), 'C')
        || setweight(to_tsvector('search_words', search_parted(NEW.context)), 'D');
    RETURN NEW;
END $$;
CREATE TRIGGER search_entry_vectors BEFORE INSERT OR UPDATE ON search_entry
    FOR EACH ROW EXECUTE FUNCTION search_entry_vectors();
CREATE INDEX search_entry_heading ON search_entry USING gin (heading);
CREATE INDEX search_entry_words ON search_entry USING gin (words);
CREATE INDEX search_word_trigrams ON search_word USING gin (word gin_trgm_ops);
"""
POSTGRESQL_BACK = """
DROP INDEX search_word_trigrams;
DROP TRIGGER search_entry_vectors ON search_entry;
DROP FUNCTION search_entry_vectors();
ALTER TABLE search_entry DROP COLUMN heading, DROP COLUMN words;
DROP FUNCTION search_marked(text, tsquery, int);
DROP FUNCTION search_parted(text);
DROP TEXT SEARCH CONFIGURATION search_words;
DROP TEXT SEARCH DICTIONARY search_stem;
"""

COLUMNS = ("title", "names", "summary", "text", "context")
OLD, NEW = (", ".join(f"{row}.{name}" for name in ("id", *COLUMNS)) for row in ("old", "new"))
INTO = f"INSERT INTO search_index(rowid, {', '.join(COLUMNS)}) VALUES ({NEW});"  # noqa: S608
OUT = f"""
INSERT INTO search_index(search_index, rowid, {", ".join(COLUMNS)}) VALUES ('delete', {OLD});
"""  # noqa: S608
SQLITE = [
    f"""CREATE VIRTUAL TABLE search_index USING fts5(
        {", ".join(COLUMNS)}, content='search_entry', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3'
    )""",
    f"CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN {INTO} END",
    f"CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN {OUT} END",
    f"CREATE TRIGGER search_entry_changed AFTER UPDATE ON search_entry BEGIN {OUT} {INTO} END",
    """CREATE VIRTUAL TABLE search_spelling USING fts5(
        word, content='search_word', content_rowid='id', tokenize='trigram'
    )""",
    """CREATE TRIGGER search_word_added AFTER INSERT ON search_word BEGIN
        INSERT INTO search_spelling(rowid, word) VALUES (new.id, new.word);
    END""",
    """CREATE TRIGGER search_word_gone AFTER DELETE ON search_word BEGIN
        INSERT INTO search_spelling(search_spelling, rowid, word)
        VALUES ('delete', old.id, old.word);
    END""",
]
SQLITE_BACK = [
    *(f"DROP TRIGGER search_entry_{name}" for name in ("added", "gone", "changed")),
    *(f"DROP TRIGGER search_word_{name}" for name in ("added", "gone")),
    "DROP TABLE search_index",
    "DROP TABLE search_spelling",
]


def create_index(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, [POSTGRESQL], SQLITE)


def drop_index(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, [POSTGRESQL_BACK], SQLITE_BACK)


def _run(schema_editor: Any, postgresql: list[str], sqlite: list[str]) -> None:
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in postgresql if is_postgresql else sqlite:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("files", "0001_initial"),
        ("wagtailsearchpromotions", "0008_query_verbose_name"),
        migrations.swappable_dependency(settings.WAGTAIL_PAGE_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Word",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("word", models.CharField(max_length=40, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(default=0)),
                ("kind", models.CharField(max_length=10)),
                ("date", models.DateField(null=True)),
                ("partners", models.JSONField(default=list)),
                ("themes", models.JSONField(default=list)),
                ("title", models.TextField()),
                ("names", models.TextField(blank=True)),
                ("summary", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("context", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="files.sitedocument",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.WAGTAIL_PAGE_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("page", "number"), name="one_entry_per_page_and_number"
                    ),
                    models.UniqueConstraint(
                        fields=("document", "number"), name="one_entry_per_file_and_number"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QueryDailyMisses",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField()),
                ("misses", models.PositiveIntegerField(default=0)),
                (
                    "query",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="daily_misses",
                        to="wagtailsearchpromotions.query",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("query", "date"), name="one_count_per_query_and_date"
                    )
                ],
            },
        ),
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunPython(create_index, drop_index),
    ]
