"""A backup is tried out: restored into an empty place, it holds the same rows, files, reports and keys."""

import contextlib
import fcntl
import json
import os
import secrets
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from backoffice.backup.archive import DESCRIPTION, describe
from foundation.accounts.models import User
from foundation.calendar.periods import Quarter
from foundation.crypto.cipher import encrypt
from foundation.jobs import running
from records.models import Attachment
from reporting import actions
from reporting.models import Report
from tests.foundation.uploads import EVIDENCE, photo
from tests.portal_process import HUNG, ROOT

SECRET = "身份证 3201…，仅供试验"
#: Run by the restored portal: what it holds, as JSON.
LOOK = """
import json, sys
from hashlib import sha256
from django.conf import settings
from django.db import connection
from foundation.accounts.models import User
from foundation.crypto.cipher import decrypt
from records.models import Attachment
from reporting.models import Report
report = Report.objects.get()
sum_of = lambda file: sha256(file.open("rb").read()).hexdigest()
with connection.cursor() as cursor:
    rows = {}
    for name in connection.introspection.table_names(cursor):
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")
        rows[name] = cursor.fetchone()[0]
print(json.dumps({
    "rows": rows,
    "people": sorted(User.objects.values_list("username", "full_name")),
    "evidence": [sum_of(one.file) for one in Attachment.objects.order_by("pk")],
    "faces": [sum_of(report.pdf), sum_of(report.xlsx)],
    "snapshot": [report.snapshot, report.snapshot_hash],
    "opened": decrypt(ENCRYPTED, context="test.secret"),
    "signed_by": settings.SECRET_KEY,
}))
"""


@pytest.fixture
def portal(transactional_db, cast, sign_in, settings, tmp_path) -> Report:
    """A portal with people, evidence under odd names and a report that was built; returns the report."""
    settings.MEDIA_ROOT = tmp_path / "media"
    EVIDENCE.send(sign_in(cast.clerk), "照片 №1 (终稿).jpg", photo())
    report = actions.request_report(
        acting_user=cast.city, region=cast.places["3201"], quarter=Quarter.current().previous()
    )
    running.run(report.job_id)
    report.refresh_from_db()
    assert report.is_ready, report.job.error
    return report


@contextlib.contextmanager
def empty_place(var: Path) -> Iterator[dict[str, str]]:
    """The environment of a portal that holds nothing yet, of the same kind as the one under test."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PORTAL_", "DJANGO_"))}
    env |= {"PORTAL_VAR": str(var), "DJANGO_SETTINGS_MODULE": "reform_portal.settings"}
    if connection.vendor == "sqlite":
        yield env
        return
    name = f"test_restored_{secrets.token_hex(4)}"
    url = urlsplit(os.environ["PORTAL_DATABASE_URL"])
    with contextlib.closing(psycopg2.connect(connection.connection.dsn)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
            try:
                yield {**env, "PORTAL_DATABASE_URL": urlunsplit(url._replace(path=f"/{name}"))}
            finally:
                cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def manage(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(line, env=env, capture_output=True, text=True, timeout=HUNG, stdin=subprocess.DEVNULL)


def sum_of(file) -> str:
    with file.open("rb") as handle:
        return sha256(handle.read()).hexdigest()


def test_what_is_restored_is_what_was_backed_up(portal, settings, tmp_path) -> None:
    kept = tmp_path / "到别处" / "portal.tar"
    call_command("backup", to=kept)
    assert kept.stat().st_mode & 0o777 == 0o600
    evidence = [sum_of(one.file) for one in Attachment.objects.order_by("pk")]
    encrypted = encrypt(SECRET, context="test.secret")
    assert evidence and describe(kept).rows["accounts_user"] == User.objects.count()

    with empty_place(tmp_path / "restored") as env:
        done = manage(env, "restore", str(kept))
        assert done.returncode == 0, done.stderr
        assert "恢复完成" in done.stdout
        found = json.loads(manage(env, "shell", "-v", "0", "-c", f"ENCRYPTED = {encrypted!r}\n{LOOK}").stdout)
        assert {name: found["rows"][name] for name in describe(kept).rows} == describe(kept).rows
        assert found["people"] == sorted(map(list, User.objects.values_list("username", "full_name")))
        assert found["evidence"] == evidence
        assert found["faces"] == [sum_of(portal.pdf), sum_of(portal.xlsx)]
        assert found["snapshot"] == [portal.snapshot, portal.snapshot_hash]
        assert (found["opened"], found["signed_by"]) == (SECRET, settings.SECRET_KEY)

        # Now it holds data: a second time only when told, and then nothing is lost.
        refused = manage(env, "restore", str(kept))
        assert refused.returncode == 1 and "已有数据，没有恢复" in refused.stderr
        manage(
            env,
            "shell",
            "-v",
            "0",
            "-c",
            "from foundation.accounts.models import User; User.objects.update(email='a@b.cn')",
        )
        done = manage(env, "restore", str(kept), "--overwrite")
        assert done.returncode == 0, done.stderr
        aside = next((tmp_path / "restored" / "backups").glob("before-restore-*"))
        assert sorted(path.name for path in aside.iterdir() if "database" in path.name or "portal" in path.name)
        assert {sha256(path.read_bytes()).hexdigest() for path in aside.rglob("*") if path.is_file()} >= set(evidence)
        emails = "from foundation.accounts.models import User; print(User.objects.exclude(email='').count())"
        assert manage(env, "shell", "-v", "0", "-c", emails).stdout.strip() == "0"
        assert not list((tmp_path / "restored" / "backups").glob("restoring-*"))


def changed(source: Path, target: Path, change) -> Path:
    """A copy of the backup whose members went through ``change(name, content)``; None leaves one out."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            content = change(member.name, old.extractfile(member).read())
            if content is not None:
                path = target.with_suffix(".member")
                path.write_bytes(content)
                new.add(path, arcname=member.name)
    return target


def described_as(**values):
    def change(name: str, content: bytes) -> bytes:
        return json.dumps({**json.loads(content), **values}).encode() if name == DESCRIPTION else content

    return change


@pytest.mark.sweep
def test_what_cannot_be_restored_is_refused_before_anything_changes(portal, tmp_path) -> None:
    kept = tmp_path / "portal.tar"
    call_command("backup", to=kept)
    with tarfile.open(kept) as tar:
        media = next(name for name in tar.getnames() if name.startswith("media/"))
    later = [*describe(kept).migrations, ["records", "9999_from_the_future"]]
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[connection.vendor]
    cases = {
        "只认识第 1 版": described_as(format=2),
        "records.9999_from_the_future": described_as(migrations=later),
        "不能互相恢复": described_as(engine=other),
        "不是本平台的备份": described_as(product="something-else"),
        "缺失或与清单不符": lambda name, content: None if name == media else content,
        "如“database”": lambda name, content: content[:-1] if name == "database" else content,
    }
    with empty_place(tmp_path / "restored") as env:
        for words, change in cases.items():
            refused = manage(env, "restore", str(changed(kept, tmp_path / "changed.tar", change)))
            assert refused.returncode == 1, words
            assert words in refused.stderr and "Traceback" not in refused.stderr
        cut = tmp_path / "cut.tar"
        cut.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
        assert "没有恢复" in manage(env, "restore", str(cut)).stderr
        assert "没有文件" in manage(env, "restore", str(tmp_path / "nowhere.tar")).stderr
        other_key = {**env, "PORTAL_CRYPTO_KEYS": "1:" + "ab" * 32}
        assert "PORTAL_CRYPTO_KEYS 里没有备份所用" in manage(other_key, "restore", str(kept)).stderr
        with (tmp_path / "restored" / "portal.lock").open("w") as running:
            fcntl.flock(running, fcntl.LOCK_EX)
            assert "正在这个数据文件夹上运行" in manage(env, "restore", str(kept), "--overwrite").stderr
        assert not (tmp_path / "restored" / "media").exists()
        assert manage(env, "restore", str(kept)).returncode == 0


def test_older_backups_are_deleted_only_beyond_those_to_keep(transactional_db, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    for day in ("20251230", "20251231", "20260101"):
        (tmp_path / f"portal-{day}-020000.tar").touch()
    (tmp_path / "年报.tar").touch()
    call_command("backup", to=tmp_path, keep=2)
    left = sorted(path.name for path in tmp_path.glob("*.tar"))
    assert left[0] == "portal-20260101-020000.tar"
    assert (len(left), left[-1]) == (3, "年报.tar")
    with pytest.raises(CommandError, match="至少为 1"):
        call_command("backup", to=tmp_path, keep=0)
    with pytest.raises(CommandError, match="已经存在"):
        call_command("backup", to=tmp_path / "年报.tar")
