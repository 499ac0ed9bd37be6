"""What is remembered of the photos of all cases."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """One table; it fills as photos are judged."""

    dependencies = [("rakurs", "0004_case_numbers")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.CreateModel(
            name="FingerprintRecord",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("sha256", fields.CharField(max_length=64)),
                ("case_id", fields.IntField(db_index=True)),
                ("kind", fields.CharField(max_length=40)),
                ("fingerprint", fields.BinaryField()),
            ],
            options={
                "table": "fingerprints",
                "app": "rakurs",
                "unique_together": (("sha256", "case_id", "kind"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
