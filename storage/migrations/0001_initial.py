"""The tables of the first version."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from storage.fields import MomentField


class Migration(migrations.Migration):
    initial = True

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="ApplicantRecord",
            fields=[
                (
                    "case_id",
                    fields.IntField(generated=False, primary_key=True, unique=True, db_index=True),
                ),
                ("name", fields.TextField(unique=False)),
                ("contacts", fields.TextField(unique=False)),
            ],
            options={"table": "applicants", "app": "rakurs", "pk_attr": "case_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ApprovalRuleRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("category", fields.TextField(unique=False)),
                ("approver_ids", fields.TextField(unique=False)),
            ],
            options={"table": "approval_rules", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BodyRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("code", fields.CharField(unique=True, max_length=200)),
                ("name", fields.TextField(unique=False)),
                ("kind", fields.CharField(max_length=40)),
                ("address", fields.TextField(unique=False)),
                ("phone", fields.TextField(unique=False)),
                ("email", fields.TextField(unique=False)),
                ("hours", fields.TextField(unique=False)),
                ("confirmed_on", fields.DateField(null=True)),
            ],
            options={"table": "bodies", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("year", fields.IntField()),
                ("sequence", fields.IntField()),
                ("number", fields.CharField(unique=True, max_length=40)),
                ("portal_number_folded", fields.TextField(unique=False)),
                ("version", fields.IntField()),
                ("state", fields.CharField(max_length=40)),
                ("final", fields.BooleanField()),
                ("round", fields.IntField()),
                ("category", fields.TextField(unique=False)),
                ("topic", fields.TextField(unique=False)),
                ("place_folded", fields.TextField(unique=False)),
                ("official_id", fields.IntField(null=True)),
                ("received_at", MomentField(auto_now=False, auto_now_add=False)),
                ("registered_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("document", fields.TextField(unique=False)),
            ],
            options={
                "table": "cases",
                "app": "rakurs",
                "unique_together": (("year", "sequence"),),
                "indexes": [
                    Index(fields=["final", "state"]),
                    Index(fields=["portal_number_folded"]),
                    Index(fields=["received_at"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CasePersonRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "case",
                    fields.ForeignKeyField(
                        "rakurs.CaseRecord",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("person_id", fields.IntField()),
            ],
            options={
                "table": "case_people",
                "app": "rakurs",
                "unique_together": (("person_id", "case_id"),),
                "indexes": [Index(fields=["case_id"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CounterRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("series", fields.CharField(max_length=200)),
                ("year", fields.IntField()),
                ("value", fields.IntField()),
            ],
            options={
                "table": "counters",
                "app": "rakurs",
                "unique_together": (("series", "year"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CursorRecord",
            fields=[
                (
                    "mailbox",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=300),
                ),
                ("uidvalidity", fields.BigIntField()),
                ("uid", fields.BigIntField()),
            ],
            options={"table": "mail_cursors", "app": "rakurs", "pk_attr": "mailbox"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="JournalHeadRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=False, primary_key=True, unique=True, db_index=True),
                ),
                ("last_id", fields.BigIntField()),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={"table": "journal_head", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="JournalRecord",
            fields=[
                (
                    "id",
                    fields.BigIntField(
                        generated=False, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("at", MomentField(auto_now=False, auto_now_add=False)),
                ("subject", fields.TextField(unique=False)),
                ("event", fields.CharField(max_length=40)),
                ("actor", fields.TextField(unique=False)),
                ("channel", fields.CharField(max_length=40)),
                ("source", fields.TextField(unique=False)),
                ("case_id", fields.IntField(null=True, db_index=True)),
                ("round", fields.IntField()),
                ("actor_id", fields.IntField(null=True)),
                ("role", fields.CharField(max_length=40)),
                ("before", fields.CharField(max_length=40)),
                ("after", fields.CharField(max_length=40)),
                ("clause", fields.TextField(unique=False)),
                ("requirement", fields.TextField(unique=False)),
                ("details", fields.TextField(unique=False)),
                ("previous", fields.CharField(max_length=64)),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={"table": "journal", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LetterRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("case_id", fields.IntField(db_index=True)),
                ("version", fields.IntField()),
                ("state", fields.CharField(max_length=40)),
                ("number", fields.TextField(unique=False)),
                (
                    "registered_at",
                    MomentField(null=True, db_index=True, auto_now=False, auto_now_add=False),
                ),
                ("document", fields.TextField(unique=False)),
            ],
            options={"table": "letters", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MailRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("mailbox", fields.CharField(max_length=300)),
                ("uidvalidity", fields.BigIntField()),
                ("uid", fields.BigIntField()),
                ("message_id", fields.TextField(unique=False)),
                ("content_digest", fields.CharField(db_index=True, max_length=64)),
                ("sender", fields.TextField(unique=False)),
                ("subject", fields.TextField(unique=False)),
                ("text", fields.TextField(unique=False)),
                ("received_at", MomentField(auto_now=False, auto_now_add=False)),
                ("raw_file", fields.TextField(unique=False)),
                ("kind", fields.CharField(max_length=40)),
                ("outcome", fields.TextField(unique=False)),
                ("handled", fields.BooleanField(db_index=True)),
                ("case_id", fields.IntField(null=True)),
                ("files", fields.TextField(unique=False)),
            ],
            options={
                "table": "mail",
                "app": "rakurs",
                "unique_together": (("mailbox", "uidvalidity", "uid"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("key", fields.CharField(unique=True, max_length=300)),
                ("kind", fields.CharField(max_length=40)),
                ("channel", fields.CharField(max_length=40)),
                ("wanted_channel", fields.CharField(null=True, max_length=40)),
                ("person_id", fields.IntField(null=True)),
                ("address", fields.TextField(unique=False)),
                ("case_id", fields.IntField(null=True)),
                ("facts", fields.TextField(unique=False)),
                ("not_before", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=40)),
                ("attempts", fields.IntField()),
                ("queued_at", MomentField(auto_now=False, auto_now_add=False)),
                ("claimed_until", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("dealt_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
                ("message_ref", fields.CharField(db_index=True, max_length=1000)),
                ("last_error", fields.TextField(unique=False)),
            ],
            options={
                "table": "outbox",
                "app": "rakurs",
                "indexes": [Index(fields=["state", "channel"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PersonRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("code", fields.CharField(unique=True, max_length=200)),
                ("name", fields.TextField(unique=False)),
                ("post", fields.TextField(unique=False)),
                (
                    "body",
                    fields.ForeignKeyField(
                        "rakurs.BodyRecord",
                        source_field="body_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="people",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("offices", fields.TextField(unique=False)),
                ("telegram_id", fields.BigIntField(null=True, unique=True)),
                ("email", fields.TextField(unique=False)),
                ("email_folded", fields.CharField(db_index=True, max_length=320)),
                ("active", fields.BooleanField()),
            ],
            options={"table": "people", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="InvitationRecord",
            fields=[
                (
                    "code_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "rakurs.PersonRecord",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invitations",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("expires_at", MomentField(auto_now=False, auto_now_add=False)),
                ("used_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "invitations", "app": "rakurs", "pk_attr": "code_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PromptRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("chat_id", fields.BigIntField()),
                ("message_id", fields.BigIntField()),
                ("person_id", fields.IntField()),
                ("purpose", fields.CharField(max_length=100)),
                ("case_id", fields.IntField(null=True)),
                ("case_version", fields.IntField()),
                ("facts", fields.TextField(unique=False)),
                ("asked_at", MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "prompts",
                "app": "rakurs",
                "unique_together": (("chat_id", "message_id"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RouteRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("topic", fields.TextField(unique=False)),
                ("territory", fields.TextField(unique=False)),
                (
                    "official",
                    fields.ForeignKeyField(
                        "rakurs.PersonRecord",
                        source_field="official_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="routes_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "lead",
                    fields.ForeignKeyField(
                        "rakurs.PersonRecord",
                        source_field="lead_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="routes_led",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("co_executor_ids", fields.TextField(unique=False)),
                ("signatory_id", fields.IntField(null=True)),
            ],
            options={"table": "routes", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RoutineRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("routine", fields.CharField(max_length=100)),
                ("period", fields.CharField(max_length=100)),
                ("done_at", MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "routines",
                "app": "rakurs",
                "unique_together": (("routine", "period"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SourceRecord",
            fields=[
                (
                    "source",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=500),
                ),
                ("at", MomentField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "sources", "app": "rakurs", "pk_attr": "source"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TokenRecord",
            fields=[
                (
                    "token_hash",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("purpose", fields.CharField(max_length=100)),
                ("case_id", fields.IntField(null=True)),
                ("person_id", fields.IntField(null=True)),
                ("letter_id", fields.IntField(null=True)),
                ("case_version", fields.IntField()),
                ("single_use", fields.BooleanField()),
                ("made_at", MomentField(auto_now=False, auto_now_add=False)),
                ("used", fields.BooleanField()),
            ],
            options={"table": "tokens", "app": "rakurs", "pk_attr": "token_hash"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="UpdateRecord",
            fields=[
                (
                    "update_id",
                    fields.BigIntField(
                        generated=False, primary_key=True, unique=True, db_index=True
                    ),
                ),
                ("payload", fields.TextField(unique=False)),
                ("received_at", MomentField(auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField()),
                ("handled_at", MomentField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "updates",
                "app": "rakurs",
                "indexes": [Index(fields=["handled_at"])],
                "pk_attr": "update_id",
            },
            bases=["Model"],
        ),
    ]
