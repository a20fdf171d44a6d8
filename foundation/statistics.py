"""What the database knows about its tables, brought up to date after many rows were written at once.

PostgreSQL plans by counts that its autovacuum renews within minutes; until then a table that grew a hundredfold is read
as if it were small (a list of a just sent notice took 1.2 s instead of 40 ms). Whoever writes in bulk says so::

    renew_statistics(Delivery, Message, rows=99_950)
"""

import functools
import logging

from django.db import DatabaseError, connections, models, router, transaction

logger = logging.getLogger(__name__)

#: Below this the plans stay good enough until the database looks by itself.
MANY_ROWS = 1000


def renew_statistics(*written: type[models.Model], rows: int) -> None:
    """Have the tables of these models counted again after the commit, when ``rows`` are many. Never raises: the rows are
    written, and slower plans for some minutes are no reason to fail."""
    if rows < MANY_ROWS:
        return
    tables: dict[str, set[str]] = {}
    for model in written:
        using = router.db_for_write(model)
        # A child of a concrete model writes its parents' tables too.
        lineage = [model, *model._meta.get_parent_list()]
        tables.setdefault(using, set()).update(one._meta.db_table for one in lineage)
    for using, names in tables.items():
        transaction.on_commit(functools.partial(_count_again, using, sorted(names)), using=using, robust=True)


def _count_again(using: str, tables: list[str]) -> None:
    connection = connections[using]
    statements = {
        "postgresql": [f"ANALYZE {connection.ops.quote_name(table)}" for table in tables],
        # Looks only at a sample, and only at tables that grew enough for it to matter.
        "sqlite": ["PRAGMA analysis_limit = 400", "PRAGMA optimize"],
    }
    try:
        with connection.cursor() as cursor:
            for statement in statements.get(connection.vendor, []):
                cursor.execute(statement)
    except DatabaseError:
        logger.warning("statistics of %s were not renewed", ", ".join(tables), exc_info=True)
