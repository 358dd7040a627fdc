"""Searching SQLite's full-text index once for each query, not once for each match.

modelsearch joins the index (FTS5) with the table of its entries. SQLite then looks for each entry
in the index, and `bm25()` reads all matches again for each score. Here the index is always the
only table of a query, so that SQLite can only read it from start to end.
"""

from copy import copy
from typing import Any

from django.db.models import (
    CharField,
    F,
    FloatField,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast
from modelsearch.backends.database.sqlite.query import MatchExpression, normalize
from modelsearch.backends.database.sqlite.sqlite import (
    IndexEntry,
    SQLiteAutocompleteQueryCompiler,
    SQLiteFTSIndexEntry,
    SQLiteSearchQueryCompiler,
)
from modelsearch.query import MatchAll, Not, Phrase, PlainText, SearchQuery
from modelsearch.utils import get_descendants_content_types_pks

from bhp_site.core.unindexed import Unindexed


class Score(Func):
    """The score of a row: a look-up of its key in `scores`, which SQLite calculates once.

    Without `MATERIALIZED` it would calculate them for each row (https://sqlite.org/lang_with.html).
    It builds an index of them, except in a query with GROUP BY: there it reads them for each row.
    """

    template = "(WITH scores (object_id, score) AS MATERIALIZED %(expressions)s)"
    arg_joiner = " SELECT score FROM scores WHERE object_id = "
    output_field = FloatField()

    def __init__(self, scores: QuerySet[Any]) -> None:
        """Look up the score in `scores`, whose rows are keys as text and scores."""
        super().__init__(Subquery(scores), Cast("pk", CharField(max_length=50)))

    def get_group_by_cols(self) -> list[Any]:
        """Return the column of the key, on which alone the score depends."""
        key: Cast = self.get_source_expressions()[1]
        return key.get_source_expressions()


class SearchQueryCompiler(SQLiteSearchQueryCompiler):
    """A query whose results and order are those of modelsearch, which fails on quotation marks."""

    def build_search_query_content(self, query: SearchQuery, config: Any = None) -> Any:
        """Return the expression for FTS5, with quotation marks as part of the words."""
        if isinstance(query, PlainText | Phrase):
            query = copy(query)
            query.query_string = query.query_string.replace('"', '""')
        return super().build_search_query_content(query, config=config)

    def get_index_vectors(self) -> list[tuple[Any, Any]]:
        """Return the columns of the index with their boosts, without a join."""
        title_norm = IndexEntry.objects.filter(pk=OuterRef("pk")).values("title_norm")
        return [(F("title"), Subquery(title_norm)), (F("body"), 1.0)]

    def search(
        self, config: Any, start: int | None, stop: int | None, score_field: str | None = None
    ) -> QuerySet[Any]:
        """Return the objects that match, from `start` to `stop`, with their score if named."""
        query = normalize(self.query)
        is_negated = isinstance(query, Not)
        if is_negated:
            query = query.subquery
        if isinstance(query, MatchAll):
            return self.queryset.none() if is_negated else self.queryset[start:stop]

        matches = SQLiteFTSIndexEntry.objects.filter(
            MatchExpression(
                self.fields or self.FTS_TABLE_FIELDS, self.build_search_query(query, config=config)
            )
        )
        entries = IndexEntry.objects.filter(
            content_type__in=get_descendants_content_types_pks(self.queryset.model)
        )
        keys = entries.filter(pk__in=matches.values("pk")).values("object_id")
        if is_negated:
            queryset = self.queryset.exclude(pk__in=keys)
        else:
            queryset = self.queryset.filter(pk__in=keys)
            if self.order_by_relevance and score_field is None:
                score_field = "_score"
            if score_field is not None:
                scores = self._score(matches, entries, config)
                queryset = queryset.annotate(**{score_field: Score(scores)})
                if self.order_by_relevance:
                    queryset = queryset.order_by(score_field, "-pk")
        if not self.order_by_relevance and not queryset.query.order_by:
            # Otherwise results could change between the pages of a list.
            queryset = queryset.order_by("-pk")
        return queryset[start:stop]

    def _score(
        self, matches: QuerySet[Any], entries: QuerySet[Any], config: Any
    ) -> QuerySet[Any, Any]:
        """Return the key of the object, and the score, of those of `matches` among `entries`."""
        object_id = IndexEntry.objects.filter(pk=OuterRef("pk")).values("object_id")
        return (
            matches.alias(entry=Unindexed(F("pk"), output_field=IntegerField()))
            .filter(entry__in=entries.values("pk"))
            .annotate(
                object_id=Subquery(object_id),
                score=self._build_rank_expression(self.get_search_vectors(), config),
            )
            .values_list("object_id", "score")
        )


class AutocompleteQueryCompiler(SearchQueryCompiler, SQLiteAutocompleteQueryCompiler):
    """A query of which the last word may be the beginning of one."""

    def get_index_vectors(self) -> list[tuple[Any, Any]]:
        """Return the column of the index, without a join."""
        return [(F("autocomplete"), 1.0)]
