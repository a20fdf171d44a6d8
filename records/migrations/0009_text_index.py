from django.db import migrations

from foundation.textsearch.schema import AddTextIndex


class Migration(migrations.Migration):
    """Parts of words are found by an index of pairs of characters; nothing waits while it is made."""

    atomic = False
    dependencies = [("records", "0008_one_change_feed")]
    operations = [AddTextIndex("record_title_text", "records_record", ("title",))]
