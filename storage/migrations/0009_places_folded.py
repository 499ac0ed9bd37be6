"""Places are looked up with «ё» as «е»."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Rewrites the look-up column; the documents keep the place as it was written."""

    dependencies = [("rakurs", "0008_people_at_work")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.RunSQL(
            "UPDATE cases SET place_folded = REPLACE(place_folded, 'ё', 'е')",
            reverse_sql="SELECT 1",
        ),
    ]
