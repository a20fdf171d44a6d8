"""Records as the import pipeline takes them: one kind a file, checked by the page's form, written in sets, handed in when asked."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from foundation.accounts.models import Actor
from foundation.accounts.requests import PortalRequest
from foundation.audit.log import Noted, log_each, register_event
from foundation.exchange.columns import Beside
from foundation.exchange.models import Import, ImportState, Outcome, StagedRow
from foundation.exchange.resources import Checker, ImportResource, Kept, Written, register_import
from foundation.refusals import Refused, says_something
from foundation.saying import filled
from foundation.workbooks.opening import Book
from records.core.bulk import Change, Filed, file_records, move_records, update_records
from records.core.kinds import RecordKind, in_groups, kind_by_slug, kinds_to_fill
from records.core.models import Record, RecordStep, Status, read_lines
from records.core.values import stored
from records.evidence.models import Attachment
from records.exchange.checking import RecordChecker, columns_of_lines
from records.exchange.lines import LineSheet, read_sheets, sheets_back
from records.exchange.resources import KindResource
from records.exchange.templates import template_for

register_event("records.exported", gettext_lazy("导出记录"))

#: Keys in one condition, below SQLite's limit of variables.
_CHUNK = 500


@register_import
class RecordImport(KindResource, ImportResource):
    """``kind``: what is filed; ``after``: ``submit`` hands in what was written, ``draft`` leaves it; ``is_backfill``: what
    belongs to earlier quarters."""

    name, room, permission = "records.records", "records", "records.create"
    title = gettext_lazy("批量导入")
    can_undo = True
    aside_template, confirm_template = "records/_import_aside.html", "records/_import_confirm.html"
    option_fields = {
        "kind": forms.ChoiceField(
            label=gettext_lazy("记录类型"), error_messages={"required": gettext_lazy("请选择要导入哪类记录。")}
        ),
        "after": forms.ChoiceField(
            label=gettext_lazy("导入后"),
            choices=[("submit", gettext_lazy("直接提交审核")), ("draft", gettext_lazy("先存为草稿"))],
            widget=forms.RadioSelect,
            initial="submit",
        ),
        "is_backfill": forms.BooleanField(
            label=gettext_lazy("历史补录"),
            required=False,
            help_text=gettext_lazy(
                "补录以前季度的资料时勾选：计入活动当季（该季度须仍开放填报），审核单位可整批审核。"
            ),
        ),
    }
    asked_first = ("kind",)
    template_by = "kind"

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(kind_by_slug(options["kind"]))
        self.submits = options.get("after", "submit") == "submit"
        self.is_backfill = bool(options.get("is_backfill"))
        self.line_sheets: dict[str, LineSheet] = {}

    @classmethod
    def option_field(cls, name: str, field: forms.Field) -> forms.Field:
        if name == "kind" and isinstance(field, forms.ChoiceField):
            groups = [
                (heading, [(kind.slug, kind.label) for kind in kinds]) for heading, kinds in in_groups(kinds_to_fill())
            ]
            field.choices = [("", _("请选择")), *groups]
        return field

    def options_as(self, slug: str) -> dict[str, Any] | None:
        after = "submit" if self.submits else "draft"
        return {"kind": slug, "after": after, "is_backfill": self.is_backfill}

    # --- words and addresses

    @classmethod
    def list_context(cls, request: PortalRequest) -> dict[str, Any]:
        return {
            "groups": in_groups(kinds_to_fill()),
            "back_url": reverse("records:list"),
            "back_label": _("活动记录"),
        }

    def confirm_context(self, request: PortalRequest, batch: Import) -> dict[str, Any]:
        if request.method == "POST":
            return {"unusual": request.POST.get("unusual", "submit"), "reason": request.POST.get("reason", "")}
        return {"unusual": "submit", "reason": _reason_given(batch)}

    def described(self, batch: Import) -> list[str]:
        after = _("导入后直接提交审核") if self.submits else _("导入后存为草稿")
        return [self.label, after, *([_("历史补录")] if self.is_backfill else [])]

    def result_address(self, batch: Import) -> str:
        # What was only changed belongs to the import it came with.
        narrowed = f"&imported={batch.pk}" if batch.counts.get("new") else ""
        return f"{reverse('records:list')}?kind={self.slug}{narrowed}"

    def row_address(self, target: str) -> str:
        return reverse("records:detail", args=[target])

    def template(self, user: Actor) -> tuple[bytes, str]:
        if not self.kind.is_for_enterprises:
            raise LookupError(
                f"{self.kind.slug} is reported by offices alone, which fill its form: no rows of it are read"
            )
        return template_for(self.kind, user), _("%s_填报模板.xlsx") % self.label

    # --- the way of the rows

    @property
    def writes(self) -> Sequence[type[models.Model]]:
        return (self.kind.model, RecordStep)

    def read_beside(self, book: Book) -> None:
        self.line_sheets = read_sheets(book, self.kind)

    def notes_beside(self) -> Sequence[str]:
        return [note for sheet in self.line_sheets.values() for note in sheet.left_over()]

    def sheets_back(self, rows: Sequence[Mapping[str, Any]]) -> Sequence[Beside]:
        return sheets_back(self.kind, rows)

    def checker(self, batch: Import) -> Checker:
        return RecordChecker(
            self,
            batch.created_by,
            submits=self.submits,
            is_backfill=self.is_backfill,
            line_sheets=list(self.line_sheets.values()),
        )

    def confirm(self, batch: Import, answers: Mapping[str, str]) -> dict[str, Any]:
        """``unusual``: ``submit`` hands in what looks unusual with the ``reason`` given, ``draft`` leaves it a draft."""
        choice, reason = answers.get("unusual", ""), answers.get("reason", "").strip()
        if not batch.unusual or not self.submits or choice == "draft":
            return {"reason": ""}
        if choice != "submit" or not says_something(reason):
            raise Refused(
                filled(
                    _("有 %d 行看起来异常。核对无误的，请写明原因（至少两个字）；还要再核对的，请选“先存为草稿”。"),
                    batch.unusual,
                )
            )
        return {"reason": reason}

    def write(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[Written]:
        """Create and change records, and hand in what was written, if that was asked for."""
        taken = _taken(self.kind, rows, batch)
        stale = [
            row
            for row in rows
            if row.outcome == Outcome.NEW and taken.get(_key(self.kind, row), set()) - set(row.values.get("beside", ()))
        ]
        done = {row.pk: Written(refusal=_("检查之后，平台上已经有了同一条记录。")) for row in stale}
        fit = [row for row in rows if row.pk not in done]
        if not self.submits or len({row.outcome for row in fit}) < 2:
            done |= self._write(batch, fit, at, in_order=False)
        else:
            # A row was asked about those before it, whether new or changed. They are handed in in the same order, before
            # the others of the file, which stay drafts, are there to be asked about.
            reason = batch.answers.get("reason", "")
            first = [row for row in fit if reason or not _asked(row)]
            done |= self._write(batch, first, at, in_order=True)
            done |= self._write(batch, [row for row in fit if row.pk not in done], at, in_order=True)
        return [done[row.pk] for row in rows]

    def _write(
        self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime, *, in_order: bool
    ) -> dict[int, Written]:
        """Change and create, and hand in: new ones as they are created, or all ``in_order``."""
        fresh = [row for row in rows if row.outcome == Outcome.NEW]
        changes = [row for row in rows if row.outcome != Outcome.NEW]
        done: dict[int, Written] = {}
        targets: dict[int, int] = {}
        before = _before(self.kind, changes)
        for row, refusal in zip(changes, _change(batch, self, changes), strict=True):
            if refusal:
                done[row.pk] = Written(refusal=refusal)
            else:
                targets[row.pk] = int(row.target)
        for row, made in zip(fresh, self._file(batch, fresh, at, hands_in=not in_order), strict=True):
            targets[row.pk] = made.record.pk
        handed = rows if in_order else changes
        self._hand_in(batch, {targets[row.pk]: _asked(row) for row in handed if row.pk in targets}, at)
        versions = _versions(targets.values())
        for pk, target in targets.items():
            kept = before.get(target)
            done[pk] = Written(str(target), {"version": versions[target], **(kept or {"record": None})})
        return done

    def _file(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime, *, hands_in: bool) -> list[Filed]:
        """New records, with ``hands_in`` handed in at once if that was asked for; what was asked about only with a reason, and as far as
        it was shown. How many stay drafts, and why, is noted."""
        enterprises = sorted({row.values["enterprise"] for row in rows})
        found: dict[int, Enterprise] = {}
        for start in range(0, len(enterprises), _CHUNK):
            found.update(Enterprise.objects.in_bulk(enterprises[start : start + _CHUNK]))
        drafts = [
            self.kind.model(
                enterprise=found[row.values["enterprise"]],
                import_batch_id=batch.pk,
                is_backfill=self.is_backfill,
                **_values(self.kind, row.values),
            )
            for row in rows
        ]
        reason, keys = batch.answers.get("reason", ""), [_asked(row) for row in rows]
        filed = file_records(
            acting_user=batch.created_by,
            kind=self.kind,
            drafts=drafts,
            origin=_("Excel 导入"),
            hand_in=[asked if hands_in and self.submits and (reason or not asked) else None for asked in keys],
            reason=reason,
            at=at,
        )
        _note_drafts(batch, [one.refusal for one in filed if one.refusal])
        return filed

    def _hand_in(self, batch: Import, asked: Mapping[int, Sequence[str]], at: datetime.datetime) -> None:
        """The same of records that are on file by now. ``asked``: the keys of the questions, by record."""
        reason = batch.answers.get("reason", "")
        ids = [pk for pk, keys in asked.items() if reason or not keys]
        if self.submits and ids:
            outcomes = move_records(
                acting_user=batch.created_by, record_ids=ids, action="submit", reason=reason, confirmed=asked, at=at
            )
            _note_drafts(batch, [outcome.message for outcome in outcomes if not outcome.ok])

    def closing_notes(self, batch: Import) -> list[str]:
        notes = []
        if count := batch.written.get("drafts", 0):
            notes.append(
                filled(
                    _("%(count)d 条没有提交，留在草稿：%(why)s"), {"count": count, "why": batch.written.get("why", "")}
                )
            )
        if self.submits and batch.unusual and not batch.answers.get("reason"):
            notes.append(filled(_("%d 条看起来异常的没有提交，留在草稿里等您核对。"), batch.unusual))
        return notes

    def undo(self, batch: Import, rows: Sequence[StagedRow], at: datetime.datetime) -> Sequence[str | Kept]:
        """New records go, changed ones get their values back; what was handed in is withdrawn first. What somebody has
        gone on with since, or added evidence to, stays."""
        ids = [int(row.target) for row in rows]
        stays = _gone_on_with({int(row.target): row.said["before"]["version"] for row in rows})
        waiting = Record.objects.filter(pk__in=[pk for pk in ids if pk not in stays], status=Status.SUBMITTED)
        to_withdraw = list(waiting.order_by("pk").values_list("pk", flat=True))
        for moved in move_records(
            acting_user=batch.created_by, record_ids=to_withdraw, action="withdraw", reason=_("撤销导入"), at=at
        ):
            if not moved.ok:
                stays[moved.record_id] = moved.message
        back = [row for row in rows if int(row.target) not in stays]
        _discard(self.kind, [int(row.target) for row in back if row.outcome == Outcome.NEW], batch)
        changed = [row for row in back if row.outcome == Outcome.CHANGED]
        versions = _versions([int(row.target) for row in changed])
        outcomes = update_records(
            acting_user=batch.created_by,
            kind=self.kind,
            origin=_("撤销导入"),
            changes=[
                Change(int(row.target), versions[int(row.target)], _values(self.kind, row.said["before"]))
                for row in changed
            ],
        )
        stays |= {outcome.record_id: outcome.message for outcome in outcomes if not outcome.ok}
        return [stays.get(pk, "") for pk in ids]


def _values(kind: RecordKind, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a row is to write: the record's columns, and the lines that it says."""
    found = _typed(kind.model, said["record"])
    for name, rows in said.get("lines", {}).items():
        if (lines := kind.lines_named(name)) is not None:
            found[name] = [_typed(lines.model, row) for row in rows]
    return found


def _typed(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON kept them, by column, as the model has them."""
    by_column = {field.attname: field for field in model._meta.concrete_fields}
    found = {}
    for name, value in values.items():
        field = by_column[name]
        target = field.target_field if isinstance(field, models.ForeignKey) else field
        found[name] = target.to_python(value)
    return found


def _key(kind: RecordKind, row: StagedRow) -> tuple[Any, ...]:
    values = _typed(kind.model, row.values["record"])
    names = ("period",) if kind.is_return else ("happened_on", "title")
    return (row.values["enterprise"], *(values[name] for name in names))


def _reason_given(batch: Import) -> str:
    """The reason its owner typed before, when this very import was called off, or one of the same file did not go in because
    something had changed since it was checked: it is offered again, never taken by itself."""
    if not batch.unusual:
        return ""
    earlier = Import.objects.filter(
        created_by=batch.created_by_id, resource=batch.resource, filename=batch.filename, pk__lte=batch.pk
    )
    for one in earlier.filter(models.Q(pk=batch.pk) | models.Q(state=ImportState.FAILED)).order_by("-pk")[:2]:
        if one.options == batch.options and (reason := one.answers.get("reason", "")):
            return str(reason)
    return ""


def _taken(kind: RecordKind, rows: Sequence[StagedRow], batch: Import) -> dict[tuple[Any, ...], set[int]]:
    """The records that others have of the natural keys of new rows, by key."""
    enterprises = sorted({row.values["enterprise"] for row in rows if row.outcome == Outcome.NEW})
    names = ("enterprise_id", "period") if kind.is_return else ("enterprise_id", "happened_on", "title")
    days = [] if kind.is_return else [_key(kind, row)[1] for row in rows if row.outcome == Outcome.NEW]
    found: dict[tuple[Any, ...], set[int]] = defaultdict(set)
    for start in range(0, len(enterprises), _CHUNK):
        records = Record.objects.filter(kind=kind.slug, enterprise_id__in=enterprises[start : start + _CHUNK])
        if days:
            records = records.filter(happened_on__range=(min(days), max(days)))
        own = models.Q(import_batch=batch.pk) if not kind.is_return else models.Q(pk__in=[])
        for pk, *key in records.exclude(status=Status.REJECTED).exclude(own).values_list("pk", *names):
            found[tuple(key)].add(pk)
    return found


def _asked(row: StagedRow) -> list[str]:
    """The keys of the questions shown with the row."""
    return [question["key"] for question in row.said.get("questions", ())]


def _note_drafts(batch: Import, refusals: Sequence[str]) -> None:
    if refusals:
        batch.written = {
            **batch.written,
            "drafts": batch.written.get("drafts", 0) + len(refusals),
            "why": batch.written.get("why") or refusals[0],
        }


def _change(batch: Import, resource: RecordImport, rows: Sequence[StagedRow]) -> list[str]:
    """Change records on file; one answer a row: empty, or why it may not be changed."""
    outcomes = update_records(
        acting_user=batch.created_by,
        kind=resource.kind,
        origin=_("Excel 导入"),
        changes=[Change(int(row.target), row.values["version"], _values(resource.kind, row.values)) for row in rows],
    )
    done = [outcome.record_id for outcome in outcomes if outcome.ok]
    for start in range(0, len(done), _CHUNK):
        Record.objects.filter(pk__in=done[start : start + _CHUNK]).update(import_batch=batch.pk)
    return ["" if outcome.ok else outcome.message for outcome in outcomes]


def _before(kind: RecordKind, rows: Sequence[StagedRow]) -> dict[int, dict[str, Any]]:
    """The values of records on file that are about to be changed, and their lines where those change, by key."""
    found: dict[int, dict[str, Any]] = {}
    names = {field.attname: field.name for field in kind.model._meta.concrete_fields}
    columns = list(rows[0].values["record"]) if rows else []
    ids = [int(row.target) for row in rows]
    for start in range(0, len(ids), _CHUNK):
        for record in kind.model.objects.filter(pk__in=ids[start : start + _CHUNK]):
            found[record.pk] = {"record": {column: stored(record, names[column]) for column in columns}}
    for start in range(0, len(ids), _CHUNK):
        if not any(row.values.get("lines") for row in rows):
            break
        records = kind.model.objects.in_bulk(ids[start : start + _CHUNK])
        read_lines(records.values())
        for pk, record in records.items():
            found[pk]["lines"] = {lines.name: columns_of_lines(record, lines) for lines in kind.lines}
    return found


def _versions(ids: Any) -> dict[int, int]:
    keys = list(ids)
    found: dict[int, int] = {}
    for start in range(0, len(keys), _CHUNK):
        rows = Record.objects.filter(pk__in=keys[start : start + _CHUNK])
        found.update(rows.values_list("pk", "version"))
    return found


def _gone_on_with(versions: Mapping[int, int]) -> dict[int, str | Kept]:
    """The records that are not any more as the import left them, and why they stay."""
    now: dict[int, tuple[int, str]] = {}
    evidence: set[int] = set()
    keys = list(versions)
    for start in range(0, len(keys), _CHUNK):
        part = keys[start : start + _CHUNK]
        rows = Record.objects.filter(pk__in=part).values_list("pk", "version", "status")
        now.update({pk: (version, status) for pk, version, status in rows})
        evidence.update(Attachment.objects.filter(record__in=part).values_list("record_id", flat=True))
    stays: dict[int, str | Kept] = {}
    for pk, version in versions.items():
        if pk not in now:
            stays[pk] = Kept(_("这条记录已被删除。"), "")
        elif now[pk][0] != version:
            stays[pk] = _handled(Status(now[pk][1]))
        elif pk in evidence:
            stays[pk] = _("这条记录已上传佐证材料。")
    return stays


def _handled(status: Status) -> str | Kept:
    """Why a record stays that was changed or moved on since: what an office has decided leaves only the ways that the
    record's page offers then."""
    reason = _("这条记录导入之后又有人修改或办理过（现在是“%s”）。") % status.label
    if status == Status.APPROVED:
        return Kept(reason, _("内容有误的，请由企业在这条记录的页面上提出更正申请。"))
    if status == Status.REJECTED:
        return Kept(reason, _("对驳回有异议的，请由企业在这条记录的页面上申诉。"))
    return reason


def _discard(kind: RecordKind, ids: Sequence[int], batch: Import) -> None:
    """Delete records an import made; the audit log keeps how many of which enterprise."""
    for start in range(0, len(ids), _CHUNK):
        found = kind.model.objects.filter(pk__in=ids[start : start + _CHUNK]).select_related("enterprise")
        counts = Counter(record.filing_enterprise for record in found)
        note = _("撤销导入：%s") % batch.filename
        log_each(
            "records.discarded",
            [
                Noted(enterprise, filled(_("%(count)d 条。%(note)s"), {"count": count, "note": note}))
                for enterprise, count in counts.items()
            ],
            by=batch.created_by,
        )
        found.delete()
