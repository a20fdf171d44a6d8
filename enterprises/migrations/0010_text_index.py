from django.db import migrations

from foundation.textsearch.schema import AddTextIndex


class Migration(migrations.Migration):
    """Parts of words are found by an index of pairs of characters; nothing waits while it is made."""

    atomic = False
    dependencies = [("enterprises", "0009_one_change_feed")]
    operations = [AddTextIndex("enterprise_name_text", "enterprises_enterprise", ("name", "initials"), key="place_id")]
