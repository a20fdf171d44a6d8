from django.db import migrations

from foundation.textsearch.schema import AddTextIndex


class Migration(migrations.Migration):
    """Parts of words are found by an index of pairs of characters; nothing waits while it is made."""

    atomic = False
    dependencies = [("accounts", "0003_first_steps")]
    operations = [AddTextIndex("account_name_text", "accounts_user", ("full_name", "username"))]
