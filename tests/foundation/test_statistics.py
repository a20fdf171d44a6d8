"""After a bulk write the database counts its tables again: after the commit, once, and never in the way of the work."""

import pytest
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext, isolate_apps

from foundation.statistics import MANY_ROWS, renew_statistics
from notices.models import Delivery
from records.core.kinds import kind_by_slug
from records.models import Record


def _statements(captured: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in captured.captured_queries if query["sql"].startswith(("ANALYZE", "PRAGMA"))]


@pytest.mark.django_db
def test_many_rows_are_counted_after_the_commit_few_never(django_capture_on_commit_callbacks) -> None:
    with CaptureQueriesContext(connection) as captured, django_capture_on_commit_callbacks(execute=True):
        renew_statistics(Delivery, rows=MANY_ROWS - 1)
    assert _statements(captured) == []
    with CaptureQueriesContext(connection) as captured:
        with django_capture_on_commit_callbacks(execute=True) as waiting:
            renew_statistics(Delivery, kind_by_slug("ideology.lecture").model, rows=MANY_ROWS)
            assert _statements(captured) == []
    assert len(waiting) == 1
    said = " ".join(_statements(captured))
    if connection.vendor == "postgresql":
        for table in ("notices_delivery", "ideology_lecture", Record._meta.db_table):
            assert f'"{table}"' in said, "the table of the kind and the one it shares with the others"
    else:
        assert "PRAGMA optimize" in said


@pytest.mark.django_db(transaction=True)
def test_the_planner_knows_the_rows_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite decides by itself whether its tables grew enough")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE notices_delivery")
        with transaction.atomic():
            renew_statistics(Delivery, rows=MANY_ROWS)
        cursor.execute(
            "SELECT last_analyze > now() - interval '1 minute' FROM pg_stat_user_tables WHERE relname = %s",
            ["notices_delivery"],
        )
        assert cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_does_not_fail_the_work(caplog) -> None:
    with isolate_apps("notices"):

        class Gone(models.Model):  # noqa: DJ008 -- nobody reads it
            class Meta:
                app_label = "notices"
                db_table = "notices_table_that_is_gone"

    with transaction.atomic():
        renew_statistics(Gone, rows=MANY_ROWS)
    assert ("were not renewed" in caplog.text) == (connection.vendor == "postgresql")
