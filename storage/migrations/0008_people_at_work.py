"""Who is away and who stands in; what each person wishes; whether a notice was opened."""

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from storage.fields import MomentField


class Migration(migrations.Migration):
    """One table and a few columns; everything as it was until somebody says otherwise."""

    dependencies = [("rakurs", "0007_shown_cards")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="AbsenceRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "person",
                    fields.ForeignKeyField(
                        "rakurs.PersonRecord",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="absences",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "substitute",
                    fields.ForeignKeyField(
                        "rakurs.PersonRecord",
                        source_field="substitute_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="substitutions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("first_on", fields.DateField()),
                ("last_on", fields.DateField()),
            ],
            options={"table": "absences", "app": "rakurs", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.AddField(
            model_name="OutboxRecord",
            name="opened_at",
            field=MomentField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="blocked",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="commands",
            field=fields.CharField(db_default="", max_length=64),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="digest_at",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="quiet_days_off",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="quiet_from",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="quiet_until",
            field=fields.SmallIntField(null=True),
        ),
        ops.AddField(
            model_name="PersonRecord",
            name="unreachable_since",
            field=MomentField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
