"""What a test that writes a great deal within one transaction asks of the database."""

from django.db import connection


def plan_without_statistics() -> None:
    """Until the end of the transaction PostgreSQL joins by hash where it can.

    Outside tests each count commits and has its tables analysed. Within one transaction nothing is analysed, and what
    an earlier test rolled back has left pages without rows: the planner expects one row where there are thousands and
    goes through all of them for each of thousands."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off")
