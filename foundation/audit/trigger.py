"""PostgreSQL refuses to change or remove audit entries, whoever asks. Embedded, the model alone refuses.

Two narrow doors, both inside the trigger so that no session setting can open more:

* ``archive_audit`` announces a day in the transaction-local setting ``portal.audit_archive_before``. Only entries older
  than that day **and** older than the retention may then be deleted: the setting never reaches a younger entry.
* TRUNCATE passes only in a database whose name starts with ``test_``: the test runner empties its own database with it.
"""

from django.db import connections

from foundation.audit.models import Entry

#: 网络安全法 第二十一条: network logs are kept for no less than six months, the longest of which have 184 days.
RETENTION_DAYS = 184

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger AS $$
DECLARE announced text := current_setting('portal.audit_archive_before', true);
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'DELETE' AND coalesce(announced, '') <> '' THEN
        IF OLD.at < announced::timestamptz AND OLD.at < now() - interval '{RETENTION_DAYS} days' THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'audit entries are append-only (% refused)', TG_OP USING ERRCODE = 'insufficient_privilege';
END;
$$ LANGUAGE plpgsql;
"""
_TRIGGERS = """
CREATE OR REPLACE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_refuse();
CREATE OR REPLACE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();
"""


def install(sender: object, using: str, **extra: object) -> None:
    """``post_migrate`` receiver; idempotent."""
    connection = connections[using]
    if connection.vendor != "postgresql" or Entry._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTION)
        cursor.execute(_TRIGGERS)
