"""The one way entries leave the log: written to a file first, then removed, never younger than the law allows."""

import datetime
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, router, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.audit.log import log, register_event
from foundation.audit.models import Entry
from foundation.audit.trigger import RETENTION_DAYS
from foundation.refusals import Refused
from foundation.saying import filled

register_event("audit.archived", gettext_lazy("归档并清理审计日志"))


@dataclass(frozen=True)
class Archived:
    entries: int
    path: Path
    sha256: str


def latest_day() -> datetime.date:
    """The last day that may be named: everything before it is older than the retention."""
    return timezone.localdate() - datetime.timedelta(days=RETENTION_DAYS)


def archive(*, before: datetime.date, path: Path) -> Archived:
    """Write every entry older than ``before`` to ``path`` as JSON lines, then remove them from the log."""
    if before > latest_day():
        raise Refused(
            _("--before 不能晚于 %s：网络安全法第二十一条要求日志至少留存六个月。请改用更早的日期。") % latest_day()
        )
    moment = timezone.make_aware(datetime.datetime.combine(before, datetime.time.min))
    using = router.db_for_write(Entry)
    with transaction.atomic(using=using):
        old = Entry.objects.using(using).filter(at__lt=moment)
        last = old.order_by("-pk").values_list("pk", flat=True).first()
        if last is None:
            raise Refused(_("%s 之前没有审计日志，不需要归档。") % before)
        chosen = old.filter(pk__lte=last)
        digest, written = _write(chosen.order_by("pk"), path)
        if connections[using].vendor == "postgresql":
            with connections[using].cursor() as cursor:
                cursor.execute("SELECT set_config('portal.audit_archive_before', %s, true)", [moment.isoformat()])
        # Past the refusal of the queryset on purpose: this is the owner's command, and the file is on disk.
        removed = chosen._raw_delete(using)
        if removed != written:
            raise Refused(
                filled(
                    _("写出 %(out)d 条、清理 %(gone)d 条，数目不符，未作任何清理。请重新执行。"),
                    {"out": written, "gone": removed},
                )
            )
        log(
            "audit.archived",
            by=None,
            note=filled(
                _("%(day)s 之前 %(count)d 条，文件 %(name)s，SHA-256 %(sum)s"),
                {
                    "day": before,
                    "count": written,
                    "name": path.name,
                    "sum": digest,
                },
            ),
        )
    return Archived(written, path, digest)


def _write(entries: QuerySet[Entry], path: Path) -> tuple[str, int]:
    digest, count = hashlib.sha256(), 0
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(_("文件 %s 已经存在，不会覆盖。请换一个文件名。") % path) from None
    except OSError as error:
        raise Refused(
            _("不能写入文件 %(path)s：%(why)s。请换一个可写的位置。") % {"path": path, "why": error.strerror}
        ) from error
    with os.fdopen(descriptor, "wb") as handle:
        for row in entries.values().iterator(chunk_size=2000):
            line = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            handle.write(line)
            digest.update(line)
            count += 1
        handle.flush()
        os.fsync(handle.fileno())
    return digest.hexdigest(), count
