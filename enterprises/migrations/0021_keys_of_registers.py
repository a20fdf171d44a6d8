from django.db import migrations, models

import foundation.textsearch.fields
from foundation.textsearch.fields import fill_folded
from foundation.textsearch.schema import AddIndexOnline

_MODELS = ("Organisation", "Cluster", "Body")


class Migration(migrations.Migration):
    """Rows of the registers are found by a key of their names. The columns are filled by parts, while the portal goes on."""

    atomic = False
    dependencies = [("enterprises", "0020_fostered")]
    operations = [
        *(
            migrations.AddField(
                model.lower(),
                "name_key",
                foundation.textsearch.fields.FoldedField(default="", editable=False, max_length=120, of="name"),
            )
            for model in _MODELS
        ),
        *(
            migrations.RunPython(
                fill_folded("enterprises", model, name="name_key", of="name"), migrations.RunPython.noop
            )
            for model in _MODELS
        ),
        *(
            AddIndexOnline(model.lower(), models.Index(fields=["name_key"], name=f"{model.lower()}_name_key"))
            for model in _MODELS
        ),
    ]
