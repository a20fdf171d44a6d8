"""Migration operations that a full table bears: indexes made while the portal goes on reading and writing."""

from typing import Any

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddIndex, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from foundation.textsearch import embedded
from foundation.textsearch.indexes import TextIndex

#: What PostgreSQL's index holds of a text; ``foundation.textsearch.grams.grams`` in its language. Immutable: when its
#: folding changes, the indexes must be built anew.
_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_grams(value text) RETURNS tsvector LANGUAGE plpgsql
    IMMUTABLE STRICT PARALLEL SAFE COST 200 AS $$
DECLARE
    folded text := upper(value);
    pairs text[] := '{}';
BEGIN
    FOR place IN 1..length(folded) LOOP
        pairs[place] := substr(folded, place, 2);
    END LOOP;
    RETURN array_to_tsvector(pairs);
END;
$$
"""


class AddTextIndex(Operation):
    """The index by which ``foundation.textsearch.indexes.TextIndex`` of the same name finds parts of words. Needs no
    extension. The migration says ``atomic = False``."""

    reversible = True
    atomic = False

    def __init__(self, name: str, table: str, columns: tuple[str, ...], key: str = "id") -> None:
        self.index = TextIndex(name, table, tuple(columns), key)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__qualname__, [self.index.name, self.index.table, self.index.columns, self.index.key], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """The index is no part of the models."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        connection = schema_editor.connection
        if not router.allow_migrate(connection.alias, app_label):
            return
        if connection.vendor == "sqlite":
            embedded.build(connection, self.index)
            return
        quote = schema_editor.quote_name
        columns = ", ".join(f"portal_grams({quote(column)})" for column in self.index.columns)
        schema_editor.execute(_FUNCTION)
        # One that an interrupted run left behind is invalid and would stay so.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {quote(self.index.name)}")
        schema_editor.execute(
            f"CREATE INDEX CONCURRENTLY {quote(self.index.name)} ON {quote(self.index.table)} USING gin ({columns})"
        )
        # By default PostgreSQL knows the shares of a few hundred pairs and takes all others for as common as the least of
        # them, which is too common to use the index.
        for place in range(1, len(self.index.columns) + 1):
            schema_editor.execute(f"ALTER INDEX {quote(self.index.name)} ALTER COLUMN {place} SET STATISTICS 300")
        schema_editor.execute(f"ANALYZE {quote(self.index.table)}")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        if schema_editor.connection.vendor == "sqlite":
            embedded.drop(schema_editor.connection, self.index)
        else:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")

    def describe(self) -> str:
        return f"Add text index {self.index.name} on {', '.join(self.index.columns)} of {self.index.table}"


class RemoveTextIndex(AddTextIndex):
    """The way back of ``AddTextIndex``."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Remove text index {self.index.name}"


class AddIndexOnline(AddIndex):
    """``AddIndex`` that lets PostgreSQL go on writing to the table. The migration says ``atomic = False``."""

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            schema_editor.execute(self.index.create_sql(model, schema_editor, concurrently=True), params=None)


class RemoveIndexOnline(RemoveIndex):
    """``RemoveIndex`` that waits for nobody on PostgreSQL. The migration says ``atomic = False``."""

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            index = from_state.models[app_label, self.model_name_lower].get_index_by_name(self.name)
            schema_editor.execute(index.remove_sql(model, schema_editor, concurrently=True))
