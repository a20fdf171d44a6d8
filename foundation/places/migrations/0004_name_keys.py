from django.db import migrations, models

import foundation.textsearch.fields
from foundation.textsearch.fields import fill_folded
from foundation.textsearch.schema import AddIndexOnline


class Migration(migrations.Migration):
    """A name is found however it was typed. The column is filled by parts, while the portal goes on."""

    atomic = False
    dependencies = [("places", "0003_text_index")]
    operations = [
        migrations.AddField(
            "place",
            "name_key",
            foundation.textsearch.fields.FoldedField(default="", editable=False, max_length=200, of="name"),
        ),
        migrations.RunPython(fill_folded("places", "Place", name="name_key", of="name"), migrations.RunPython.noop),
        AddIndexOnline("place", models.Index(fields=["name_key"], name="place_name_key")),
    ]
