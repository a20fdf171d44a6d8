from django.db import migrations

import foundation.textsearch.fields
from foundation.textsearch.fields import fill_folded
from foundation.textsearch.schema import AddTextIndex, RemoveTextIndex


class Migration(migrations.Migration):
    """Enterprises are searched for by the keys of their names. The column is filled by parts, while the portal goes on."""

    atomic = False
    dependencies = [("enterprises", "0013_register_imports_go")]
    operations = [
        migrations.AddField(
            "enterprise",
            "name_key",
            foundation.textsearch.fields.FoldedField(default="", editable=False, max_length=200, of="name"),
        ),
        migrations.RunPython(
            fill_folded("enterprises", "Enterprise", name="name_key", of="name"), migrations.RunPython.noop
        ),
        AddTextIndex("enterprise_key_text", "enterprises_enterprise", ("name_key", "initials"), key="place_id"),
        RemoveTextIndex("enterprise_name_text", "enterprises_enterprise", ("name", "initials"), key="place_id"),
    ]
