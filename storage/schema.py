"""Bringing a database to this program's schema, and knowing whether it is there.

All pending migrations run in one exclusive transaction together with the note that they were
applied: two processes that start at once do not meet, and a crash in the middle leaves the
database as it was. (Tortoise's own command notes it afterwards, in another transaction.)

``python -m storage.schema`` exits 1 if the records differ from what the migrations make.
"""

import asyncio
import sys
from typing import Any

from tortoise.apps import Apps
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import (
    AsyncpgSchemaEditor,
    BaseSchemaEditor,
    SqliteSchemaEditor,
)
from tortoise.migrations.schema_generator.state import State

from storage.errors import NewerSchemaError

APP = "rakurs"
MIGRATIONS = "storage.migrations"
EDITORS: dict[str, type[BaseSchemaEditor]] = {
    "sqlite": SqliteSchemaEditor, "postgres": AsyncpgSchemaEditor}


def app_config(connection: str) -> dict[str, Any]:
    """The ``apps`` part of Tortoise's configuration."""
    return {APP: {"models": ["storage.records"], "migrations": MIGRATIONS,
                  "default_connection": connection}}


async def _executor(client: TransactionalDBClient) -> tuple[MigrationExecutor, set[MigrationKey]]:
    """What can be applied and what has been; refuses a database of a later version."""
    recorder = MigrationRecorder(client)
    await recorder.ensure_schema(_editor(client))
    applied = {key for key in await recorder.applied_migrations() if key.app_label == APP}
    executor = MigrationExecutor(client, app_config(client.connection_name))
    await executor.loader.build_graph()
    unknown = sorted(key.name for key in applied - set(executor.loader.graph.nodes))
    if unknown:
        raise NewerSchemaError(
            f"База данных создана более новой версией «Ракурса» (в ней есть {unknown[-1]}). "
            "Обновите программу или укажите другую базу в DATABASE_URL.")
    return executor, applied


def _editor(client: TransactionalDBClient) -> BaseSchemaEditor:
    return EDITORS[client.capabilities.dialect](client, atomic=True)


async def pending(client: TransactionalDBClient) -> list[str]:
    """Names of the migrations not yet applied, in order."""
    executor, applied = await _executor(client)
    return [key.name for key in executor._full_plan() if key not in applied]


async def migrate(client: TransactionalDBClient, to: str = "__latest__") -> list[str]:
    """Apply what is missing, or go back or forth to the migration ``to`` («__first__»: to an
    empty database); names of what was done."""
    executor, applied = await _executor(client)
    plan = executor._migration_plan(
        [MigrationTarget(APP, to)], applied, executor.loader.graph)
    recorder = MigrationRecorder(client)
    behind = await executor._project_state_cache(applied) if any(
        step.backward for step in plan) else {}
    ahead: State | None = None  # each step forward leaves the state that the next one starts from
    for step in plan:
        key = MigrationKey(APP, step.migration.name)
        if step.backward:
            await step.migration.unapply(behind[key], schema_editor=_editor(client))
            await recorder.record_unapplied(key.app_label, key.name)
            applied.discard(key)
        else:
            ahead = ahead or await executor._project_state(applied)
            ahead = await step.migration.apply(ahead, schema_editor=_editor(client))
            await recorder.record_applied(key.app_label, key.name)
            applied.add(key)
    return [step.migration.name for step in plan]


def _detector(apps: Apps) -> MigrationAutodetector:
    return MigrationAutodetector(apps, app_config("sqlite"))


async def drift(name: str = "") -> list[str]:
    """What the records say and the migrations do not, one line each; with ``name`` a migration
    of that name is written too."""
    async with TortoiseContext() as context:
        await context.init(config={
            "connections": {"sqlite": "sqlite://:memory:"}, "apps": app_config("sqlite")})
        if context.apps is None:
            raise RuntimeError("Tortoise knows no records")
        lines = []
        for writer in await _detector(context.apps).changes():
            lines += [operation.describe() for operation in writer.operations]
            if name:
                writer.name = f"{writer.name.split('_', 1)[0]}_{name}"
                lines.append(f"{writer.write()}")
        return lines


def main(arguments: list[str]) -> int:
    """Print the drift; ``--write NAME`` makes the migration."""
    name = arguments[1] if arguments[:1] == ["--write"] and len(arguments) > 1 else ""
    lines = asyncio.run(drift(name))
    for line in lines:
        sys.stdout.write(f"{line}\n")
    return 1 if lines and not name else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
