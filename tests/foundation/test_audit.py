"""The audit log: append-only, read in one's own place, archived only when the law allows."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from foundation.access.queries import visible_entries
from foundation.access.rules import verdict
from foundation.audit.log import log, register_event
from foundation.audit.models import Entry
from foundation.audit.trigger import RETENTION_DAYS

pytestmark = pytest.mark.django_db
register_event("tests.changed", "测试变更")
on_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="the trigger exists on PostgreSQL only")


def insert_old(place, days: int) -> int:
    """An entry as written days ago; time is the one thing ``log`` does not let us choose."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, actor_label, event, target_type, target_id, label, province_id, changes,"
            " note, request_id) VALUES (%s, 'system', 'tests.changed', '', '', '旧条目', %s, '{}', '', '')",
            [timezone.now() - datetime.timedelta(days=days), place.pk],
        )
    return Entry.objects.latest("pk").pk


def test_the_model_refuses_change_and_removal(cast):
    entry = log("tests.changed", by=cast.county, place=cast.places["320115"])
    entry.note = "改"
    for attempt in (entry.save, entry.delete, Entry.objects.all().delete, lambda: Entry.objects.update(note="改")):
        with pytest.raises(PermissionError):
            attempt()
    with pytest.raises(KeyError):
        log("tests.unknown", by=None)


@on_postgresql
@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET note = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("announced", ["", "2999-01-01"])
def test_postgresql_refuses_younger_entries_whatever_is_announced(cast, statement, announced):
    log("tests.changed", by=None, place=cast.places["32"])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        if announced:
            cursor.execute("SELECT set_config('portal.audit_archive_before', %s, true)", [announced])
        cursor.execute(statement)


@on_postgresql
def test_postgresql_refuses_to_empty_the_log_outside_tests(cast):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'audit_entry_refuse'")
        assert "current_database() LIKE 'test\\_%'" in cursor.fetchone()[0]
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal")
        assert {row[0] for row in cursor.fetchall()} == {"audit_entry_no_change", "audit_entry_no_truncate"}


def test_archiving_writes_first_and_removes_only_what_is_old_enough(cast, tmp_path):
    old = insert_old(cast.places["32"], RETENTION_DAYS + 30)
    young = insert_old(cast.places["32"], RETENTION_DAYS - 30)
    before = timezone.localdate() - datetime.timedelta(days=RETENTION_DAYS)
    path = tmp_path / "audit.jsonl"
    call_command("archive_audit", before=before, output=path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert [row["id"] for row in rows] == [old]
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(Entry.objects.filter(event="tests.changed").values_list("pk", flat=True)) == {young}
    assert Entry.objects.filter(event="audit.archived").count() == 1


def test_archiving_refuses_young_entries_existing_files_and_nothing_to_do(cast, tmp_path):
    allowed = timezone.localdate() - datetime.timedelta(days=RETENTION_DAYS)
    with pytest.raises(CommandError, match="六个月"):
        call_command("archive_audit", before=allowed + datetime.timedelta(days=1), output=tmp_path / "a")
    with pytest.raises(CommandError, match="不需要归档"):
        call_command("archive_audit", before=allowed, output=tmp_path / "a")
    insert_old(cast.places["32"], RETENTION_DAYS + 1)
    (tmp_path / "a").write_text("已有")
    with pytest.raises(CommandError, match="已经存在"):
        call_command("archive_audit", before=allowed, output=tmp_path / "a")
    with pytest.raises(CommandError, match="不能写入"):
        call_command("archive_audit", before=allowed, output=tmp_path / "none" / "a")
    assert Entry.objects.filter(label="旧条目").exists()


def test_both_faces_of_the_rule_agree(cast):
    log("tests.changed", by=None)
    for place in (*cast.places.values(), cast.enterprise.place, cast.neighbour_enterprise.place):
        log("tests.changed", by=None, place=place)
    for person in cast.people.values():
        rows = set(visible_entries(person))
        for entry in Entry.objects.all():
            assert (entry in rows) is bool(verdict(person, "audit.view", entry)), (person, entry.pk)
    assert visible_entries(cast.auditor).count() == Entry.objects.count()
    assert not visible_entries(cast.clerk).exists()


def test_the_page_shows_changes_escaped_and_only_ones_own_place(cast, sign_in):
    log(
        "tests.changed",
        by=cast.clerk,
        on=cast.enterprise,
        changes={"名称": ["旧名", "<script>新名</script>"], "试点": [False, None]},
        note="因更名",
    )
    page = sign_in(cast.county).get("/audit/?event=tests.changed").content.decode()
    assert "旧名 → &lt;script&gt;新名&lt;/script&gt;" in page
    assert "否 → （空）" in page
    assert "因更名" in page
    assert "<script>新名" not in page
    hidden = sign_in(cast.neighbour_city).get("/audit/?event=tests.changed").content.decode()
    assert "没有符合条件的记录" in hidden
    for person in (cast.clerk, cast.lead):
        assert sign_in(person).get("/audit/").status_code == 403


def test_the_filters_narrow_and_survive_in_the_address(cast, sign_in):
    log("tests.changed", by=cast.clerk, on=cast.enterprise, note="甲")
    log("tests.changed", by=cast.neighbour, on=cast.neighbour_enterprise, note="乙")
    browser = sign_in(cast.auditor)
    today = timezone.localdate()

    def page(**query) -> str:
        return browser.get("/audit/", {"event": "tests.changed", **query}).content.decode()

    assert cast.enterprise.name in page(place="3201")
    assert cast.neighbour_enterprise.name not in page(place="3201")
    assert cast.neighbour_enterprise.name in page(actor="吴邻居")
    assert cast.enterprise.name not in page(actor="吴邻居")
    assert cast.enterprise.name in page(q="江宁示例")
    assert cast.enterprise.name in page(since=today, until=today)
    assert "没有符合条件的记录" in page(since=today + datetime.timedelta(days=1))
    assert "截止日期早于起始日期" in page(since=today, until=today - datetime.timedelta(days=1))
    assert f'value="{today}"' in page(since=today)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_rows(cast, sign_in, django_assert_max_num_queries, rows):
    for _ in range(rows):
        log("tests.changed", by=cast.clerk, on=cast.enterprise)
    browser = sign_in(cast.auditor)
    browser.get("/audit/")
    with django_assert_max_num_queries(6):
        browser.get("/audit/?event=tests.changed&place=3201")
