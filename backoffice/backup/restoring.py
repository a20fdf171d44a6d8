"""Putting a backup in place of what the portal holds now. What was there is set aside, never deleted."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.backup.archive import DATABASE, KEYS, MEDIA, PORTAL, Description, describe, unpack
from backoffice.backup.databases import dump_postgres, others_connected, replace_postgres, rows_now, unpacked_sqlite
from backoffice.backup.making import FOLDER, KEPT, files_are_here
from deploy import environment
from foundation.accounts.models import User
from foundation.crypto.keyring import parse_keyring
from foundation.refusals import Refused
from foundation.saying import filled

#: Of the data folder, besides database, files and keys: what speaks of the data that goes.
_STATE = ("broker", "celerybeat-schedule*", "ephemeral.sqlite3*", "prepared", *KEPT)


def holds_data() -> bool:
    """Whether anybody has an account here, or any file is kept."""
    media = Path(settings.MEDIA_ROOT)
    if files_are_here() and media.is_dir() and any(media.iterdir()):
        return True
    try:
        return User.objects.exists()
    except DatabaseError:
        return False  # no tables yet


def restore(path: Path, *, overwrite: bool, say: Callable[[str], None]) -> Path | None:
    """Restore the backup; returns the folder in which the former content lies, if there was any.

    Everything is unpacked and checked before anything changes. Refused: a backup of a later program or the other kind of
    database, a portal that runs, one that holds data unless ``overwrite``, keys in the environment that cannot read it."""
    description = describe(path)
    _refuse_unknown(description)
    with _standing_still():
        held = holds_data()
        if held and not overwrite:
            raise Refused(
                _("%s 里已有数据，没有恢复。确要用备份替换的，加上 --overwrite；现有数据会移到一旁保存。")
                % settings.VAR_DIR
            )
        stamp = f"{timezone.localtime():%Y%m%d-%H%M%S}"
        fresh = settings.VAR_DIR / FOLDER / f"restoring-{stamp}"
        aside = settings.VAR_DIR / FOLDER / f"before-restore-{stamp}"
        fresh.mkdir(parents=True, mode=0o700)
        try:
            unpack(path, fresh, say)
            _refuse_unreadable(fresh / KEYS)
            aside.mkdir(mode=0o700)
            _replace_database(description, fresh / DATABASE, aside)
            _replace_files(description, fresh, aside)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        _after(say)
    if held:
        say(_("原有数据已移到 %s，确认无误后可以删除。") % aside)
        return aside
    shutil.rmtree(aside)
    return None


def _refuse_unknown(description: Description) -> None:
    if description.engine != connection.vendor:
        raise Refused(
            _(
                "备份来自 %(found)s 数据库，本平台用的是 %(here)s，不能互相恢复。请按做备份时的方式设置 PORTAL_DATABASE_URL。"
            )
            % {"found": description.engine, "here": connection.vendor}
        )
    known = MigrationLoader(None).disk_migrations
    later = [f"{app}.{name}" for app, name in description.migrations if (app, name) not in known]
    own = {app for app, _name in known}
    later = [name for name in later if name.partition(".")[0] in own]
    if later:
        raise Refused(
            _("备份来自较新的程序（有本程序不认识的变更 %s），没有恢复。请先把程序升级到做备份时的版本。") % later[0]
        )


@contextmanager
def _standing_still() -> Iterator[None]:
    """Nobody else works on the data meanwhile."""
    try:
        environment.lock(settings.VAR_DIR)
    except environment.Held as held:
        running = "、".join(map(str, held.holders)) or "?"
        raise Refused(_("平台正在这个数据文件夹上运行（进程 %s），没有恢复。请先停止平台。") % running) from held
    if connection.vendor == "postgresql" and (others := others_connected()):
        raise Refused(
            filled(
                _(
                    "还有 %d 个程序连着数据库，没有恢复。请先停止平台的各项服务（web、worker、figures、reports、beat）。"
                ),
                others,
            )
        )
    yield


def _refuse_unreadable(keys: Path) -> None:
    """Keys from the environment go before those of the folder: with other ones the restored data could not be read."""
    backed_up = parse_keyring((keys / "crypto-keys").read_text(), "crypto-keys")
    from_file = settings.VAR_DIR / "crypto-keys"
    here = settings.CRYPTO_KEYS
    if not settings.CRYPTO_KEYS_FROM_FILE and any(here.get(number) != key for number, key in backed_up.items()):
        raise Refused(
            _(
                "环境变量 PORTAL_CRYPTO_KEYS 里没有备份所用的加密密钥，恢复后加密内容读不出来。请改成做备份时的密钥，或去掉它（改用 %s）。"
            )
            % from_file
        )
    secret = (keys / "secret-key").read_text().strip()
    if not settings.SECRET_KEY_FROM_FILE and secret not in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        raise Refused(
            _(
                "环境变量 PORTAL_SECRET_KEY 与备份不同，恢复后第二重验证不能用。请把备份里的 keys/secret-key 写进 PORTAL_OLD_SECRET_KEYS。"
            )
        )


def _replace_database(description: Description, source: Path, aside: Path) -> None:
    if connection.vendor == "sqlite":
        plain, rows = unpacked_sqlite(source)
        _compare(description, rows)
        connections.close_all()
        database = Path(settings.DATABASES["default"]["NAME"])
        for old in sorted(database.parent.glob(f"{database.name}*")):
            shutil.move(old, aside / old.name)
        shutil.move(plain, database)
        return
    dump_postgres(aside / "database.dump")
    replace_postgres(source)
    _compare(description, rows_now())


def _compare(description: Description, rows: dict[str, int]) -> None:
    wrong = [name for name in {*rows, *description.rows} if rows.get(name) != description.rows.get(name)]
    if wrong:
        raise Refused(_("恢复的数据库与备份的清单不符（表 %s）。请换一份备份。") % "、".join(sorted(wrong)))


def _replace_files(description: Description, fresh: Path, aside: Path) -> None:
    """Moves what is inside the folders, not the folders: they may be volumes of their own."""
    from_files = {"secret-key": settings.SECRET_KEY_FROM_FILE, "crypto-keys": settings.CRYPTO_KEYS_FROM_FILE}
    keys = [name for name, from_file in from_files.items() if from_file]
    for pattern in (*_STATE, *keys):
        for old in settings.VAR_DIR.glob(pattern):
            shutil.move(old, aside / old.name)
    for name in keys:
        shutil.move(fresh / KEYS / name, settings.VAR_DIR / name)
    for new in (fresh / PORTAL).glob("*"):
        shutil.move(new, settings.VAR_DIR / new.name)
    if description.holds_media and files_are_here():
        media = Path(settings.MEDIA_ROOT)
        media.mkdir(mode=0o700, parents=True, exist_ok=True)
        (aside / MEDIA).mkdir()
        for old in media.iterdir():
            shutil.move(old, aside / MEDIA / old.name)
        for new in (fresh / MEDIA).glob("*"):
            shutil.move(new, media / new.name)


def _after(say: Callable[[str], None]) -> None:
    """An older backup gets what has changed in the tables since."""
    say(_("数据已恢复，正在按本程序补上数据库变更…"))
    call_command("migrate", interactive=False, verbosity=0)
    if "ephemeral" in settings.DATABASES:
        call_command("createcachetable", database="ephemeral", verbosity=0)
