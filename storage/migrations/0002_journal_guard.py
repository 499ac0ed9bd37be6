"""The journal is appended to, never changed: triggers, and the head row of its chain."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

REFUSAL = "the journal is append-only"

SQLITE_UP = (
    *(f"CREATE TRIGGER journal_no_{act.lower()} BEFORE {act} ON journal "
      f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END" for act in ("UPDATE", "DELETE")),
    "CREATE TRIGGER journal_head_no_delete BEFORE DELETE ON journal_head "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head "
    "WHEN NEW.id <> OLD.id OR NEW.last_id <= OLD.last_id "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)

SQLITE_DOWN = tuple(f"DROP TRIGGER {name}" for name in (
    "journal_no_update", "journal_no_delete", "journal_head_no_delete", "journal_head_forward"))

POSTGRES_UP = (
    "CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON journal "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_head_no_delete BEFORE DELETE OR TRUNCATE ON journal_head "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_head_forward BEFORE UPDATE ON journal_head FOR EACH ROW "
    "WHEN (NEW.id <> OLD.id OR NEW.last_id <= OLD.last_id) EXECUTE FUNCTION journal_refuse()",
)

POSTGRES_DOWN = (
    "DROP TRIGGER journal_no_change ON journal",
    "DROP TRIGGER journal_head_no_delete ON journal_head",
    "DROP TRIGGER journal_head_forward ON journal_head",
    "DROP FUNCTION journal_refuse()",
)

HEAD_UP = (
    "INSERT INTO journal_head (id, last_id, digest) SELECT 1, coalesce(max(id), 0), coalesce("
    "(SELECT digest FROM journal ORDER BY id DESC LIMIT 1), "
    "'0000000000000000000000000000000000000000000000000000000000000000') FROM journal"
)
"""A journal that is there already goes on where it stands."""
HEAD_DOWN = "DELETE FROM journal_head"


async def guard(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Set the head row and the triggers; one statement at a time (they hold semicolons)."""
    await editor.client.execute_query(HEAD_UP)
    sqlite = editor.client.capabilities.dialect == "sqlite"
    for statement in SQLITE_UP if sqlite else POSTGRES_UP:
        await editor.client.execute_query(statement)


async def unguard(apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Take them away again."""
    sqlite = editor.client.capabilities.dialect == "sqlite"
    for statement in SQLITE_DOWN if sqlite else POSTGRES_DOWN:
        await editor.client.execute_query(statement)
    await editor.client.execute_query(HEAD_DOWN)


class Migration(migrations.Migration):
    """Triggers that refuse to change or remove a fact."""

    dependencies = [("rakurs", "0001_initial")]  # noqa: RUF012

    operations = [ops.RunPython(guard, unguard)]  # noqa: RUF012
