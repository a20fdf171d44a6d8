from django.db import migrations

from foundation.textsearch.schema import AddTextIndex


class Migration(migrations.Migration):
    """A record is found by who spoke; nothing waits while the index is made."""

    atomic = False
    dependencies = [("ideology", "0007_category_messages")]
    operations = [AddTextIndex("lecture_speaker_text", "ideology_lecture", ("speaker",), key="record_ptr_id")]
