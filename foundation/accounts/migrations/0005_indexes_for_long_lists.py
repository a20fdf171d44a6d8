from django.db import migrations, models


from foundation.textsearch.schema import AddIndexOnline


class Migration(migrations.Migration):
    """Made while the portal goes on reading and writing."""

    atomic = False

    dependencies = [
        ("accounts", "0004_text_index"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        AddIndexOnline(
            model_name="user",
            index=models.Index(fields=["last_login", "id"], name="account_last_login"),
        ),
    ]
