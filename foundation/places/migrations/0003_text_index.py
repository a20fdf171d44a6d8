from django.db import migrations

from foundation.textsearch.schema import AddTextIndex


class Migration(migrations.Migration):
    """Parts of words are found by an index of pairs of characters; nothing waits while it is made."""

    atomic = False
    dependencies = [("places", "0002_closing_and_names")]
    operations = [AddTextIndex("place_name_text", "places_place", ("name",))]
