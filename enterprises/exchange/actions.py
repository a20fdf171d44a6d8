"""Every change of state of an import of the register: uploaded, checked, confirmed, discarded."""

import datetime
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.consequences import PlannedChange, foresee
from enterprises.exchange.checking import CHANGED, NEW, EnterpriseRow
from enterprises.models import ChangeKind, RegisterImport
from foundation.access.rules import require
from foundation.accounts.models import Actor
from foundation.audit.log import log, register_event
from foundation.exchange.models import ImportState
from foundation.exchange.reading import Table
from foundation.exchange.rows import end
from foundation.exchange.uploads import check_file
from foundation.files.keeping import delete_on_commit
from foundation.jobs.actions import cancel, enqueue
from foundation.refusals import Refused

register_event("enterprises.import_uploaded", gettext_lazy("上传企业名录"))
register_event("enterprises.imported", gettext_lazy("导入企业名录"))
register_event("enterprises.import_discarded", gettext_lazy("放弃导入企业名录"))

CHECK, WRITE = "enterprises.import", "enterprises.import.write"
#: A checked workbook nobody confirms is forgotten after this.
KEEP = datetime.timedelta(days=7)
#: Rows shown as examples of what would change; moves stand first.
SAMPLES = 50
#: From where to where, at most so many.
SHOWN_WAYS = 12
#: More moves than these are confirmed by typing how many they are.
MANY_MOVES = 20


@transaction.atomic
def start_import(*, acting_user: Actor, upload: UploadedFile) -> RegisterImport:
    """Keep the workbook and have it checked. Raises ``Refused`` for what is no workbook, ``AccessDenied``."""
    require(acting_user, "enterprises.register")
    name = PurePath(upload.name).name
    check_file(upload, name, upload.size)
    batch = RegisterImport.objects.create(filename=name[-200:], upload=upload, created_by=acting_user)
    log("enterprises.import_uploaded", by=acting_user, on=batch, note=batch.filename)
    _enqueue(batch, CHECK, _("检查：%s") % batch.filename, {})
    return batch


def _enqueue(batch: RegisterImport, job_kind: str, title: str, more: dict[str, Any]) -> None:
    batch.job = enqueue(
        kind=job_kind,
        title=title[:200],
        parameters={"batch": batch.pk, **more},
        owner=batch.created_by,
        unique_key=f"{job_kind}:{batch.pk}",
    )
    batch.save(update_fields=["job", "state"])


@transaction.atomic
def confirm_import(*, acting_user: Actor, batch_id: int, all_or_none: bool, moves: str = "") -> RegisterImport:
    """Have the fit rows written: only them, or only if all are fit. ``moves``: the number of enterprises that move, as
    the person has read and given it. Raises ``Refused``, ``AccessDenied``."""
    batch = RegisterImport.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "enterprises.view_import", batch)
    if batch.state != ImportState.CHECKED:
        raise Refused(_("这次导入现在是“%s”，不能再确认。") % batch.get_state_display())
    if not batch.fit:
        raise Refused(_("没有可以导入的行。请改好表格后重新上传。"))
    if all_or_none and batch.unfit:
        raise Refused(
            _("还有 %d 行不能导入，按“全部正确才导入”没有写入任何内容。请改好后重新上传，或选“只导入正确的行”。")
            % batch.unfit
        )
    if batch.moves and moves.strip() != str(batch.moves):
        raise Refused(
            _("这次导入会迁移 %d 家企业，还没有确认，没有写入任何内容。请核对迁移的影响，再按页面的要求确认。")
            % batch.moves
        )
    batch.state = ImportState.WRITING
    _enqueue(batch, WRITE, _("导入：%s") % batch.filename, {"all_or_none": all_or_none})
    return batch


@transaction.atomic
def discard_import(*, acting_user: Actor, batch_id: int) -> RegisterImport:
    """Throw a workbook away before anything is written; a running check is called off."""
    batch = RegisterImport.objects.select_for_update().get(pk=batch_id)
    require(acting_user, "enterprises.view_import", batch)
    stuck = batch.state == ImportState.WRITING and not (batch.job and batch.job.is_live)
    if batch.state not in (ImportState.CHECKING, ImportState.CHECKED) and not stuck:
        raise Refused(_("这次导入现在是“%s”，不能放弃。") % batch.get_state_display())
    if batch.job is not None and batch.job.is_live:
        cancel(batch.job, acting_user=acting_user)
    log("enterprises.import_discarded", by=acting_user, on=batch, note=batch.filename)
    end(batch, ImportState.DISCARDED)
    return batch


@transaction.atomic
def keep_outcome(batch: RegisterImport, table: Table, rows: Sequence[EnterpriseRow]) -> None:
    """What the check found: counts, the rows that do not fit, and for the writing those that do."""
    batch.counts = dict(Counter(row.outcome for row in rows))
    batch.columns = [{"name": column.name, "heading": column.heading} for column in table.columns]
    batch.notes = table.notes
    batch.problems = [
        {"row": row.number, "cells": row.cells, "errors": [problem._asdict() for problem in row.problems]}
        for row in rows
        if row.problems
    ]
    changed = [row for row in rows if row.outcome == CHANGED]
    changed.sort(key=lambda row: not row.moves)
    batch.samples = [
        {"row": row.number, "title": row.existing.name, "enterprise": row.existing.pk, "changes": row.changes}
        for row in changed[:SAMPLES]
    ]
    moving = [row for row in changed if row.moves]
    batch.moves, batch.effects = len(moving), _effects(moving)
    delete_on_commit(batch.upload)
    batch.upload = ""
    fit = [_fit(row) for row in rows if row.outcome in (NEW, CHANGED)]
    if fit:
        content = json.dumps(fit, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        batch.rows.save("rows.json", ContentFile(content), save=False)
    batch.state = ImportState.CHECKED
    batch.save()


def _effects(moving: Sequence[EnterpriseRow]) -> list[dict[str, str]]:
    """What the moves will do, and where to."""
    if not moving:
        return []
    ways = Counter((row.existing.county.full_name(), row.county.full_name()) for row in moving)
    listed = [
        _("%(old)s → %(new)s %(count)d 家") % {"old": old, "new": new, "count": count}
        for (old, new), count in ways.most_common(SHOWN_WAYS)
    ]
    if rest := len(ways) - len(listed):
        listed.append(_("另有 %d 个方向") % rest)
    counties = {row.existing.pk: row.county for row in moving}
    change = PlannedChange(ChangeKind.MOVE, [row.existing for row in moving], timezone.localdate(), counties=counties)
    told = [{"about": effect.about, "text": effect.text} for effect in foresee(change).effects]
    return [*({"about": _("迁移"), "text": way} for way in listed), *told]


def _fit(row: EnterpriseRow) -> dict[str, Any]:
    """A row to be written, in JSON: what the sheet said, by field."""
    names = [name for name, value in row.read.items() if value not in ("", None) and not name.startswith("_")]
    values = {
        name: row.draft.industry_id if name == "industry" else getattr(row.draft, name)
        for name in names
        if name != "county"
    }
    return {
        "row": row.number,
        "enterprise": row.existing.pk if row.existing else None,
        "version": row.existing.version if row.existing else None,
        "county": row.county.pk if row.county else None,
        "moves": row.moves,
        "values": values,
        "cells": row.cells,
    }


def forget_unconfirmed() -> None:
    """End the imports nobody confirmed. The clock asks once a day."""
    old = RegisterImport.objects.filter(
        state__in=[ImportState.CHECKING, ImportState.CHECKED], created_at__lt=timezone.now() - KEEP
    )
    for batch in old:
        with transaction.atomic():
            end(batch, ImportState.DISCARDED)
