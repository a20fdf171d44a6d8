import datetime
import hashlib

from django.conf import settings
from django.db import migrations

TABLE = "authtoken_token"


def in_utc(moment):
    """SQLite gives moments without their zone, which is always UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def take_over(apps, schema_editor):
    """Tokens issued so far go on, for good as before; what was kept of them in clear goes. The table was the REST framework's own."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        cursor.execute(f"SELECT key, created, user_id FROM {TABLE}")  # noqa: S608 -- a constant
        rows = cursor.fetchall()
        model = apps.get_model("accounts", "ApiToken")
        model.objects.bulk_create(
            model(
                user_id=user,
                name="manage.py",
                digest=hashlib.sha256(key.encode()).hexdigest(),
                created_at=in_utc(created),
            )
            for key, created, user in rows
        )
        if connection.vendor == "sqlite":
            # Pages that are freed are overwritten, or the keys would stay readable in the file.
            cursor.execute("PRAGMA secure_delete = ON")
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_api_tokens"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(take_over, migrations.RunPython.noop)]
