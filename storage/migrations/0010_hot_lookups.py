"""What is asked all day is found by an index, however many years lie behind."""

from tortoise import migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Places are cut to what PostgreSQL can index; the documents keep them whole."""

    dependencies = [("rakurs", "0009_places_folded")]  # noqa: RUF012

    operations = [  # noqa: RUF012
        ops.RunSQL(
            "UPDATE cases SET place_folded = substr(place_folded, 1, 300) "
            "WHERE length(place_folded) > 300",
            reverse_sql="SELECT 1",
        ),
        ops.AddIndex(model_name="CaseRecord", index=Index(fields=["sequence", "year"])),
        ops.AddIndex(model_name="CaseRecord", index=Index(fields=["place_folded", "id"])),
        ops.AddIndex(model_name="MailRecord", index=Index(fields=["case_id"])),
        ops.AddIndex(model_name="ShownCardRecord", index=Index(fields=["shown_at"])),
        ops.AddIndex(model_name="TokenRecord", index=Index(fields=["used", "made_at"])),
    ]
